/** The base that a student starts from: its weights as fp32, its tokenizer, its card. */
import type { FolderReader } from '../../src/bytes/byte-source.ts';
import { readFile, readTextFile } from '../../src/bytes/read.ts';
import { parseRankerCard, verifyFile } from '../../src/checkpoint/card-read.ts';
import { type HfTokenizer, readConfig, readTokenizer } from '../../src/checkpoint/hf-folder.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { readSafetensors } from '../../src/t5/safetensors.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';

const WEIGHTS = 'model.safetensors';

export interface BaseModel {
  readonly card: RankerCard;
  readonly model: T5Model;
  readonly files: HfTokenizer;
}

/** @throws RankscopeError 'network', 'missing' or 'bad-checkpoint' naming the file */
export async function readBase(folder: FolderReader, signal?: AbortSignal): Promise<BaseModel> {
  const { name } = folder;
  const card = parseRankerCard(await readTextFile(folder, 'ranker.json', signal), `${name}ranker.json`);
  const expected = card.files[WEIGHTS];
  if (!expected) {
    throw new RankscopeError(
      'missing',
      `${name} has no ${WEIGHTS}: nothing can be trained from it. Build the page again.`,
    );
  }
  const config = await readConfig(folder);
  // As a whole: over HTTP a file is one request.
  const bytes = await readFile(folder, WEIGHTS, { signal });
  await verifyFile(name + WEIGHTS, bytes, expected);
  const model = makeT5(config, readSafetensors(bytes, name + WEIGHTS), name);
  return { card, model, files: await readTokenizer(folder, model.config.vocabSize) };
}
