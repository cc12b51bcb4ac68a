/**
 * A training step as a share of the sgemm peak, measured next to it in the same run.
 *
 * Timed in a step: feeding, forward, backward, gradients of embedding rows added in a fixed order
 * (`TrainingStep.run`), then the norm of all gradients, clip and AdamW over every parameter. Not in
 * it: choosing passages and tokenising them.
 */
import { seededRandom } from '../src/t5/init-random.ts';
import { rankNetWeights } from '../src/t5/loss.ts';
import type { TrainingShape } from '../src/t5/training-graph.ts';
import { adamW, adamWDefaults } from '../trainer/engine/adamw.ts';
import type { StepBatch } from '../trainer/engine/step.ts';
import { TrainableModel } from '../trainer/training/model.ts';
import { stepFlops } from './flops.ts';
import { forgetPeak, peakMegabytes } from './memory.ts';
import { openSgemm, type Sgemm } from './sgemm.ts';
import { type BenchShape, embedded, flanT5Small, randomModel } from './shapes.ts';
import { median, ratios, roundsWithin, spread, timed } from './statistics.ts';

const THREADS = 2;

export async function benchTraining(rounds: number) {
  const sgemm = await openSgemm(THREADS);
  const small = await benchShape(flanT5Small, sgemm, rounds);
  // Its step is so short that more of them make a round.
  const tiny = await benchShape(embedded, sgemm, rounds, 5);
  await sgemm.release();
  return { threads: THREADS, [flanT5Small.name]: small, [embedded.name]: tiny };
}

/** RankNet over one list of a size that the rows are a multiple of. */
export function rankNetShape({ rows, length }: BenchShape, listSize = rows): TrainingShape {
  return { rows, length, decoderIds: [0], labelIds: [3], labelWeights: [1], loss: 'ranknet', listSize };
}

/** Full rows of random tokens: no padding to profit from. */
export function randomBatch({ config, rows, length }: BenchShape, seed = 7): StepBatch {
  const random = seededRandom(seed);
  return {
    ids: Int32Array.from(
      { length: rows * length },
      () => 5 + Math.floor(random.uniform() * (config.vocabSize - 5)),
    ),
    mask: new Int32Array(rows * length).fill(1),
    target: rankNetWeights(Array.from({ length: rows }, (_, i) => i + 1)),
  };
}

async function benchShape(bench: BenchShape, sgemm: Sgemm, rounds: number, repeats = 1) {
  forgetPeak();
  const { config } = bench;
  const weights = new Map([...randomModel(config).weights].map(([name, { data }]) => [name, data]));
  const model = new TrainableModel(config, weights, { threads: THREADS });
  const step = await model.step(rankNetShape(bench));
  // Another batch each time: which rows of the embedding are touched changes, as in training.
  let seed = 7;
  const update = () => adamW(model.parameters.values, model.grads, model.adam, 1e-4, adamWDefaults);
  await step.run(randomBatch(bench, seed));
  update();
  const flops = stepFlops(config, bench);
  const peak: number[] = [];
  const graph: number[] = [];
  const optimiser: number[] = [];
  for (const _round of roundsWithin(rounds, 60)) {
    const batches = Array.from({ length: repeats }, () => randomBatch(bench, seed++));
    // Half before, half after: the peak of the same seconds as the step.
    const before = await sgemm.round(300);
    let [graphMs, updateMs] = [0, 0];
    for (const batch of batches) {
      graphMs += await timed(() => step.run(batch));
      updateMs += await timed(update);
    }
    peak.push((before + (await sgemm.round(300))) / 2);
    graph.push(graphMs / repeats);
    optimiser.push(updateMs / repeats);
  }
  const peakMemory = peakMegabytes();
  await model.release();
  const whole = graph.map((ms, i) => ms + optimiser[i]!);
  const share = (ms: readonly number[]) =>
    ratios(
      ms.map((one) => flops / (one * 1e6)),
      peak,
    );
  const withOptimiser = share(whole);
  const without = share(graph);
  return {
    shape: `${bench.rows} × ${bench.length} tokens, ${(model.parameters.values.length / 1e6).toFixed(1)} M parameters`,
    gigaflops: flops / 1e9,
    sgemmGigaflopsPerSecond: median(peak),
    stepMs: median(whole),
    stepsWithoutOptimiserMs: median(graph),
    optimiserMs: median(optimiser),
    /** The figure: floor 0.55, aim 0.7 for FLAN-T5-small. */
    shareOfSgemm: median(withOptimiser),
    shareOfSgemmSpread: spread(withOptimiser),
    shareWithoutOptimiser: median(without),
    shareWithoutOptimiserSpread: spread(without),
    peakMegabytes: peakMemory,
    rounds: { sgemmGigaflopsPerSecond: peak, forwardBackwardMs: graph, optimiserMs: optimiser },
  };
}
