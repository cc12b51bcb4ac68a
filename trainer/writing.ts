/** The system's errors while an output is written (disk full, no permission), in words for people. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RankscopeError } from '../src/errors.ts';

/** Codes of a disk that has no room left, or none for this user or this file. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];
/** Of a place that cannot be written to. A file that is missing is another matter, and passes. */
const CLOSED: readonly string[] = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'EIO',
  'ENAMETOOLONG',
];

/**
 * @param state what can be said of what is there, a sentence, e.g. `The folder is not finished.`
 * @throws RankscopeError 'device' for a full disk, 'bad-input' for a place that cannot be written to
 */
export async function writing<T>(output: string, state: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as { code?: string }).code;
    const isFull = FULL.includes(code ?? '');
    if (error instanceof RankscopeError || !(isFull || CLOSED.includes(code ?? ''))) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RankscopeError(
      isFull ? 'device' : 'bad-input',
      `${output} cannot be written: ${reason}. ${state} ${isFull ? 'Make room and run the same command again.' : 'Choose another --output.'}`,
    );
  }
}

/**
 * Before the work: a place for a file that is written at its end.
 * @param option named in the message, e.g. `--write-lists`
 * @throws RankscopeError 'bad-input' for a folder, or a place where no file can be made
 */
export async function refusePlace(path: string | undefined, option: string): Promise<void> {
  if (path === undefined) return;
  const refuse = (reason: string) =>
    new RankscopeError('bad-input', `${path} cannot be written: ${reason}. Choose another ${option}.`);
  if ((await stat(path).catch(() => undefined))?.isDirectory()) throw refuse('it is a folder');
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}
