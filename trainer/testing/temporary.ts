/** Files for one test file, removed when it ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { RankscopeError } from '../../src/errors.ts';

export function temporaryFolder(): {
  readonly path: string;
  write(name: string, data: Uint8Array | string): string;
} {
  const path = mkdtempSync(join(tmpdir(), 'rankscope-convert-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, data) {
      const file = join(path, name);
      writeFileSync(file, data);
      return file;
    },
  };
}

/** The message of the RankscopeError that `work` ends with; any other end fails the test. */
export async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RankscopeError) return error.message;
    throw error;
  }
  expect.fail('nothing was refused');
}
