/** What an evaluation wrote, read again: results.json. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultRow } from './evaluate-request.ts';

export interface Results {
  readonly measures: readonly string[];
  readonly rows: readonly ResultRow[];
}

export async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Results;
}
