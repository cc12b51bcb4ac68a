/** The folder an export starts from: a checkpoint of ours, or Hugging Face's files of a T5. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkVocabulary } from '../../src/checkpoint/vocabulary-checks.ts';
import { RankscopeError } from '../../src/errors.ts';
import { parseShallowJson } from '../../src/json-text.ts';
import { readSafetensors } from '../../src/t5/safetensors.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';
import { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';

export interface SourceFolder {
  readonly model: T5Model;
  readonly tokenizer: T5Tokenizer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
}

/** Node reads files of less than 2 GiB into memory at once. */
const LARGEST_WEIGHTS = 2 ** 31 - 1;

/** @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do. */
export async function readSource(folder: string): Promise<SourceFolder> {
  const name = folder.endsWith('/') ? folder : `${folder}/`;
  const config = await readJson(folder, 'config.json');
  const tokenizer = await readTokenizerFiles(folder);
  const weights = await readWeights(folder);
  const model = makeT5(config, readSafetensors(weights, `${name}model.safetensors`), name);
  checkVocabulary(tokenizer.tokenizer, model.config.vocabSize, name);
  return { model, ...tokenizer };
}

/** @throws RankscopeError 'missing' or 'bad-checkpoint' naming the file and what to do. */
export async function readTokenizerFiles(folder: string): Promise<Omit<SourceFolder, 'model'>> {
  const name = folder.endsWith('/') ? folder : `${folder}/`;
  const tokenizerJson = await readText(folder, 'tokenizer.json');
  const tokenizerConfigJson = await readText(folder, 'tokenizer_config.json');
  const tokenizer = new T5Tokenizer(
    parse(tokenizerJson, `${name}tokenizer.json`),
    parse(tokenizerConfigJson, `${name}tokenizer_config.json`),
    name,
  );
  return { tokenizer, tokenizerJson, tokenizerConfigJson };
}

async function readWeights(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'model.safetensors');
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined) {
    const advice =
      'Give a folder with model.safetensors in one file (convert .bin or sharded weights first).';
    throw new RankscopeError('missing', `${path} cannot be read. ${advice}`, { file: path });
  }
  if (size > LARGEST_WEIGHTS) {
    throw new RankscopeError('bad-checkpoint', `${path} has ${size} bytes; at most 2 GiB can be exported.`);
  }
  return readFile(path);
}

async function readText(folder: string, file: string): Promise<string> {
  const path = join(folder, file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as { code?: string }).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : (code ?? String(error));
    throw new RankscopeError(
      'missing',
      `${path} cannot be read: ${reason}. An export needs config.json, model.safetensors, tokenizer.json and tokenizer_config.json.`,
      { file: path },
    );
  }
}

async function readJson(folder: string, file: string): Promise<unknown> {
  return parse(await readText(folder, file), join(folder, file));
}

function parse(text: string, path: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RankscopeError('bad-checkpoint', `${path} is not JSON (${reason}).`, { file: path });
  }
}
