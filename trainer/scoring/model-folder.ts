/**
 * A folder of a model as commands are given it: a checkpoint with its card, or a T5 or a cross-encoder in transformers.js'
 * layout, whose card is made of what its files say.
 */
import { join } from 'node:path';
import type { FolderFile, FolderReader } from '../../src/bytes/byte-source.ts';
import { readTextFile } from '../../src/bytes/read.ts';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import { classifierFiles } from '../../src/checkpoint/classifier-files.ts';
import { deriveCard, withUsableLabels } from '../../src/checkpoint/derive-card.ts';
import { chooseForm, digestOfAll } from '../../src/checkpoint/graph-loader.ts';
import { readConfig, readTokenizer } from '../../src/checkpoint/hf-folder.ts';
import { type CheckpointKindId, KIND_GIVES } from '../../src/checkpoint/kind-gives.ts';
import { kindOf, openFolder } from '../../src/checkpoint/kinds.ts';
import { modelSize } from '../../src/checkpoint/model-size.ts';
import { chooseDtype, type OpenedCheckpoint, openCheckpoint } from '../../src/checkpoint/open-checkpoint.ts';
import { readClassifier } from '../../src/checkpoint/open-classifier.ts';
import { filesOf, pairsIn } from '../../src/checkpoint/pair-files.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { scorerFileBytes } from '../../src/checkpoint/scorer-files.ts';
import { readTokenizerFiles } from '../../src/checkpoint/tokenizer-files.ts';
import type { Capability } from '../../src/inference/ranker-model.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { parseT5Config } from '../../src/t5/config.ts';
import type { TextTokenizer } from '../../src/tokenizer/text-tokenizer.ts';
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
  /** What models of its kind can do. */
  readonly gives: readonly Capability[];
}

/** How a model reads texts: files whose digests name what is made with them. */
const READING = ['tokenizer.json', 'spiece.model'];

/**
 * @param dtype absent: the best for processors
 * @throws RankscopeError 'missing', 'bad-checkpoint' or 'bad-input' naming file and reason
 */
export async function readModel(path: string, dtype?: Dtype): Promise<ModelFacts> {
  const folder = nodeFolder(path);
  const id = await kindIn(folder);
  const gives = KIND_GIVES[id];
  if (id === 'encoder-decoder') return { ...(await readPair(path, dtype)), gives };
  if (id === 'text-classification') return { ...(await readCrossEncoder(path, dtype)), gives };
  const card = parseRankerCard(await readTextFile(folder, 'ranker.json'), `${folder.name}ranker.json`);
  const chosen = chooseDtype(card, 'cpu', dtype);
  const digest = card.files[card.scorers[chosen]!]?.sha256 ?? '';
  return { card, dtype: chosen, digest, bytes: scorerFileBytes(card, chosen), gives };
}

/**
 * @param onSlowTexts as OpenOptions says
 * @throws as `openFolder`
 */
export async function openModel(
  path: string,
  threads?: number,
  dtype?: Dtype,
  onSlowTexts?: (notice: string) => void,
): Promise<OpenedCheckpoint> {
  const runtime = nodeRuntime(threads);
  const folder = nodeFolder(path);
  switch (await kindIn(folder)) {
    case 'encoder-decoder':
      return openFolder(await withReading(path), runtime, { dtype });
    case 'text-classification':
      return openFolder(folder, runtime, { dtype });
    default:
      return openCheckpoint(folder, runtime, { dtype, onSlowTexts });
  }
}

/** The tokenizer alone: enough to see whether prompts fit, without loading the model. @throws as `readModel` */
export async function openTokenizer(path: string): Promise<TextTokenizer> {
  const folder = nodeFolder(path);
  switch (await kindIn(folder)) {
    case 'encoder-decoder':
      return (await readTokenizer(folder, await vocabularyOf(folder))).tokenizer;
    case 'text-classification':
      return (await readClassifier(folder, await folder.list())).tokenizer;
    default:
      return (await readTokenizerFiles(folder)).tokenizer;
  }
}

/** A folder that cannot be listed is told of where its card is read. */
const kindIn = async (folder: FolderReader): Promise<CheckpointKindId> =>
  kindOf(await folder.list().catch(() => []))?.id ?? 'fused-t5';

type FolderFacts = Omit<ModelFacts, 'gives'>;

async function readPair(path: string, wanted?: Dtype): Promise<FolderFacts> {
  const folder = await withReading(path);
  const files = await folder.list();
  const config = await readConfig(folder);
  const derived = await deriveCard(folder, files, config);
  const pair = chooseForm(pairsIn(files, config, folder.name), 'cpu', wanted, derived.name);
  const { tokenizer } = await readTokenizer(folder, await vocabularyOf(folder));
  const card = withUsableLabels(derived, tokenizer);
  const bytes = modelSize(card, 'encoder-decoder', files).bytes[pair.dtype] ?? 0;
  return { card, dtype: pair.dtype, digest: await digestOfAll(await digestsOf(path, filesOf(pair))), bytes };
}

async function readCrossEncoder(path: string, wanted?: Dtype): Promise<FolderFacts> {
  const folder = nodeFolder(path);
  const { card, forms, digests } = await readClassifier(folder, await folder.list());
  const form = chooseForm(forms, 'cpu', wanted, card.name);
  const files = classifierFiles(form);
  const digest = await digestOfAll({ ...(await digestsOf(path, files)), ...digests });
  return { card, dtype: form.dtype, digest, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

async function digestsOf(
  path: string,
  files: readonly FolderFile[],
): Promise<Record<string, { readonly sha256: string }>> {
  const digests: Record<string, { readonly sha256: string }> = {};
  for (const file of files) digests[file.path] = { sha256: await fileDigest(join(path, file.path)) };
  return digests;
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
