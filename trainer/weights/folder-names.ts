/** Names of files in errors, and JSON whose errors name its file. */
import { parseShallowJson } from '../../src/json-text.ts';
import { bad } from '../node/byte-file.ts';

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
