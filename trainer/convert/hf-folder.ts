/** A folder as downloaded from Hugging Face: config, tokenizer, licence; the weights are opened apart. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { T5Tokenizer } from '../../src/inference/tokenizer.ts';
import { bad, reasonOf } from './byte-file.ts';

export interface HfFolder {
  /** For errors, ending in `/`. */
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer: T5Tokenizer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
  /** From the front matter of README.md. */
  readonly license: string | undefined;
}

const NO_TOKENIZER_JSON =
  'It has only spiece.model, the older form of the tokenizer. Make tokenizer.json from it once, with Python: ' +
  '“AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)” (transformers), or, where the model was ' +
  'trained from a T5 or FLAN-T5 and kept its vocabulary (monoT5 did), copy tokenizer.json and ' +
  'tokenizer_config.json from that model.';

/** @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do. */
export async function readHfFolder(folder: string): Promise<HfFolder> {
  const name = folder.endsWith('/') ? folder : `${folder}/`;
  const config = await readConfig(folder);
  if (!existsSync(join(folder, 'tokenizer.json')) && existsSync(join(folder, 'spiece.model'))) {
    throw new RankscopeError('missing', `${name} has no tokenizer.json. ${NO_TOKENIZER_JSON}`);
  }
  const tokenizerJson = await readText(folder, 'tokenizer.json');
  const tokenizerConfigJson = await readText(folder, 'tokenizer_config.json');
  const tokenizer = new T5Tokenizer(
    parseJson(tokenizerJson, join(folder, 'tokenizer.json')),
    parseJson(tokenizerConfigJson, join(folder, 'tokenizer_config.json')),
    name,
  );
  return { name, config, tokenizer, tokenizerJson, tokenizerConfigJson, license: await readLicense(folder) };
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
        'tokenizer_config.json and the weights, as they are downloaded from Hugging Face.',
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

async function readLicense(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:\s*["']?([\w.+-]+)/m.exec(front)?.[1];
}
