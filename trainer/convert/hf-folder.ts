/** Small files of a folder from Hugging Face: config, tokenizer, licence. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { T5Tokenizer } from '../../src/inference/tokenizer.ts';
import { bad, reasonOf } from './byte-file.ts';

export interface HfTokenizer {
  readonly tokenizer: T5Tokenizer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
}

const ONLY_SPIECE =
  'It has only spiece.model, the older form of the tokenizer. Make tokenizer.json from it once, with Python: ' +
  '“AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)” (transformers), or, where the model was ' +
  'trained from a T5 or FLAN-T5 and kept its vocabulary (monoT5 did), copy tokenizer.json and ' +
  'tokenizer_config.json from that model.';

/** The name of a folder in errors. */
export const folderName = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);

/** @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do. */
export async function readTokenizer(folder: string): Promise<HfTokenizer> {
  const name = folderName(folder);
  if (!existsSync(join(folder, 'tokenizer.json')) && existsSync(join(folder, 'spiece.model'))) {
    throw new RankscopeError('missing', `${name} has no tokenizer.json. ${ONLY_SPIECE}`);
  }
  const tokenizerJson = await readText(folder, 'tokenizer.json');
  const tokenizerConfigJson = await readText(folder, 'tokenizer_config.json');
  const tokenizer = new T5Tokenizer(
    parseJson(tokenizerJson, join(folder, 'tokenizer.json')),
    parseJson(tokenizerConfigJson, join(folder, 'tokenizer_config.json')),
    name,
  );
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
      `${path} cannot be read: ${reasonOf(error)}. A conversion needs config.json, tokenizer.json, ` +
        'tokenizer_config.json and the weights, as they are downloaded from Hugging Face ' +
        '(--weights-only does without the tokenizer).',
      { file: path },
    );
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad(path, `it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** The licence in the front matter of README.md. */
export async function readLicense(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:\s*["']?([\w.+-]+)/m.exec(front)?.[1];
}
