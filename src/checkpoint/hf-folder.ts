/** Small files of a folder from Hugging Face: config, tokenizer, licence. */
import { bad } from '../bytes/byte-errors.ts';
import type { FolderReader } from '../bytes/byte-source.ts';
import { refusePointer } from '../bytes/lfs-pointer.ts';
import { readAll } from '../bytes/read.ts';
import { RankscopeError } from '../errors.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { readSpieceTokenizer } from './spiece-folder.ts';
import { makeTokenizer, parseJson } from './tokenizer-files.ts';
import { checkVocabulary } from './vocabulary-checks.ts';

/** A folder's tokenizer, read and as the files that a checkpoint keeps. */
export interface HfTokenizer {
  readonly tokenizer: T5Tokenizer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
}

/**
 * tokenizer.json as it is; where there is none, made from spiece.model, the older form.
 * @param vocabSize tokens that the model has; more in spiece.model means that it is another model's.
 * @throws RankscopeError 'missing', 'bad-checkpoint' or (spiece.model) 'bad-input' naming the file and what to do.
 */
export async function readTokenizer(folder: FolderReader, vocabSize: number): Promise<HfTokenizer> {
  const names = (await folder.list()).map(({ path }) => path);
  if (!names.includes('tokenizer.json') && names.includes('spiece.model')) {
    return readSpieceTokenizer(folder, vocabSize);
  }
  const tokenizerJson = await readText(folder, 'tokenizer.json');
  const tokenizerConfigJson = await readText(folder, 'tokenizer_config.json');
  const tokenizer = makeTokenizer(folder.name, tokenizerJson, tokenizerConfigJson);
  checkVocabulary(tokenizer, vocabSize, folder.name);
  return { tokenizer, tokenizerJson, tokenizerConfigJson };
}

/** config.json as an object. @throws RankscopeError 'missing' or 'bad-checkpoint'. */
export async function readConfig(folder: FolderReader): Promise<Record<string, unknown>> {
  const path = `${folder.name}config.json`;
  const json = parseJson(await readText(folder, 'config.json'), path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw bad(path, 'it is not a JSON object');
}

async function readText(folder: FolderReader, file: string): Promise<string> {
  let source: Awaited<ReturnType<FolderReader['open']>>;
  try {
    source = await folder.open(file);
  } catch (error) {
    if (!(error instanceof RankscopeError) || error.code !== 'missing') throw error;
    throw new RankscopeError(
      'missing',
      `${error.message} A conversion needs config.json, tokenizer.json ` +
        'with tokenizer_config.json (or spiece.model) and the weights, as they are downloaded from Hugging Face ' +
        '(--weights-only needs no tokenizer).',
      error.details,
    );
  }
  try {
    await refusePointer(source);
    return new TextDecoder().decode(await readAll(source));
  } finally {
    await source.close();
  }
}

/** The licence in the front matter of README.md. */
export async function readLicense(folder: FolderReader): Promise<string | undefined> {
  const names = (await folder.list()).map(({ path }) => path);
  const text = names.includes('README.md') ? await readText(folder, 'README.md') : '';
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  return /^license:\s*["']?([\w.+-]+)/m.exec(front)?.[1];
}
