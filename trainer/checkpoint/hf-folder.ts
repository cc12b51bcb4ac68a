/** Small files of a folder from Hugging Face: config, tokenizer, licence. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bad, reasonOf } from '../../src/bytes/byte-errors.ts';
import { checkVocabulary } from '../../src/checkpoint/vocabulary-checks.ts';
import { RankscopeError } from '../../src/errors.ts';
import { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { folderName, parseJson } from '../../src/weights/folder-names.ts';
import type { HfTokenizer } from './hf-tokenizer.ts';
import { readSpieceTokenizer } from './spiece-folder.ts';

/**
 * tokenizer.json as it is; where there is none, made from spiece.model, the older form.
 * @param vocabSize tokens that the model has; more in spiece.model means that it is another model's.
 * @throws RankscopeError 'missing', 'bad-checkpoint' or (spiece.model) 'bad-input' naming the file and what to do.
 */
export async function readTokenizer(folder: string, vocabSize: number): Promise<HfTokenizer> {
  const name = folderName(folder);
  if (!existsSync(join(folder, 'tokenizer.json')) && existsSync(join(folder, 'spiece.model'))) {
    return readSpieceTokenizer(folder, vocabSize);
  }
  const tokenizerJson = await readText(folder, 'tokenizer.json');
  const tokenizerConfigJson = await readText(folder, 'tokenizer_config.json');
  const tokenizer = new T5Tokenizer(
    parseJson(tokenizerJson, join(folder, 'tokenizer.json')),
    parseJson(tokenizerConfigJson, join(folder, 'tokenizer_config.json')),
    name,
  );
  checkVocabulary(tokenizer, vocabSize, name);
  return { tokenizer, tokenizerJson, tokenizerConfigJson };
}

/** config.json as an object. @throws RankscopeError 'missing' or 'bad-checkpoint'. */
export async function readConfig(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, 'config.json');
  const json = parseJson(await readText(folder, 'config.json'), path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw bad(path, 'it is not a JSON object');
}

async function readText(folder: string, file: string): Promise<string> {
  const path = join(folder, file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new RankscopeError(
      'missing',
      `${path} cannot be read: ${reasonOf(error)}. A conversion needs config.json, tokenizer.json ` +
        'with tokenizer_config.json (or spiece.model) and the weights, as they are downloaded from Hugging Face ' +
        '(--weights-only needs no tokenizer).',
      { file: path },
    );
  }
}

/** The licence in the front matter of README.md. */
export async function readLicense(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:\s*["']?([\w.+-]+)/m.exec(front)?.[1];
}
