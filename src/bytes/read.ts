/** Whole files from sources and folders. */
import type { ByteSource, FolderReader } from './byte-source.ts';

export interface ReadFileOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** All bytes of a source, in memory. */
export async function readAll(
  source: ByteSource,
  onProgress?: ReadFileOptions['onProgress'],
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(source.size);
  let done = 0;
  for await (const piece of source.pieces(0, source.size)) {
    bytes.set(piece, done);
    done += piece.length;
    onProgress?.(done, source.size);
  }
  return bytes;
}

/** @throws RankscopeError 'missing', 'network' or 'bad-checkpoint' naming the file */
export async function readFile(
  folder: FolderReader,
  path: string,
  { signal, onProgress }: ReadFileOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const source = await folder.open(path, signal);
  try {
    return await readAll(source, onProgress);
  } finally {
    await source.close();
  }
}

/** A file of UTF-8. @throws as `readFile` */
export async function readTextFile(
  folder: FolderReader,
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  return new TextDecoder().decode(await readFile(folder, path, { signal }));
}

/** Pieces one after the other. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
