/** Blobs (Files and OPFS files are Blobs) as byte sources: nothing of them is in memory until it is read. */
import { bad } from './byte-errors.ts';
import type { BlobLike, ByteSource } from './byte-source.ts';
import { PIECE } from './piece-size.ts';
import { checkRange } from './range.ts';

/** @param name for messages */
export function blobSource(name: string, blob: BlobLike): ByteSource {
  const part = async (start: number, end: number) => {
    try {
      const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
      if (bytes.length === end - start) return bytes;
    } catch {
      // A File is refused once it has changed on disk.
      throw bad(name, 'it was changed, moved or deleted since it was opened. Open it again');
    }
    throw bad(name, 'it became shorter while it was read');
  };
  const source = { name, size: blob.size, place: blob };
  return {
    ...source,
    async read(start, length) {
      checkRange(source, start, start + length);
      return part(start, start + length);
    },
    async *pieces(start, end) {
      checkRange(source, start, end);
      for (let at = start; at < end; at += PIECE) yield await part(at, Math.min(end, at + PIECE));
    },
    async close() {},
  };
}
