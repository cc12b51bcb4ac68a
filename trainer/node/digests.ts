/** SHA-256 of files, read in pieces: collections and weights may be larger than memory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';

/** A file that a stage wrote; the path is relative to the distillation's folder. */
export interface FileRecord {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What changes when a file's content does: size, times of writing and of any change, and which file it is. */
type Stamp = readonly [bytes: bigint, written: bigint, changed: bigint, file: bigint];

/**
 * Digests by path, each with the stamp that the file had before it was read: a corpus or weights that a command asks for
 * again and again are read once, and again only when their stamp has moved.
 */
const known = new Map<string, { readonly stamp: Stamp; readonly sha256: string }>();

/**
 * The coarsest clock of a file system (FAT's) in nanoseconds: a file written so shortly before may be written once more
 * without a sign of it.
 */
const CLOCK = 2_000_000_000n;

/** @throws RankscopeError 'missing' when the file cannot be read */
export async function fileDigest(path: string): Promise<string> {
  const place = resolve(path);
  const stamp = await stampOf(place);
  const found = known.get(place);
  if (found && stamp?.every((part, i) => part === found.stamp[i])) return found.sha256;
  const asked = BigInt(Date.now()) * 1_000_000n;
  const sha256 = await readDigest(path);
  const [, written, changed] = stamp ?? [];
  const isSettled = [written, changed].every((time) => time !== undefined && asked - time > CLOCK);
  if (stamp && isSettled) known.set(place, { stamp, sha256 });
  return sha256;
}

async function stampOf(path: string): Promise<Stamp | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && [found.size, found.mtimeNs, found.ctimeNs, found.ino];
}

async function readDigest(path: string): Promise<string> {
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
