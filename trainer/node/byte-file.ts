/**
 * A file read by position: weights of many gigabytes go through in pieces, and Node's readFile stops
 * at 2 GiB.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { bad, reasonOf } from '../../src/bytes/byte-errors.ts';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { PIECE } from '../../src/bytes/piece-size.ts';
import { checkRange } from '../../src/bytes/range.ts';
import { RankscopeError } from '../../src/errors.ts';
import { fileDigest } from './digests.ts';

export class ByteFile implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.name = path;
    this.size = size;
    this.handle = handle;
  }

  /** The runtime maps the file itself. */
  get place(): string {
    return this.name;
  }

  /**
   * @param advice a sentence for a file that is not there
   * @throws RankscopeError 'missing' when it cannot be opened, 'bad-checkpoint' when it is not a file
   */
  static async open(path: string, advice = ''): Promise<ByteFile> {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      const what = `${path} cannot be read: ${reasonOf(error)}.`;
      throw new RankscopeError('missing', advice ? `${what} ${advice}` : what, { file: path });
    }
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw bad(path, 'it is not a file');
      return new ByteFile(path, stat.size, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    checkRange(this, start, start + length);
    const bytes = new Uint8Array(length);
    await this.fill(bytes, start);
    return bytes;
  }

  async *pieces(start: number, end: number): AsyncGenerator<Uint8Array> {
    checkRange(this, start, end);
    const buffer = new Uint8Array(Math.min(PIECE, end - start));
    for (let at = start; at < end; at += PIECE) {
      const piece = buffer.subarray(0, Math.min(PIECE, end - at));
      await this.fill(piece, at);
      yield piece;
    }
  }

  sha256(): Promise<string> {
    return fileDigest(this.name);
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
        throw bad(this.name, `byte ${start + done} cannot be read: ${reasonOf(error)}`);
      }
      if (read === 0) throw bad(this.name, 'it became shorter while it was read');
      done += read;
    }
  }
}
