/**
 * Writes a checkpoint folder: the same folder is read by the page, by the
 * trainer and, as far as Hugging Face's own files go, by transformers.
 */
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileDigest } from '../../src/bytes/byte-source.ts';
import { sha256 } from '../../src/bytes/sha256.ts';
import type { CardTemplate, RankerCard, TaughtLabels } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { writeT5Config } from '../../src/t5/config.ts';
import type { NarrowSide } from '../../src/t5/forms.ts';
import { safetensorsPieces } from '../../src/t5/safetensors.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { UNFINISHED, writeAtomic, writeAtomicPieces } from '../node/atomic.ts';
import { modelCard } from './model-card.ts';
import { markUnfinished, removeMark } from './own-folder.ts';

export interface CheckpointContent {
  readonly model: T5Model;
  /** Contents of tokenizer.json and tokenizer_config.json. */
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
  readonly dtypes: readonly Dtype[];
  /** int8: the side with 7 bits (src/t5/forms.ts). */
  readonly narrow?: NarrowSide;
  /** Storage of model.safetensors. */
  readonly weights: 'F32' | 'BF16';
  /** Everything of the card but what follows from the files. */
  readonly card: Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files'>;
  /** Called when all scorers are written, before the card is, which keeps what it returns. */
  readonly measure?: (written: Pick<RankerCard, 'scorers' | 'files'>) => Promise<RankerCard['dtypeMeasures']>;
  /** Told before a large file is made; what it throws ends the writing. */
  readonly onFile?: (path: string) => void;
}

/**
 * Writes all files, each atomically, `ranker.json` last: a folder without it is unfinished. One of an earlier export
 * goes first, so that it never stands beside files that are not its own.
 * @returns the card as written.
 */
export async function writeCheckpointFolder(folder: string, content: CheckpointContent): Promise<RankerCard> {
  const { model, dtypes, card } = content;
  await markUnfinished(folder);
  await rm(join(folder, 'ranker.json'), { force: true });
  const files: Record<string, FileDigest> = {};
  const write = async (path: string, data: string | Uint8Array<ArrayBuffer>) => {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    await writeAtomic(join(folder, path), bytes);
    files[path] = { bytes: bytes.length, sha256: await sha256(bytes) };
  };
  await write('config.json', `${JSON.stringify(writeT5Config(model.config), null, 2)}\n`);
  await write('tokenizer.json', content.tokenizerJson);
  await write('tokenizer_config.json', content.tokenizerConfigJson);
  // In pieces: a large model does not fit into memory twice, nor into one hash at once.
  content.onFile?.('model.safetensors');
  const pieces = safetensorsPieces(model.weights, content.weights);
  files['model.safetensors'] = await writeAtomicPieces(join(folder, 'model.safetensors'), pieces);
  const scorers: Partial<Record<Dtype, string>> = {};
  for (const dtype of dtypes) {
    const path = `onnx/scorer_${dtype}.onnx`;
    content.onFile?.(path);
    await write(path, buildScorer(model, dtype, { narrow: content.narrow }));
    scorers[dtype] = path;
  }
  return complete(folder, card, { scorers, files }, await content.measure?.({ scorers, files }));
}

/**
 * The same checkpoint in another folder with another card: what is measured and made of the weights is taken over, so
 * that it is made once.
 * @param from a folder of this version's, whose card is `made`
 * @param dtypes of its scorers, those that the copy has
 * @throws RankscopeError 'bad-checkpoint' when a file of it is not the one that its card names
 */
export async function copyCheckpointFolder(
  from: string,
  made: RankerCard,
  folder: string,
  { dtypes, card }: Pick<CheckpointContent, 'dtypes' | 'card'>,
): Promise<RankerCard> {
  await markUnfinished(folder);
  await rm(join(folder, 'ranker.json'), { force: true });
  const scorers = Object.fromEntries(dtypes.map((dtype) => [dtype, made.scorers[dtype]!]));
  const others = Object.values(made.scorers).filter((path) => !Object.values(scorers).includes(path));
  const files = Object.fromEntries(Object.entries(made.files).filter(([path]) => !others.includes(path)));
  for (const [path, { sha256 }] of Object.entries(files)) {
    const copied = await writeAtomicPieces(join(folder, path), createReadStream(join(from, path)));
    if (copied.sha256 !== sha256) {
      const file = join(from, path);
      throw new RankscopeError('bad-checkpoint', `${file} was altered after it was made.`, { file });
    }
  }
  const measured = Object.entries(made.dtypeMeasures ?? {}).filter(([dtype]) => dtype in scorers);
  return complete(folder, card, { scorers, files }, Object.fromEntries(measured));
}

/** Writes the card, which makes the folder whole, and removes what an earlier one left. */
async function complete(
  folder: string,
  card: CheckpointContent['card'],
  { scorers, files }: Pick<RankerCard, 'scorers' | 'files'>,
  dtypeMeasures: RankerCard['dtypeMeasures'],
): Promise<RankerCard> {
  const whole: RankerCard = {
    format: 'rankscope-checkpoint',
    version: 1,
    ...card,
    scorers,
    files,
    provenance: { ...card.provenance, taught: taughtLabels(card.templates) },
    ...(dtypeMeasures && { dtypeMeasures }),
  };
  await writeCard(folder, whole);
  await removeStaleScorers(folder, Object.values(scorers));
  await removeUnfinished(folder);
  await removeMark(folder);
  return whole;
}

/** Labels of the templates that it was trained on: what an edited card is held to. */
const taughtLabels = (templates: readonly CardTemplate[]): TaughtLabels[] =>
  templates.flatMap(({ id, labels, trained }) => (trained === false ? [] : [{ template: id, labels }]));

/** Writes README.md and, last, ranker.json. */
async function writeCard(folder: string, card: RankerCard): Promise<void> {
  await writeAtomic(join(folder, 'README.md'), modelCard(card));
  await writeAtomic(join(folder, 'ranker.json'), `${JSON.stringify(card, null, 2)}\n`);
}

/** Scorers of an earlier export that the new card does not name would only be dead weight. */
async function removeStaleScorers(folder: string, named: readonly string[]): Promise<void> {
  for (const file of await readdir(join(folder, 'onnx')).catch(() => [])) {
    const path = `onnx/${file}`;
    if (/^scorer_\w+\.onnx$/.test(file) && !named.includes(path)) await rm(join(folder, path));
  }
}

/** What a killed export left beside its places. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const inside of [folder, join(folder, 'onnx')]) {
    for (const file of await readdir(inside).catch(() => [])) {
      if (UNFINISHED.test(file)) await rm(join(inside, file), { force: true });
    }
  }
}
