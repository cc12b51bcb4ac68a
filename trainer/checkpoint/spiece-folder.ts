/** The tokenizer of a folder that has spiece.model and no tokenizer.json: monoT5's and other older ones. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CompanionFiles,
  checkNamedTokens,
  readCompanions,
} from '../../src/tokenizer/sentencepiece/companions.ts';
import { LARGEST_FILE, readSentencePiece } from '../../src/tokenizer/sentencepiece/model.ts';
import { unusable } from '../../src/tokenizer/sentencepiece/proto-reader.ts';
import { t5TokenizerFiles } from '../../src/tokenizer/sentencepiece/t5-tokenizer.ts';
import { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { folderName, parseJson } from '../../src/weights/folder-names.ts';
import { ByteFile } from '../node/byte-file.ts';
import type { HfTokenizer } from './hf-tokenizer.ts';

const COMPANIONS = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'] as const;

/**
 * Makes tokenizer.json and tokenizer_config.json.
 * @param vocabSize tokens that the model has (config.json); it may have more than the tokenizer.
 * @throws RankscopeError 'bad-input' naming the file, what is wrong and, where it is damaged, the byte.
 */
export async function readSpieceTokenizer(folder: string, vocabSize: number): Promise<HfTokenizer> {
  const name = folderName(folder);
  const path = join(folder, 'spiece.model');
  const model = readSentencePiece(await readSmall(path), path);
  const beside: CompanionFiles = Object.fromEntries(
    await Promise.all(
      COMPANIONS.map(async (file) => [file, await readOptional(join(folder, file))] as const),
    ),
  );
  const { tokenizer, config } = t5TokenizerFiles(model, readCompanions(name, beside));
  const { vocab } = tokenizer.model;
  checkNamedTokens(name, beside, vocab);
  if (vocab.length > vocabSize) {
    const extra = vocab.length - model.pieces.length;
    throw unusable(
      path,
      `it makes ${vocab.length} tokens (${model.pieces.length} pieces and ${extra} <extra_id_…>), and config.json has ` +
        `vocab_size ${vocabSize}. Either they are not of the same model, or the model has no <extra_id_…>: then ` +
        'write {"extra_ids": 0} into tokenizer_config.json beside it',
    );
  }
  return {
    tokenizer: new T5Tokenizer(tokenizer, config, name),
    tokenizerJson: `${JSON.stringify(tokenizer, null, 1)}\n`,
    tokenizerConfigJson: `${JSON.stringify(config, null, 2)}\n`,
  };
}

async function readSmall(path: string): Promise<Uint8Array> {
  const file = await ByteFile.open(path);
  try {
    if (file.size <= LARGEST_FILE) return await file.read(0, file.size);
    throw unusable(path, `it has ${file.size} bytes; no such file has more than ${LARGEST_FILE}`);
  } finally {
    await file.close();
  }
}

/** Parsed JSON; undefined where there is no such file. */
async function readOptional(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(path, `it cannot be read (${error.code})`);
  });
  return text === undefined ? undefined : parseJson(text, path);
}
