/**
 * Where the tests of one run share the trainer's bundle (`bundle.ts`): made by the first that starts the trainer, removed
 * at the end.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    readonly trainerBundle: string;
  }
}

export default function setup({ provide }: TestProject): () => void {
  const folder = join(import.meta.dirname, '../../node_modules/.cache', `trainer-${process.pid}`);
  // A run that was killed may have had this number.
  const remove = () => {
    for (const path of [folder, `${folder}.tmp`, `${folder}.lock`])
      rmSync(path, { recursive: true, force: true });
  };
  remove();
  provide('trainerBundle', folder);
  return remove;
}
