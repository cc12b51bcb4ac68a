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
import { adamW, adamWDefaults } from '../src/training/adamw.ts';
import { ListGradient, type TrainingList } from '../src/training/list-gradient.ts';
import type { TrainableModel } from '../src/training/trainable-model.ts';
import type { StepBatch } from '../src/training/training-step.ts';
import { readSource } from '../trainer/checkpoint/read-source.ts';
import { openTrainable } from '../trainer/engine/trainable.ts';
import { CHUNK_TOKENS } from '../trainer/train/settings.ts';
import { stepFlops } from './flops.ts';
import { forgetPeak, peakMegabytes } from './memory.ts';
import { openSgemm, type Sgemm } from './sgemm.ts';
import { type BenchShape, embedded, flanT5Small, randomModel } from './shapes.ts';
import { median, ratios, roundsWithin, spread, timed } from './statistics.ts';

const THREADS = 2;
const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
/** Passages of a list. */
const LIST = 8;

export async function benchTraining(rounds: number) {
  const sgemm = await openSgemm(THREADS);
  const small = await benchShape(flanT5Small, sgemm, rounds);
  // Its step is so short that more of them make a round.
  const tiny = await benchShape(embedded, sgemm, rounds, 5);
  // Trained weights have sharp attention, whose gradients are tiny numbers: slow ones, unless denormals are zero.
  const trained = { ...embedded, name: 'embedded, trained weights' };
  const sharp = await benchShape(trained, sgemm, rounds, 5, (await readSource(TEACHER)).model);
  await sgemm.release();
  return { threads: THREADS, [flanT5Small.name]: small, [embedded.name]: tiny, [trained.name]: sharp };
}

/** RankNet over one list of a size that the rows are a multiple of. */
export function rankNetShape({ rows, length }: BenchShape, listSize = rows): TrainingShape {
  return { rows, length, decoderIds: [0], labelIds: [3], labelWeights: [1], loss: 'ranknet', listSize };
}

/**
 * Lists of so many prompts as `train` gets them; `ragged`: of half the shape's length up to all of it, as passages
 * are, without padding.
 */
export function randomLists(
  bench: BenchShape,
  listSize: number,
  seed: number,
  ragged: boolean,
): TrainingList[] {
  const { ids } = randomBatch(bench, seed);
  const random = seededRandom(seed);
  const prompts = Array.from({ length: bench.rows }, (_, r) => {
    const tokens = ragged ? Math.ceil(bench.length * (0.5 + 0.5 * random.uniform())) : bench.length;
    return ids.slice(r * bench.length, r * bench.length + tokens);
  });
  return Array.from({ length: bench.rows / listSize }, (_, l) => ({
    prompts: prompts.slice(l * listSize, (l + 1) * listSize),
    ranks: Array.from({ length: listSize }, (_, i) => i + 1),
    teacherScores: Array.from({ length: listSize }, (_, i) => -i),
  }));
}

/** RankNet as the command `train` runs it by default, whole lists and their chunks included. */
export function openEngine(model: TrainableModel, chunkTokens = CHUNK_TOKENS): ListGradient {
  return ListGradient.open(model, {
    loss: 'ranknet',
    decoderIds: [0],
    labelIds: [3],
    labelWeights: [1],
    chunkTokens,
    temperature: 1,
    margin: 1,
  });
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

async function benchShape(
  bench: BenchShape,
  sgemm: Sgemm,
  rounds: number,
  repeats = 1,
  start = randomModel(bench.config),
) {
  forgetPeak();
  const { config } = start;
  const weights = new Map([...start.weights].map(([name, { data }]) => [name, data]));
  const model = openTrainable(config, weights, { threads: THREADS });
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
  const asTrained = await benchAsTrained(bench, model, sgemm, rounds, repeats);
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
    /** The command `train`'s own way: ListGradient over lists, clip, AdamW; on full rows, and on ragged ones. */
    asTrained,
    peakMegabytes: peakMemory,
    rounds: { sgemmGigaflopsPerSecond: peak, forwardBackwardMs: graph, optimiserMs: optimiser },
  };
}

/** The command `train`'s own step: gradients of lists through chunks, clip, AdamW. */
async function benchAsTrained(
  bench: BenchShape,
  model: TrainableModel,
  sgemm: Sgemm,
  rounds: number,
  repeats: number,
) {
  forgetPeak();
  const engine = openEngine(model);
  const step = async (lists: readonly TrainingList[]) => {
    await engine.gradient(lists, 1, false);
    adamW(model.parameters.values, model.grads, model.adam, 1e-4, adamWDefaults);
  };
  // Of the prompts' own tokens: padding is time, not work.
  const flopsOf = (lists: readonly TrainingList[]) =>
    lists
      .flatMap(({ prompts }) => prompts)
      .reduce((sum, { length }) => sum + stepFlops(bench.config, { rows: 1, length }), 0);
  const shares = { full: [] as number[], ragged: [] as number[] };
  const times: number[] = [];
  let seed = 1000;
  for (const _round of roundsWithin(rounds, 60)) {
    for (const kind of ['full', 'ragged'] as const) {
      const batches = Array.from({ length: repeats }, () =>
        randomLists(bench, LIST, seed++, kind === 'ragged'),
      );
      // Sizes of chunks that are new are compiled before: in a training they come again.
      for (const lists of batches) await step(lists);
      const before = await sgemm.round(300);
      let [ms, flops] = [0, 0];
      for (const lists of batches) {
        ms += await timed(() => step(lists));
        flops += flopsOf(lists);
      }
      shares[kind].push(flops / (ms * 1e6) / ((before + (await sgemm.round(300))) / 2));
      if (kind === 'full') times.push(ms / repeats);
    }
  }
  const peak = peakMegabytes();
  await engine.release();
  return {
    lists: `${bench.rows / LIST} × ${LIST} passages`,
    stepMs: median(times),
    shareOfSgemm: median(shares.full),
    shareOfSgemmSpread: spread(shares.full),
    raggedShareOfSgemm: median(shares.ragged),
    raggedShareOfSgemmSpread: spread(shares.ragged),
    peakMegabytes: peak,
    rounds: shares,
  };
}
