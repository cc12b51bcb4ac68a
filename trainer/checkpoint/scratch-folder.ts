/** Weights of scorers that are made to be compared only: in a hidden folder on the disk of the output, which has room. */
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderWriter } from '../../src/bytes/byte-source.ts';
import { sourceDigest } from '../../src/bytes/sha256.ts';
import { ByteFile } from '../node/byte-file.ts';

const PREFIX = '.rankscope-scratch-';

/** Nothing is made until a file is. `discard` removes it, and the output where it was made for this alone. */
export function scratchFolder(output: string): FolderWriter {
  let folder: string | undefined;
  const opened = new Set<FileHandle>();
  const place = (path: string) => join(folder!, path);
  return {
    name: `${output}/`,
    async create(path) {
      await mkdir(output, { recursive: true });
      folder ??= await mkdtemp(join(output, PREFIX));
      const file = await open(place(path), 'w');
      opened.add(file);
      return {
        write: async (bytes) => file.writeFile(bytes),
        async close() {
          opened.delete(file);
          await file.close();
          const source = await ByteFile.open(place(path));
          try {
            return { bytes: source.size, sha256: await sourceDigest(source) };
          } finally {
            await source.close();
          }
        },
      };
    },
    open: (path) => ByteFile.open(place(path)),
    async commit() {},
    async discard() {
      for (const file of opened) await file.close().catch(() => {});
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a killed process has left. */
export async function removeScratch(output: string): Promise<void> {
  if (!existsSync(output)) return;
  for (const name of await readdir(output)) {
    if (name.startsWith(PREFIX)) await rm(join(output, name), { recursive: true, force: true });
  }
}
