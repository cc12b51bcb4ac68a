/** The base that a student starts from: its weights as fp32, its tokenizer, its card. */
import type { FolderReader } from '../../src/bytes/byte-source.ts';
import { memoryFolder } from '../../src/bytes/memory.ts';
import { readFile, readTextFile } from '../../src/bytes/read.ts';
import { parseRankerCard, verifyFile } from '../../src/checkpoint/card-read.ts';
import { type HfTokenizer, readConfig, readTokenizer } from '../../src/checkpoint/hf-folder.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { readSafetensors } from '../../src/t5/safetensors.ts';
import { makeT5, type T5Model } from '../../src/t5/weights.ts';

const WEIGHTS = 'model.safetensors';
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', WEIGHTS] as const;

export interface BaseModel {
  readonly card: RankerCard;
  readonly model: T5Model;
  readonly files: HfTokenizer;
}

/** @throws RankscopeError 'network', 'missing' or 'bad-checkpoint' naming the file */
export async function readBase(folder: FolderReader, signal?: AbortSignal): Promise<BaseModel> {
  const { name } = folder;
  const card = parseRankerCard(await readTextFile(folder, 'ranker.json', signal), `${name}ranker.json`);
  const files = new Map<string, Uint8Array>();
  for (const path of FILES) {
    const expected = card.files[path];
    if (!expected) {
      throw new RankscopeError(
        'missing',
        `${name} has no ${path}: nothing can be trained from it. Build the page again.`,
      );
    }
    // Each as a whole: over HTTP a file is one request.
    const bytes = await readFile(folder, path, { signal });
    await verifyFile(name + path, bytes, expected);
    files.set(path, bytes);
  }
  const held = memoryFolder(name, files);
  const model = makeT5(await readConfig(held), readSafetensors(files.get(WEIGHTS)!, name + WEIGHTS), name);
  return { card, model, files: await readTokenizer(held, model.config.vocabSize) };
}
