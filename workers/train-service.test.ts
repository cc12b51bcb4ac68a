/**
 * Training as it runs in the page, on onnxruntime-web's WebAssembly in Node, against the trainer's own engine on
 * onnxruntime-node: the same seed and labels give the same losses. Then what the buttons do to it.
 */
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXAMPLE, EXAMPLE_QUERY } from '../src/app/learn/distillation/example.ts';
import type { FolderReader } from '../src/bytes/byte-source.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import { createMethod } from '../src/ranking/create-method.ts';
import { PairTable } from '../src/ranking/pair-table.ts';
import { STUDENT } from '../src/ranking/presets.ts';
import { rankByPairs } from '../src/ranking/schedules/all-pairs.ts';
import { BlobFolder } from '../src/sources/blob-folder.ts';
import { ZipFolder } from '../src/sources/zip-folder.ts';
import { adamWDefaults } from '../src/training/adamw.ts';
import { ListGradient } from '../src/training/list-gradient.ts';
import { StepPlan } from '../src/training/step-plan.ts';
import { trainStep } from '../src/training/train-step.ts';
import type { TrainedStep, TrainOpened, TrainProgress, TrainRequest } from '../src/workers/train-protocol.ts';
import { openTrainable } from '../trainer/engine/trainable.ts';
import { nodeFolder } from '../trainer/node/folder.ts';
import { nodeRuntime } from '../trainer/node/runtime.ts';
import { readSampleCorpus } from '../trainer/testing/sample-prompts.ts';
import { openBase } from '../trainer/train/base.ts';
import { encodeList } from '../trainer/train/prompts.ts';
import { ortRuntime } from './ort-runtime.ts';
import { TrainService } from './train-service.ts';

const BASE = 'public/models/demo-teacher';
const SEED = 1;
const STEPS = 5;
const RATE = 3e-4;

const judged = (name: 'town' | 'immunity', queries: number) => {
  const corpus = readSampleCorpus(name) as unknown as TrainRequest['taught'];
  return { ...corpus, queries: corpus.queries.slice(0, queries) };
};
const request: TrainRequest = {
  url: BASE,
  taught: judged('town', 4),
  heldOut: judged('immunity', 2),
  candidates: 4,
  seed: SEED,
};

/** As the page has it, but for its threads. */
const wasm = async (): Promise<Runtime> => {
  ort.env.wasm.numThreads = 1;
  const yieldTask = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { ...ortRuntime(ort, ['wasm']), yieldTask, device: 'wasm', threads: 1 };
};

/** As over HTTP: no listing, and each file is read once, as a whole. */
function webFolder(path: string): FolderReader {
  const disk = nodeFolder(path);
  return {
    name: disk.name,
    list: () => Promise.reject(new Error('there is no listing')),
    async open(file) {
      const source = await disk.open(file);
      const whole = (start: number, end: number) => {
        if (start !== 0 || end !== source.size) throw new Error(`${file} is read in parts`);
      };
      return {
        name: source.name,
        size: source.size,
        read(start, length) {
          whole(start, start + length);
          return source.read(start, length);
        },
        pieces(start, end) {
          whole(start, end);
          return source.pieces(start, end);
        },
        close: () => source.close(),
      };
    },
  };
}

const service = new TrainService({ runtime: wasm, folder: webFolder });
const settings = { learningRate: RATE, listSize: 3, follow: 1 };
const progress: TrainProgress[] = [];
let opened: TrainOpened;
const first: TrainedStep[] = [];

beforeAll(async () => {
  service.set(settings);
  opened = await service.open(request, (news) => progress.push(news));
  await service.run(STEPS, (step) => first.push(step));
}, 120_000);

/** The trainer's losses on the same labels, by its own code from labels to steps. */
async function nodeLosses(rate: number): Promise<number[]> {
  const base = await openBase(BASE);
  const { weights } = await base.load();
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  const model = openTrainable(base.config, values, { threads: 1 });
  const engine = ListGradient.open(model, {
    loss: 'ranknet',
    chunkTokens: 4096,
    decoderIds: [base.config.decoderStartId],
    labelIds: STUDENT.labels.map((label) => base.tokenizer.labelId(label)),
    labelWeights: [1],
  });
  const maker = { template: STUDENT, tokenizer: base.tokenizer, limits: base.card.limits };
  const lists = opened.lists.map(({ query, passages, decisions }) => {
    const size = settings.listSize;
    const inside = decisions.filter(({ a, b }) => a < size && b < size);
    const ranking = rankByPairs(PairTable.from(size, inside));
    const scores = new Array<number>(size);
    ranking.order.forEach((place, i) => {
      scores[place] = ranking.scores[i]!;
    });
    return encodeList({ query, passages: passages.slice(0, size), scores, file: 'labels', line: 1 }, maker);
  });
  const plan = new StepPlan(lists.length, { steps: STEPS, batch: 2, accumulate: 1, seed: SEED });
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const input = { model, engine, plan, lists, optimiser: adamWDefaults };
    const rates = { learningRate: rate, schedule: 'constant', warmup: 0, accumulate: 1 } as const;
    losses.push((await trainStep({ ...input, settings: rates }, step)).loss);
  }
  await engine.release();
  await model.release();
  return losses;
}

