/**
 * A checkpoint folder with an fp32 scorer that is made from its weights: folders ship what the page loads, and labels
 * are made once and kept.
 */
import { createHash } from 'node:crypto';
import { sha256 } from '../../src/checkpoint/card-read.ts';
import type { CheckpointSource } from '../../src/checkpoint/open-checkpoint.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import { readSource } from '../checkpoint/read-source.ts';
import { folderSource } from '../node/folder-source.ts';

export const WEIGHTS = 'model.safetensors';
const SCORER = 'onnx/scorer_fp32.onnx';
/** An ONNX file holds less than 2 GiB, and Node reads no more at once; as fp32 a weight takes 4 bytes. */
const LARGEST = 2 ** 31 - 2 ** 24;

/** Whether the card lists weights from which an fp32 scorer can be made. bf16 weights grow to twice their size. */
export function canMakeFp32({ files }: RankerCard): boolean {
  const bytes = files[WEIGHTS]?.bytes;
  return bytes !== undefined && 2 * bytes <= LARGEST;
}

/** SHA-256 of the weights: what names an fp32 scorer that is made from them. */
export const weightsDigest = ({ files }: RankerCard): string => files[WEIGHTS]?.sha256 ?? '';

/** @throws RankscopeError 'missing' or 'bad-checkpoint', also for weights that are not the card's */
export async function fp32Source(folder: string, card: RankerCard): Promise<CheckpointSource> {
  const source = folderSource(folder);
  const digest = createHash('sha256')
    .update(await source.read(WEIGHTS))
    .digest('hex');
  if (digest !== weightsDigest(card)) {
    throw new RankscopeError(
      'bad-checkpoint',
      `${source.name}${WEIGHTS} is not the file that ranker.json lists. Export or convert the folder again.`,
    );
  }
  const { model } = await readSource(folder);
  const scorer = buildScorer(model, 'fp32');
  const files = { ...card.files, [SCORER]: { bytes: scorer.length, sha256: await sha256(scorer) } };
  const whole = { ...card, files, scorers: { fp32: SCORER } };
  return {
    name: source.name,
    async read(path, onProgress) {
      if (path === 'ranker.json') return new TextEncoder().encode(JSON.stringify(whole));
      return path === SCORER ? scorer : source.read(path, onProgress);
    },
  };
}
