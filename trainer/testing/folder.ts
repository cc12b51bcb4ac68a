/** A folder that lives as long as a test file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export function testFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `rankscope-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeLines(path: string, items: readonly unknown[]): string {
  writeFileSync(path, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  return path;
}
