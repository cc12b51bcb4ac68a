/** A folder without tokenizer and card: what other software or a test of the weights needs. */
import { join } from 'node:path';
import type { FileDigest } from '../../src/bytes/byte-source.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { writeT5Config } from '../../src/t5/config.ts';
import { safetensorsPieces } from '../../src/t5/safetensors.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { markUnfinished } from '../checkpoint/own-folder.ts';
import { writeAtomicPieces } from '../node/atomic.ts';

export interface WeightsContent {
  readonly model: T5Model;
  readonly dtypes: readonly Dtype[];
  readonly weights: 'F32' | 'BF16';
  readonly onFile: (path: string) => void;
}

/** Each file atomically. @returns sizes and digests by path. */
export async function writeWeightsOnly(
  folder: string,
  { model, dtypes, weights, onFile }: WeightsContent,
): Promise<Record<string, FileDigest>> {
  // Stays: without a tokenizer and a card it is not a whole checkpoint folder, but it is ours to write over.
  await markUnfinished(folder);
  const files: Record<string, FileDigest> = {};
  const write = async (path: string, pieces: Iterable<Uint8Array>) => {
    files[path] = await writeAtomicPieces(join(folder, path), pieces);
  };
  const config = `${JSON.stringify(writeT5Config(model.config), null, 2)}\n`;
  await write('config.json', [new TextEncoder().encode(config)]);
  onFile('model.safetensors');
  await write('model.safetensors', safetensorsPieces(model.weights, weights));
  for (const dtype of dtypes) {
    const path = `onnx/scorer_${dtype}.onnx`;
    onFile(path);
    await write(path, [buildScorer(model, dtype)]);
  }
  return files;
}
