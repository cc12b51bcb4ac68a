/**
 * A checkpoint folder with an fp32 scorer that is made from its weights: folders ship what the page loads, and labels
 * are made once and kept.
 */
import { join } from 'node:path';
import type { FolderReader } from '../../src/bytes/byte-source.ts';
import { memorySource } from '../../src/bytes/memory.ts';
import { sha256 } from '../../src/bytes/sha256.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError } from '../../src/errors.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import { readSource } from '../checkpoint/read-source.ts';
import { fileDigest } from '../node/digests.ts';
import { nodeFolder } from '../node/folder.ts';

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
export async function fp32Source(path: string, card: RankerCard): Promise<FolderReader> {
  const folder = nodeFolder(path);
  if ((await fileDigest(join(path, WEIGHTS))) !== weightsDigest(card)) {
    throw new RankscopeError(
      'bad-checkpoint',
      `${folder.name}${WEIGHTS} is not the file that ranker.json lists. Export or convert the folder again.`,
    );
  }
  const { model } = await readSource(path);
  const scorer = buildScorer(model, 'fp32');
  const files = { ...card.files, [SCORER]: { bytes: scorer.length, sha256: await sha256(scorer) } };
  const whole = { ...card, files, scorers: { fp32: SCORER }, externalData: undefined };
  const made = new Map([
    ['ranker.json', new TextEncoder().encode(JSON.stringify(whole))],
    [SCORER, scorer],
  ]);
  return {
    name: folder.name,
    list: () => folder.list(),
    async open(file) {
      const bytes = made.get(file);
      return bytes ? memorySource(folder.name + file, bytes) : folder.open(file);
    },
  };
}
