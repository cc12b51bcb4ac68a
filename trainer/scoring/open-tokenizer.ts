/** A checkpoint's tokenizer alone: enough to see whether prompts fit, without loading the model. */
import { RankscopeError } from '../../src/errors.ts';
import { parseShallowJson } from '../../src/json-text.ts';
import { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { folderSource } from '../node/folder-source.ts';

/** @throws RankscopeError 'missing' or 'bad-checkpoint' */
export async function openTokenizer(folder: string): Promise<T5Tokenizer> {
  const source = folderSource(folder);
  const json = async (file: string): Promise<unknown> => {
    const text = new TextDecoder().decode(await source.read(file));
    try {
      return parseShallowJson(text);
    } catch {
      throw new RankscopeError('bad-checkpoint', `${source.name}${file} is not JSON. Copy the folder again.`);
    }
  };
  return new T5Tokenizer(await json('tokenizer.json'), await json('tokenizer_config.json'), source.name);
}
