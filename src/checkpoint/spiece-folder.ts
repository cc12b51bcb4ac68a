/** The tokenizer of a folder that has spiece.model and no tokenizer.json: monoT5's and other older ones. */
import type { FolderReader } from '../bytes/byte-source.ts';
import { refusePointer } from '../bytes/lfs-pointer.ts';
import { readAll, readTextFile } from '../bytes/read.ts';
import {
  type CompanionFiles,
  checkNamedTokens,
  readCompanions,
} from '../tokenizer/sentencepiece/companions.ts';
import { LARGEST_FILE, readSentencePiece } from '../tokenizer/sentencepiece/model.ts';
import { unusable } from '../tokenizer/sentencepiece/proto-reader.ts';
import { t5TokenizerFiles } from '../tokenizer/sentencepiece/t5-tokenizer.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { parseJson, type TokenizerFiles } from './tokenizer-files.ts';

const COMPANIONS = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'] as const;

/**
 * Makes tokenizer.json and tokenizer_config.json.
 * @param vocabSize tokens that the model has (config.json); it may have more than the tokenizer.
 * @throws RankscopeError 'bad-input' naming the file, what is wrong and, where it is damaged, the byte.
 */
export async function readSpieceTokenizer(folder: FolderReader, vocabSize: number): Promise<TokenizerFiles> {
  const { name } = folder;
  const names = (await folder.list()).map(({ path }) => path);
  const path = `${name}spiece.model`;
  const model = readSentencePiece(await readModel(folder), path);
  const beside: CompanionFiles = Object.fromEntries(
    await Promise.all(
      COMPANIONS.filter((file) => names.includes(file)).map(
        async (file) => [file, parseJson(await readTextFile(folder, file), name + file)] as const,
      ),
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

async function readModel(folder: FolderReader): Promise<Uint8Array> {
  const file = await folder.open('spiece.model');
  try {
    await refusePointer(file);
    if (file.size <= LARGEST_FILE) return await readAll(file);
    throw unusable(file.name, `it has ${file.size} bytes; no such file has more than ${LARGEST_FILE}`);
  } finally {
    await file.close();
  }
}
