/**
 * A folder of a model as commands are given it: a checkpoint with its card, or one in transformers.js' layout, whose card
 * is made of what its files say.
 */
import { join } from 'node:path';
import type { FolderReader } from '../../src/bytes/byte-source.ts';
import { readTextFile } from '../../src/bytes/read.ts';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import { deriveCard, withUsableLabels } from '../../src/checkpoint/derive-card.ts';
import { readConfig, readTokenizer } from '../../src/checkpoint/hf-folder.ts';
import { kindOf, openFolder } from '../../src/checkpoint/kinds.ts';
import { modelSize } from '../../src/checkpoint/model-size.ts';
import { chooseDtype, type OpenedCheckpoint, openCheckpoint } from '../../src/checkpoint/open-checkpoint.ts';
import { choosePair, digestOfAll } from '../../src/checkpoint/open-pair.ts';
import { filesOf, pairsIn } from '../../src/checkpoint/pair-files.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { scorerFileBytes } from '../../src/checkpoint/scorer-files.ts';
import { readTokenizerFiles } from '../../src/checkpoint/tokenizer-files.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { parseT5Config } from '../../src/t5/config.ts';
import type { T5Tokenizer } from '../../src/tokenizer/t5-tokenizer.ts';
import { fileDigest } from '../node/digests.ts';
import { nodeFolder } from '../node/folder.ts';
import { nodeRuntime } from '../node/runtime.ts';

/** What is known of a model before it is loaded. */
export interface ModelFacts {
  readonly card: RankerCard;
  readonly dtype: Dtype;
  /** As the opened scorer's info has it. */
  readonly digest: string;
  /** Of the files that hold the weights. */
  readonly bytes: number;
}

/** How a model reads texts: files whose digests name what is made with them. */
const READING = ['tokenizer.json', 'spiece.model'];

/**
 * @param dtype absent: the best for processors
 * @throws RankscopeError 'missing', 'bad-checkpoint' or 'bad-input' naming file and reason
 */
export async function readModel(path: string, dtype?: Dtype): Promise<ModelFacts> {
  const folder = nodeFolder(path);
  if (await isPair(folder)) return readPair(path, dtype);
  const card = parseRankerCard(await readTextFile(folder, 'ranker.json'), `${folder.name}ranker.json`);
  const chosen = chooseDtype(card, 'cpu', dtype);
  const digest = card.files[card.scorers[chosen]!]?.sha256 ?? '';
  return { card, dtype: chosen, digest, bytes: scorerFileBytes(card, chosen) };
}

/** @throws as `openFolder` */
export async function openModel(path: string, threads?: number, dtype?: Dtype): Promise<OpenedCheckpoint> {
  const runtime = nodeRuntime(threads);
  const folder = nodeFolder(path);
  return (await isPair(folder))
    ? openFolder(await withReading(path), runtime, { dtype })
    : openCheckpoint(folder, runtime, { dtype });
}

/** The tokenizer alone: enough to see whether prompts fit, without loading the model. @throws as `readModel` */
export async function openTokenizer(path: string): Promise<T5Tokenizer> {
  const folder = nodeFolder(path);
  if (!(await isPair(folder))) return (await readTokenizerFiles(folder)).tokenizer;
  return (await readTokenizer(folder, await vocabularyOf(folder))).tokenizer;
}

/** A folder that cannot be listed is told of where its card is read. */
const isPair = async (folder: FolderReader): Promise<boolean> =>
  kindOf(await folder.list().catch(() => []))?.id === 'encoder-decoder';

async function readPair(path: string, wanted?: Dtype): Promise<ModelFacts> {
  const folder = await withReading(path);
  const files = await folder.list();
  const config = await readConfig(folder);
  const derived = await deriveCard(folder, files, config);
  const pair = choosePair(pairsIn(files, config, folder.name), 'cpu', wanted, derived.name);
  const { tokenizer } = await readTokenizer(folder, await vocabularyOf(folder));
  const card = withUsableLabels(derived, tokenizer);
  const digests: Record<string, { readonly sha256: string }> = {};
  for (const file of filesOf(pair)) digests[file.path] = { sha256: await fileDigest(join(path, file.path)) };
  const bytes = modelSize(card, 'encoder-decoder', files).bytes[pair.dtype] ?? 0;
  return { card, dtype: pair.dtype, digest: await digestOfAll(digests), bytes };
}

/** The folder with the digests that no card names. */
async function withReading(path: string): Promise<FolderReader> {
  const folder = nodeFolder(path);
  const list = Promise.all(
    (await folder.list()).map(async (file) =>
      READING.includes(file.path) ? { ...file, sha256: await fileDigest(join(path, file.path)) } : file,
    ),
  );
  return { name: folder.name, list: () => list, open: (file, signal) => folder.open(file, signal) };
}

async function vocabularyOf(folder: FolderReader): Promise<number> {
  return parseT5Config(await readConfig(folder), `${folder.name}config.json`).vocabSize;
}
