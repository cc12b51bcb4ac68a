/**
 * A file of lines that grows while work goes on, and of which any prefix is a valid place to go on
 * from: after kill -9, a full disk or a cut by hand, a half last line is cut off and made again. Lines
 * must not depend on when or in how many goes they are made; then a stopped and resumed file is, byte
 * for byte, the file of a run that was not.
 */
import { writeSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeError } from '../node/writing.ts';

/** Lines are forced to the disk at most this often, so that a power failure costs seconds, not hours. */
const SYNC_MS = 2000;
const CHUNK = 1 << 20;
const NEWLINE = 10;

export interface LineCheck {
  /** Called for every whole line, `index` from 0. Throws when it is not what this run would write. */
  whole(line: string, index: number): void | Promise<void>;
  /** Called for a last line without its end, before it is cut off. Throws when it is not ours to cut. */
  half(text: string, index: number): void;
}

export class ResumableLines {
  readonly path: string;
  private readonly file: FileHandle;
  private position: number;
  private synced = performance.now();
  /** Whole lines in the file. */
  count: number;

  private constructor(path: string, file: FileHandle, position: number, count: number) {
    this.path = path;
    this.file = file;
    this.position = position;
    this.count = count;
  }

  /**
   * Opens the file, or makes it, and reads what is there.
   * @throws RankscopeError 'bad-input' when it cannot be written to; what `check` throws, and then
   * nothing has been changed.
   */
  static async open(path: string, check: LineCheck): Promise<ResumableLines> {
    const file = await openForBoth(path);
    try {
      const { end, count, rest } = await readLines(file, check);
      if (rest.length > 0) {
        check.half(new TextDecoder().decode(rest), count);
        await file.truncate(end);
      }
      return new ResumableLines(path, file, end, count);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whole lines that are there to go on from, checked as `open` does; changes nothing. 0 where there is no file. */
  static async look(path: string, check: LineCheck): Promise<number> {
    const file = await open(path, 'r').catch((error: { code?: string }) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) return 0;
    try {
      const { count, rest } = await readLines(file, check);
      if (rest.length > 0) check.half(new TextDecoder().decode(rest), count);
      return count;
    } finally {
      await file.close();
    }
  }

  /** Hands on every whole line of a file. */
  static async each(path: string, visit: LineCheck['whole']): Promise<void> {
    await ResumableLines.look(path, { whole: visit, half: () => {} });
  }

  /** Bytes in whole lines. */
  get bytes(): number {
    return this.position;
  }

  /**
   * Gives the event loop no turn: a caller that writes line after line must do so, or Ctrl-C is never seen.
   * @throws RankscopeError 'device' when the disk is full; the file then ends with its last whole line.
   */
  async append(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`);
    try {
      // At once: a small line goes to the system's cache, sooner than another thread could be asked; the model waits.
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.file.fd, bytes, done, bytes.length - done, this.position + done);
      }
    } catch (error) {
      await this.file.truncate(this.position).catch(() => {});
      throw this.failed(error);
    }
    this.position += bytes.length;
    this.count++;
    if (performance.now() - this.synced >= SYNC_MS) await this.sync();
  }

  /** Forces all lines to the disk. */
  async sync(): Promise<void> {
    try {
      await this.file.datasync();
    } catch (error) {
      throw this.failed(error);
    }
    this.synced = performance.now();
  }

  async close(): Promise<void> {
    try {
      await this.file.sync();
    } catch (error) {
      throw this.failed(error);
    } finally {
      await this.file.close();
    }
  }

  private failed(error: unknown): unknown {
    return writeError(`${this.path} cannot be continued`, `Its ${this.count} lines are complete.`, error);
  }
}

async function openForBoth(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'r+').catch((error: { code?: string }) => {
      if (error.code === 'ENOENT') return open(path, 'w+');
      throw error;
    });
  } catch (error) {
    throw writeError(path, '', error);
  }
}

/** Hands on every whole line; gives the end of the last one and the bytes after it. */
async function readLines(
  file: FileHandle,
  check: LineCheck,
): Promise<{ end: number; count: number; rest: Buffer }> {
  const chunk = Buffer.alloc(CHUNK);
  let parts: Buffer[] = [];
  let end = 0;
  let count = 0;
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) return { end, count, rest: Buffer.concat(parts) };
    let start = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, start);
      if (newline < 0 || newline >= bytesRead) break;
      const line = Buffer.concat([...parts, chunk.subarray(start, newline)]);
      parts = [];
      await check.whole(line.toString('utf8'), count);
      count++;
      start = newline + 1;
      end = at + start;
    }
    if (start < bytesRead) parts.push(Buffer.from(chunk.subarray(start, bytesRead)));
    at += bytesRead;
  }
}
