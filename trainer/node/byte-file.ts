/**
 * A file read by position: weights of many gigabytes go through in pieces, and Node's readFile stops
 * at 2 GiB.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { bad, reasonOf } from '../../src/bytes/byte-errors.ts';
import { RankscopeError } from '../../src/errors.ts';

/** Bytes of one piece; a multiple of every element size, so that no number is split between two. */
const PIECE = 8 * 2 ** 20;

/** Bytes that can be read in pieces: a file, a part of one, or an entry of an archive. */
export interface ByteSource {
  readonly size: number;
  /** The bytes [start, end) in pieces, each valid until the next is asked for. */
  pieces(start: number, end: number): AsyncGenerator<Uint8Array>;
}

export class ByteFile implements ByteSource {
  readonly path: string;
  readonly size: number;
  private readonly handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.handle = handle;
  }

  /** @throws RankscopeError 'missing' when it cannot be opened, 'bad-checkpoint' for a Git LFS pointer. */
  static async open(path: string): Promise<ByteFile> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      throw new RankscopeError('missing', `${path} cannot be read: ${reasonOf(error)}.`, { file: path });
    }
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw bad(path, 'it is not a file');
      const file = new ByteFile(path, stat.size, handle);
      await refusePointer(file);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Exactly the bytes asked for. @throws RankscopeError 'bad-checkpoint' when the file ends before. */
  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (start < 0 || start + length > this.size) {
      throw bad(this.path, `it ends before byte ${start + length}: the file is truncated or damaged`);
    }
    const bytes = new Uint8Array(length);
    await this.fill(bytes, start);
    return bytes;
  }

  async *pieces(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start < 0 || end > this.size) {
      throw bad(this.path, `it ends before byte ${end}: the file is truncated or damaged`);
    }
    const buffer = new Uint8Array(Math.max(0, Math.min(PIECE, end - start)));
    for (let at = start; at < end; at += PIECE) {
      const piece = buffer.subarray(0, Math.min(PIECE, end - at));
      await this.fill(piece, at);
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async fill(bytes: Uint8Array, start: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      let read: number;
      try {
        ({ bytesRead: read } = await this.handle.read(bytes, done, bytes.length - done, start + done));
      } catch (error) {
        throw bad(this.path, `byte ${start + done} cannot be read: ${reasonOf(error)}`);
      }
      if (read === 0) throw bad(this.path, 'it became shorter while it was read');
      done += read;
    }
  }
}

/** What `git clone` leaves where Git LFS is not installed: three lines of text in place of the weights. */
async function refusePointer(file: ByteFile): Promise<void> {
  const mark = 'version https://git-lfs';
  if (file.size < mark.length || file.size > 1024) return;
  if (new TextDecoder().decode(await file.read(0, mark.length)) !== mark) return;
  throw bad(
    file.path,
    'it is a Git LFS pointer, not the weights. Run “git lfs pull” in its folder, or download the file itself',
  );
}
