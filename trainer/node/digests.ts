/** SHA-256 of files, read in pieces: collections and weights may be larger than memory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';

/** A file that a stage wrote; the path is relative to the distillation's folder. */
export interface FileRecord {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** @throws RankscopeError 'missing' when the file cannot be read */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(bytes as Buffer);
  } catch (error) {
    const code = (error as { code?: string }).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : (code ?? String(error));
    throw new RankscopeError('missing', `${path} cannot be read: ${reason}.`, { file: path });
  }
  return hash.digest('hex');
}

export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function recordFiles(output: string, paths: readonly string[]): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for (const path of paths) {
    const whole = join(output, path);
    records.push({ path, bytes: (await stat(whole)).size, sha256: await fileDigest(whole) });
  }
  return records;
}

/** What has become of a recorded file. */
export async function checkFile(
  output: string,
  { path, bytes, sha256 }: FileRecord,
): Promise<'whole' | 'missing' | 'altered'> {
  const whole = join(output, path);
  const found = await stat(whole).catch(() => undefined);
  if (!found) return 'missing';
  if (!found.isFile() || found.size !== bytes) return 'altered';
  return (await fileDigest(whole)) === sha256 ? 'whole' : 'altered';
}
