/** tokenizer.json and tokenizer_config.json of a folder: the one place where a tokenizer is made of them. */
import type { FolderReader } from '../bytes/byte-source.ts';
import { readTextFile } from '../bytes/read.ts';
import { RankscopeError } from '../errors.ts';
import { parseShallowJson } from '../json-text.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { notJson } from './card-read.ts';

export interface TokenizerFiles {
  readonly tokenizer: T5Tokenizer;
  /** The files as they are. */
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
}

/** @throws RankscopeError 'missing', 'network' or 'bad-checkpoint' naming the file */
export async function readTokenizerFiles(folder: FolderReader): Promise<TokenizerFiles> {
  const tokenizerJson = await readTextFile(folder, 'tokenizer.json');
  const tokenizerConfigJson = await readTextFile(folder, 'tokenizer_config.json');
  const tokenizer = makeTokenizer(folder.name, tokenizerJson, tokenizerConfigJson);
  return { tokenizer, tokenizerJson, tokenizerConfigJson };
}

/**
 * @param folder names it in errors, ending in `/`
 * @throws RankscopeError 'bad-checkpoint' naming the file
 */
export function makeTokenizer(
  folder: string,
  tokenizerJson: string,
  tokenizerConfigJson: string,
): T5Tokenizer {
  return new T5Tokenizer(
    parseJson(tokenizerJson, `${folder}tokenizer.json`),
    parseJson(tokenizerConfigJson, `${folder}tokenizer_config.json`),
    folder,
  );
}

/** @throws RankscopeError 'bad-checkpoint' when `text` is not JSON. */
export function parseJson(text: string, path: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    throw new RankscopeError('bad-checkpoint', `${path} ${notJson(text, error)}`, { file: path });
  }
}
