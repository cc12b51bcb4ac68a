/** The two ways to score that are compared: files, opened as models, and the batch that both are asked. */
import { encoderDecoderModel } from '../../src/inference/encoder-decoder-model.ts';
import { fusedModel } from '../../src/inference/fused-model.ts';
import type { LabelModel, TokenBatch } from '../../src/inference/label-model.ts';
import type { Runtime } from '../../src/inference/runtime.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { median } from '../statistics.ts';

/** Names of files: one for the fused scorer, encoder and decoder for the pair. */
export interface PathFiles {
  readonly files: readonly string[];
  readonly heads: number;
  readonly headSize: number;
}

export async function openPath(
  { files, ...shape }: PathFiles,
  runtime: Runtime,
  read: (file: string) => Promise<Uint8Array>,
): Promise<LabelModel> {
  const [first, second] = files;
  const start = async (file: string) => runtime.createSession(await read(file));
  if (second === undefined) return fusedModel(runtime, await start(first!));
  return encoderDecoderModel({
    runtime,
    ...shape,
    encoder: await start(first!),
    decoder: await start(second),
  });
}

/** A ranking's rows as the prompts of pointwise methods make them: of unequal lengths, the shorter ones padded. */
export const BATCH = { rows: 4, length: 160 } as const;

export function batch(): TokenBatch {
  const { rows, length } = BATCH;
  const random = seededRandom(7);
  const mask = Int32Array.from({ length: rows * length }, (_, i) =>
    i % length < length - 4 * Math.floor(i / length) ? 1 : 0,
  );
  return { ids: mask.map((real) => real * (3 + Math.floor(random.uniform() * 30_000))), mask, rows, length };
}

/**
 * Runs before the first that counts. In Chromium the second run of the model that is asked first still takes twice as long
 * as those after it, while the WebAssembly module is compiled anew in the background.
 */
const WARM_RUNS = 4;

/** Both in turn, so that noise of the machine hits both alike; milliseconds of each, by the clock given. */
export async function takeTurns(
  models: readonly LabelModel[],
  rounds: number,
  clock = () => performance.now(),
): Promise<number[][]> {
  const asked = batch();
  for (let run = 0; run < WARM_RUNS; run++) for (const model of models) await ask(model, asked);
  const times = models.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, model] of models.entries()) {
      const began = clock();
      await ask(model, asked);
      times[i]!.push(clock() - began);
    }
  }
  return times;
}

export function speeds(msFused: readonly number[], msPair: readonly number[]) {
  return {
    rounds: { msFused, msPair },
    msFused: median(msFused),
    msPair: median(msPair),
    /** Above 1 the fused scorer is the faster one. Median of the per-round ratios. */
    ratio: median(msPair.map((ms, i) => ms / msFused[i]!)),
    /** Of each one's fastest round: other programs only slow down. */
    ratioOfFastest: Math.min(...msPair) / Math.min(...msFused),
  };
}

/** Logits of two labels after the prefix that pairwise prompts have. */
export async function ask(model: LabelModel, asked: TokenBatch): Promise<readonly number[]> {
  const call = { decoderIds: Int32Array.of(0, 5454), labelIds: Int32Array.of(71, 272), logSumExp: false };
  const answer = await model.begin(call)(asked)();
  const logits = [...answer.logits];
  answer.dispose();
  return logits;
}
