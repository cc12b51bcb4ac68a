/** Files that are either whole or not there: written beside their place, synced, then renamed. */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** @throws the system's error (disk full, no permission); the old file, if any, is then untouched. */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await replace(path, (file) => file.writeFile(data));
}

/** The same for what is made piece by piece. @returns its size and SHA-256 (hex). */
export async function writeAtomicPieces(
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await replace(path, async (file) => {
    for await (const piece of pieces) {
      await file.writeFile(piece);
      hash.update(piece);
      bytes += piece.length;
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** Names of files that a killed process had not finished. */
export const UNFINISHED = /\.\d+\.tmp$/;

async function replace(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // On a disk that has become read-only this fails too; what failed first is reported.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
