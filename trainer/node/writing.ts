/** The system's errors while an output is written (disk full, no permission), in words for people. */
import { accessSync, constants, existsSync } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';

/** What the system's codes mean, and what to do about each. Codes that are not here say nothing about the place. */
const MEANINGS: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  ENOSPC: ['the disk is full', 'Make room and run the same command again.'],
  EDQUOT: [
    'your quota on this disk is used up',
    'Remove some of your files or have the quota raised, and run the same command again.',
  ],
  EFBIG: [
    'the file would be larger than this disk, or a limit on the size of files (ulimit -f), allows',
    'Make room and run the same command again.',
  ],
  EROFS: [
    'the disk is read-only',
    'Choose another --output, or mount the disk for writing and run the same command again.',
  ],
  EACCES: [
    'permission is denied',
    'Choose another --output, or give yourself the permission to write there.',
  ],
  EPERM: [
    'the system does not allow it',
    'Choose another --output, or give yourself the permission to write there.',
  ],
  ENOTDIR: ['a part of its path is a file, not a folder', 'Choose another --output.'],
  EISDIR: ['it is a folder', 'Choose another --output.'],
  EEXIST: ['a file is where a folder is needed', 'Choose another --output.'],
  ENAMETOOLONG: ['the name is too long', 'Choose another --output.'],
  ELOOP: ['symbolic links lead in a circle', 'Choose another --output.'],
  EBUSY: ['another program is using it', 'Choose another --output, or end that program.'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n) and run the same command again.'],
  ENFILE: ['too many files are open', 'End some programs and run the same command again.'],
  EIO: ['the disk reports an error of its own', 'Check the disk, or choose another --output.'],
};

/** Faults of the machine; the others are of the place that was chosen. */
const OF_THE_DEVICE: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE'];

/**
 * The error for people of a write that failed; the error itself when it is none of the place.
 *
 * @param what that cannot be written, e.g. a path, or `x.jsonl cannot be written further`
 * @param state what can be said of what is there, a sentence, or nothing
 * @param option that chooses the place
 */
export function writeError(what: string, state: string, error: unknown, option = '--output'): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const known = MEANINGS[code];
  if (error instanceof RankscopeError || !known) return error;
  const [meaning, advice] = known;
  const subject = what.includes(' cannot ') ? what : `${what} cannot be written`;
  return new RankscopeError(
    OF_THE_DEVICE.includes(code) ? 'device' : 'bad-input',
    [`${subject}: ${meaning} (${message}).`, state, advice.replace('--output', option)]
      .filter(Boolean)
      .join(' '),
  );
}

/**
 * @param state what can be said of what is there, a sentence, e.g. `The folder is incomplete.`
 * @throws RankscopeError 'device' for a full disk, 'bad-input' for a place that cannot be written to
 */
export async function writing<T>(output: string, state: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeError(output, state, error);
  }
}

/**
 * Whether anything can be written where a path would be; it need not exist yet.
 * @throws the system's error when not
 */
export function accessPlace(path: string): void {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  accessSync(folder, constants.W_OK);
}

/**
 * Before the work: a place for a file that is written at its end.
 * @param option named in the message, e.g. `--write-lists`
 * @throws RankscopeError 'bad-input' for a folder, or a place where no file can be made
 */
export async function refusePlace(path: string | undefined, option: string): Promise<void> {
  if (path === undefined) return;
  if ((await stat(path).catch(() => undefined))?.isDirectory()) {
    throw new RankscopeError(
      'bad-input',
      `${path} cannot be written: it is a folder. Choose another ${option}.`,
    );
  }
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw writeError(path, '', error, option);
  }
}
