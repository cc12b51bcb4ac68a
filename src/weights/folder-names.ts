/** Names of files in errors, and JSON whose errors name its file. */

import { bad } from '../bytes/byte-errors.ts';
import { parseShallowJson } from '../json-text.ts';

/** The name of a folder in errors: ends in `/`. */
export const folderName = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);

/** @throws RankscopeError 'bad-checkpoint' when `text` is not JSON. */
export function parseJson(text: string, path: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    throw bad(path, `it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
