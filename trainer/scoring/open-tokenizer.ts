/** A checkpoint's tokenizer alone: enough to see whether prompts fit, without loading the model. */
import { readTokenizerFiles } from '../../src/checkpoint/tokenizer-files.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { nodeFolder } from '../node/folder.ts';

/** @throws RankscopeError 'missing' or 'bad-checkpoint' */
export async function openTokenizer(folder: string): Promise<T5Tokenizer> {
  return (await readTokenizerFiles(nodeFolder(folder))).tokenizer;
}
