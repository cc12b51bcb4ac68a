/** A file that a source lists: where its bytes come from, and by which digest they are known. */
import type { FolderFile } from '../bytes/byte-source.ts';
import { RankscopeError } from '../errors.ts';
import { shown } from '../json-text.ts';

export interface SourceFile extends FolderFile {
  /** Absent where the bytes are at hand (dropped, in a zip). */
  readonly url?: string;
  /** Git's SHA-1 of the file, hex: what the hub knows of small files instead of a SHA-256. */
  readonly gitSha1?: string;
}

/** More than any model has; a list that goes on is not one of a model. */
export const MOST_FILES = 10_000;
const LONGEST_PATH = 400;

/** Whether a relative path stays inside its folder, and can be a file's name on every system. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return (
    path.length <= LONGEST_PATH &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !/[\\:*?"<>|\u0000-\u001f\u007f]/.test(path)
  );
}

/** The path again. @throws RankscopeError 'bad-input' naming where it stands, unless it is safe. */
export function safePath(path: string, where: string): string {
  if (isSafePath(path)) return path;
  throw new RankscopeError(
    'bad-input',
    `${where} names the file ${shown(path)}, which no model has: it is not read.`,
    { path },
  );
}

/** Files that systems leave in folders, and nobody means. */
export function isLitter(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');
}

/** Takes a folder that contains everything off the front of all paths. */
export function withoutCommonFolder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  const first = files[0]?.path.split('/')[0];
  const all = files.length > 0 && files.every(({ path }) => path.startsWith(`${first}/`));
  return all ? files.map((file) => ({ ...file, path: file.path.slice(first!.length + 1) })) : files;
}