it('asks the teacher about every ordered pair, and says how far it is and what that took', () => {
  expect(opened.lists.map(({ decisions }) => decisions.length)).toEqual([12, 12, 12, 12]);
  expect(opened.pairs.calls).toBe(72);
  expect(opened.points.calls).toBe(8);
  expect(opened.pairs.seconds).toBeGreaterThan(0);
  expect(progress[0]).toEqual({ phase: 'load' });
  expect(progress.filter(({ phase }) => phase === 'label').at(-1)).toMatchObject({ done: 72, total: 72 });
  expect(progress.at(-1)).toEqual({ phase: 'student' });
});

it('gives the losses of the trainer on Node within 1e-4, and they fall', async () => {
  const node = await nodeLosses(RATE);
  expect(first.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  for (const [i, { loss, rate }] of first.entries()) {
    expect(Math.abs(loss - node[i]!), `step ${i + 1}`).toBeLessThan(1e-4);
    expect(rate).toBe(RATE);
  }
  // Another rate is another curve: the bound above can fail.
  expect(Math.abs((await nodeLosses(1e-3))[4]! - node[4]!)).toBeGreaterThan(1e-3);
  expect(first[4]!.loss).toBeLessThan(first[0]!.loss);
  expect(first[4]!.ndcg).toBeGreaterThan(0);
  expect(first[0]!.ndcg).toBeUndefined();
});

it('starts again with the same losses, and takes that back', async () => {
  const before = await service.state();
  expect(before).toEqual({ step: STEPS, scores: first[4]!.scores });
  const again = await service.restart();
  expect(again).toEqual({ step: 0, scores: opened.start.scores });
  const losses: number[] = [];
  await service.run(2, ({ loss }) => losses.push(loss));
  expect(losses).toEqual(first.slice(0, 2).map(({ loss }) => loss));
  expect(await service.swap()).toEqual(before);
  expect((await service.swap()).step).toBe(2);
  await service.swap();
});

it('pauses between steps, and goes on from there', async () => {
  const steps: number[] = [];
  await service.run(1000, ({ step }) => {
    steps.push(step);
    if (steps.length === 2) service.pause();
  });
  expect(steps).toEqual([6, 7]);
  expect((await service.state()).step).toBe(7);
  await service.run(1, ({ step }) => steps.push(step));
  expect(steps).toEqual([6, 7, 8]);
});

it('is a checkpoint that ranks as it scored in training, and the same in a zip', async () => {
  const facts = {
    settings,
    lossCurve: first.map(({ step, loss }) => [step, loss] as const),
    ndcgCurve: [[5, first[4]!.ndcg!]] as const,
  };
  const { files, title, digest } = await service.student(facts);
  expect(title).toBe('Lesson student, 8 steps');
  const folders = [
    new BlobFolder('student', files),
    new ZipFolder('student.zip', await service.zip(facts)),
  ] as const;
  const { scores } = await service.state();
  for (const folder of folders) {
    const { scorer, card } = await openCheckpoint(folder, nodeRuntime(1), { dtype: 'q8' });
    expect(card.files['model.safetensors']).toEqual(digest);
    expect(card.provenance).toMatchObject({ steps: 8, seed: SEED });
    const { query, passages } = opened.lists[1]!;
    const order: number[] = [];
    for await (const event of createMethod('pointwise-yes', { template: card.templates[0]! }).rank(
      query,
      passages.map((passage, i) => ({ passage, rank: i + 1, score: 0 })),
      scorer,
    )) {
      if (event.type === 'ranking') order.splice(0, order.length, ...event.order);
    }
    expect(order).toEqual(scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!));
    await scorer.dispose();
  }
});

it('says of the lesson’s example what the lesson prints', async () => {
  const kitchen = readSampleCorpus('kitchen') as unknown as TrainRequest['taught'];
  const queries = kitchen.queries.filter(({ text }) => text === EXAMPLE_QUERY);
  const own = new TrainService({ runtime: wasm, folder: webFolder });
  const { lists, start } = await own.open(
    { ...request, taught: { ...kitchen, queries }, heldOut: { ...kitchen, queries } },
    () => {},
  );
  const { passages, decisions } = lists[0]!;
  const { order, scores } = rankByPairs(PairTable.from(passages.length, decisions));
  expect(order.map((place) => passages[place]!.id)).toEqual(EXAMPLE.map(({ id }) => id));
  expect(order.map((place) => passages[place]!.title)).toEqual(EXAMPLE.map(({ title }) => title));
  expect(scores).toEqual(EXAMPLE.map(({ points }) => points));
  for (const [i, place] of order.entries()) {
    expect(Math.abs(start.scores[place]! - EXAMPLE[i]!.score)).toBeLessThan(0.051);
  }
});

afterAll(() => service.pause());
