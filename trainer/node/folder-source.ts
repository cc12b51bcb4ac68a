/** A checkpoint folder on disk. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointSource } from '../../src/checkpoint/open-checkpoint.ts';
import { RankscopeError } from '../../src/errors.ts';

export function folderSource(folder: string): CheckpointSource {
  const name = folder.endsWith('/') ? folder : `${folder}/`;
  return {
    name,
    async read(path, onProgress) {
      try {
        const bytes = new Uint8Array(await readFile(join(folder, path)));
        onProgress?.(bytes.length, bytes.length);
        return bytes;
      } catch (error) {
        const code = (error as { code?: string }).code;
        const reason = code === 'ENOENT' ? 'there is no such file' : (code ?? String(error));
        throw new RankscopeError(
          'missing',
          `${name}${path} cannot be read: ${reason}. Is this a checkpoint folder (with ranker.json)?`,
          { file: `${name}${path}` },
        );
      }
    },
  };
}
