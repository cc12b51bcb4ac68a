/** Errors of files that are read as bytes: every one names the file and says what is wrong. */
import { RankscopeError } from '../errors.ts';

/** The error of a file of weights or of a tokenizer; `what` is a sentence without its full stop. */
export function bad(path: string, what: string): RankscopeError {
  return new RankscopeError('bad-checkpoint', `${path}: ${what}.`, { file: path });
}

/** Why a file could not be opened or read, in words where the system's code has some. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission is denied';
  return code ?? message ?? String(error);
}
