/**
 * The same training step and the same inference here and in PyTorch (transformers' T5), in turn, on the
 * same weights and batch, with as many threads. That both compute the same is looked at first.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { buildScorer, type ScorerDtype } from '../../src/t5/scorer-graph.ts';
import { adamW, adamWDefaults, norm } from '../../src/training/adamw.ts';
import type { TrainingList } from '../../src/training/list-gradient.ts';
import { saveModel } from '../../trainer/engine/model-files.ts';
import { openTrainable } from '../../trainer/engine/trainable.ts';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { WORK } from '../label-job.ts';
import { type BenchShape, embedded, flanT5Small, randomModel } from '../shapes.ts';
import { median, ratios, roundsWithin, spread, timed } from '../statistics.ts';
import { openEngine, randomBatch, rankNetShape } from '../training.ts';
import { largestDifference, Peer, peerMissing, rowsOf } from './peer.ts';

const THREADS = 2;
const LABEL = 3;
const DTYPES: readonly ScorerDtype[] = ['fp32', 'int8'];

interface Rounds {
  readonly ours: number[];
  readonly torch: number[];
}

export async function benchPeers(rounds: number) {
  const missing = peerMissing();
  if (missing) return { skipped: missing };
  const tiny = await againstPeer(embedded, rounds);
  const small = await againstPeer(flanT5Small, rounds);
  return { threads: THREADS, [embedded.name]: tiny, [flanT5Small.name]: small };
}

/** One model: a training step of its shape, and inference of 16 rows. */
export async function againstPeer(bench: BenchShape, rounds: number) {
  const folder = join(WORK, `peer-${bench.name}`);
  mkdirSync(folder, { recursive: true });
  saveModel(folder, randomModel(bench.config));
  const inference: Record<string, object> = {};
  await withPeer(folder, async (peer) => {
    for (const dtype of DTYPES) {
      inference[dtype] = await benchInference(peer, { ...bench, rows: 16 }, dtype, rounds).catch(
        (error: Error) => ({ failed: error.message }),
      );
    }
  });
  // Its own process: training changes the weights, and its peak of memory is wanted alone.
  let training: object = {};
  const versions = await withPeer(folder, async (peer) => {
    training = await benchStep(peer, bench, rounds);
  });
  return { ...versions, training, inference };
}

/** @returns the versions of PyTorch and transformers, and the threads. */
async function withPeer(folder: string, work: (peer: Peer) => Promise<void>): Promise<object> {
  const peer = new Peer();
  try {
    const versions = await peer.ask<object>('load', { folder, threads: THREADS });
    await work(peer);
    return versions;
  } finally {
    peer.end();
  }
}

async function give(peer: Peer, bench: BenchShape) {
  const batch = randomBatch(bench);
  await peer.ask('batch', {
    ids: rowsOf(batch.ids, bench.length),
    mask: rowsOf(batch.mask, bench.length),
    label: LABEL,
    pairs: rowsOf(batch.target, bench.rows),
  });
  return batch;
}

async function benchStep(peer: Peer, bench: BenchShape, rounds: number) {
  const weights = new Map([...randomModel(bench.config).weights].map(([name, { data }]) => [name, data]));
  const model = openTrainable(bench.config, weights, { threads: THREADS });
  const step = await model.step(rankNetShape(bench));
  const batch = await give(peer, bench);
  const own = await step.run(batch);
  const gradientNorm = norm(model.grads);
  const theirs = await peer.ask<{ loss: number; scores: number[]; gradientNorm: number }>('loss');
  // The command `train`'s own way: the batch as one list, whose loss and chunks are its.
  const engine = openEngine(model, bench.rows * bench.length);
  const lists = listOf(batch, bench);
  const update = async () => {
    await engine.gradient(lists, 1, false);
    adamW(model.parameters.values, model.grads, model.adam, 1e-4, adamWDefaults);
  };
  await update();
  await peer.ask('step');
  const times: Rounds = { ours: [], torch: [] };
  for (const _round of roundsWithin(rounds, 30)) {
    times.torch.push((await peer.ask<{ ms: number }>('step')).ms);
    times.ours.push(await timed(update));
  }
  await engine.release();
  await model.release();
  return {
    shape: `${bench.name}, ${bench.rows} × ${bench.length}, RankNet, clip, AdamW`,
    lossOurs: own.loss,
    lossTorch: theirs.loss,
    scoresDiffer: largestDifference(own.scores, theirs.scores),
    gradientNormDiffersRelative: Math.abs(gradientNorm / theirs.gradientNorm - 1),
    ...compared(times),
    ...(await peer
      .ask<{ megabytes: number }>('memory')
      .then(({ megabytes }) => ({ torchPeakMegabytes: megabytes }))),
  };
}

/** The rows of a batch as one list, ranked in their order. */
function listOf({ ids }: { readonly ids: Int32Array }, { rows, length }: BenchShape): TrainingList[] {
  const numbers = Array.from({ length: rows }, (_, i) => i);
  const prompts = numbers.map((row) => ids.slice(row * length, (row + 1) * length));
  return [{ prompts, ranks: numbers.map((i) => i + 1), teacherScores: numbers.map((i) => -i) }];
}

async function benchInference(peer: Peer, bench: BenchShape, dtype: ScorerDtype, rounds: number) {
  const runtime = nodeRuntime(THREADS);
  const session = await runtime.createSession(buildScorer(randomModel(bench.config), dtype));
  const batch = await give(peer, bench);
  const int = (data: Int32Array, dims: number[]) => new ort.Tensor('int32', data, dims);
  const feeds = {
    input_ids: int(batch.ids, [bench.rows, bench.length]),
    attention_mask: int(batch.mask, [bench.rows, bench.length]),
    decoder_input_ids: int(Int32Array.of(bench.config.decoderStartId), [1]),
    label_ids: int(Int32Array.of(LABEL), [1]),
    want_log_sum_exp: new ort.Tensor('bool', [false], []),
  } as unknown as Parameters<typeof session.run>[0];
  const ask = () => peer.ask<{ ms: number; scores: number[] }>('score', { int8: dtype === 'int8' });
  try {
    const own = (await session.run(feeds)).logits!.data as Float32Array;
    const { scores } = await ask();
    const times: Rounds = { ours: [], torch: [] };
    for (const _round of roundsWithin(rounds, 30)) {
      times.torch.push((await ask()).ms);
      times.ours.push(await timed(() => session.run(feeds)));
    }
    return {
      shape: `${bench.rows} × ${bench.length}`,
      // Of int8 only the size is meant: the two round differently.
      scoresDiffer: largestDifference(own, scores),
      sequencesPerSecondOurs: (1000 * bench.rows) / median(times.ours),
      sequencesPerSecondTorch: (1000 * bench.rows) / median(times.torch),
      ...compared(times),
    };
  } finally {
    await session.release();
  }
}

function compared({ ours, torch }: Rounds) {
  const faster = ratios(torch, ours);
  return {
    oursMs: median(ours),
    torchMs: median(torch),
    /** How many times as fast as PyTorch: aim 1.3 in training, 2 in inference. */
    timesAsFast: median(faster),
    timesAsFastSpread: spread(faster),
    rounds: { ours, torch },
  };
}
