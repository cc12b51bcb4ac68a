/**
 * An output file that grows while work goes on and appears under its name only when it is whole:
 * rankings of many queries do not fit in one string.
 */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { writeError } from '../node/writing.ts';

export class OutputFile {
  readonly path: string;
  private readonly temporary: string;
  private readonly file: FileHandle;

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.path = path;
    this.temporary = temporary;
    this.file = file;
  }

  /** @throws RankscopeError 'bad-input' when the place cannot be written to */
  static async open(path: string): Promise<OutputFile> {
    // One name for all runs: what a killed one left is written over.
    const temporary = `${path}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true });
      return new OutputFile(path, temporary, await open(temporary, 'w'));
    } catch (error) {
      throw writeError(path, '', error);
    }
  }

  /** Before the work. @throws RankscopeError 'bad-input' when the path is a folder's */
  static async refuseFolder(path: string): Promise<void> {
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) return;
    throw new RankscopeError(
      'bad-input',
      `${path} cannot be written: it is a folder. Choose another --output.`,
    );
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
