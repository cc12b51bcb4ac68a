/**
 * An output file that grows while work goes on and appears under its name only when it is whole:
 * rankings of many queries do not fit in one string.
 */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';

export class OutputFile {
  readonly path: string;
  private readonly temporary: string;
  private readonly file: FileHandle;

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.path = path;
    this.temporary = temporary;
    this.file = file;
  }

  /** @throws RankscopeError 'bad-input' when the place cannot be written to: before any work is done. */
  static async open(path: string): Promise<OutputFile> {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      if ((await stat(path).catch(() => undefined))?.isDirectory()) throw new Error('it is a folder');
      await mkdir(dirname(path), { recursive: true });
      return new OutputFile(path, temporary, await open(temporary, 'w'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RankscopeError('bad-input', `${path} cannot be written: ${reason}. Choose another --output.`);
    }
  }

  async append(text: string): Promise<void> {
    if (text !== '') await this.file.appendFile(text);
  }

  /** Makes the file appear, whole; an older one is replaced. */
  async commit(): Promise<void> {
    await this.file.sync();
    await this.file.close();
    await rename(this.temporary, this.path);
  }

  /** Forgets what was written; an older file stays as it was. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => {});
    await rm(this.temporary, { force: true });
  }
}
