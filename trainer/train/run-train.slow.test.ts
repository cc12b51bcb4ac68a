/** A training from labels to a folder that export reads: stopped and resumed, refused, estimated. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { STUDENT } from '../../src/ranking/presets.ts';
import { draftCard } from '../checkpoint/card-draft.ts';
import { readSource } from '../checkpoint/read-source.ts';
import { testFolder } from '../testing/folder.ts';
import { writeSampleLabels } from '../testing/sample-labels.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { planTrain, runTrain } from './run-train.ts';
import type { TrainListener, TrainRequest, TrainSummary } from './train-request.ts';

const folder = testFolder('train');
const at = (...names: string[]) => join(folder, ...names);
const request = (output: string | undefined, own: Partial<TrainRequest> = {}): TrainRequest => ({
  checkpoint: at('base'),
  input: at('labels.jsonl'),
  threads: 1,
  seed: 3,
  epochs: 2,
  batch: 2,
  accumulate: 2,
  learningRate: 2e-3,
  holdOut: 4,
  validateEvery: 3,
  output: output === undefined ? undefined : at(output),
  ...own,
});
const weights = (output: string) => readFileSync(at(output, 'model.safetensors'));
const steps = (output: string) =>
  readFileSync(at(output, 'train.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
let whole: TrainSummary;

beforeAll(async () => {
  await writeTinyCheckpoint(at('base'), { dtypes: ['int8'], role: 'teacher' });
  writeSampleLabels(at('labels.jsonl'), { lists: 24, passages: 4 });
  whole = await runTrain(request('whole'));
}, 240_000);

describe('a training', { timeout: 240_000 }, () => {
  it('writes every step once, the loss falls, and the best step is kept', async () => {
    const lines = steps('whole');
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: whole.steps.total + 1 }, (_, i) => i));
    expect(whole.lossCurve.at(-1)![1]).toBeLessThan(whole.lossCurve[0]![1]);
    const validated = lines.filter(({ validation }) => validation).map(({ step }) => step);
    expect(validated).toEqual(
      [0, 3, 6, 9, whole.steps.total].filter((step, i, all) => all.indexOf(step) === i),
    );
    const values = whole.validation.map((point) => point.values.teacherAgreement!);
    expect(whole.best).toEqual({
      step: whole.validation[values.indexOf(Math.max(...values))]!.step,
      by: 'agreement',
      value: Math.max(...values),
    });
    expect(readdirSync(at('whole')).sort()).toEqual(
      [...whole.files!.map((file) => file.split('/').at(-1)), 'train.json', 'train.jsonl'].sort(),
    );
    // A run of just so many steps ends with the weights that were kept: they are that step's.
    const { step } = whole.best!;
    if (step === 0) return;
    await runTrain(request('short', { steps: step, select: 'last' }));
    expect(weights('short').equals(weights('whole'))).toBe(true);
  });

  it('ends as a folder that export reads', async () => {
    const { model } = await readSource(at('whole'));
    expect(model.weights.size).toBeGreaterThan(10);
    const card = await draftCard(at('whole'), { output: at('exported') });
    expect(card).toMatchObject({
      role: 'student',
      license: 'Apache-2.0',
      templates: [STUDENT],
      limits: { maxTokens: 192 },
      provenance: {
        base: 'tiny-teacher',
        teacher: 'word overlap',
        steps: whole.best!.step,
        seed: 3,
        settings: { loss: 'ranknet', learningRate: 2e-3, precision: 'fp32, no dropout' },
        validation: whole.validation,
      },
    });
    expect(card.provenance.lossCurve).toHaveLength(whole.steps.total);
  });

  it('is done once: the same request answers what was found', async () => {
    const again = await runTrain(request('whole'));
    expect(again).toMatchObject({ state: 'done', steps: { resumed: whole.steps.total }, best: whole.best });
    expect(again.weightsSha256).toBe(whole.weightsSha256);
  });

  it('goes on to the same weights after every way of stopping it', async () => {
    const stop = async (listener: (abort: () => void) => TrainListener) => {
      const controller = new AbortController();
      const own = { signal: controller.signal, checkpointSteps: 2 };
      return runTrain(
        request('stopped', own),
        listener(() => controller.abort()),
      );
    };
    // While prompts are made, in a step, in a validation, just before the end.
    const first = await stop((abort) => ({ progress: (_d, _t, unit) => unit === 'lists' && abort() }));
    expect([first.state, first.steps.done]).toEqual(['cancelled', 0]);
    const second = await stop((abort) => ({
      progress: (done, _t, unit) => unit === 'steps' && done === 2 && abort(),
    }));
    expect([second.state, second.steps]).toEqual([
      'cancelled',
      { done: 2, total: whole.steps.total, resumed: 0 },
    ]);
    const third = await stop((abort) => ({
      progress: (done, _t, unit) => unit === 'steps' && done === 6 && abort(),
    }));
    expect([third.state, third.steps.done, third.steps.resumed]).toEqual(['cancelled', 6, 2]);
    const last = await stop((abort) => ({
      progress: (done, total, unit) => unit === 'steps' && done === total && abort(),
    }));
    expect([last.state, last.steps.done]).toEqual(['cancelled', whole.steps.total]);
    const { state, lossCurve, validation, best } = await runTrain(request('stopped', { resume: true }));
    expect({ state, lossCurve, validation, best }).toEqual({
      state: 'done',
      lossCurve: whole.lossCurve,
      validation: whole.validation,
      best: whole.best,
    });
    expect(weights('stopped').equals(weights('whole'))).toBe(true);
    expect(steps('stopped').map(({ step, loss }) => [step, loss])).toEqual(
      steps('whole').map(({ step, loss }) => [step, loss]),
    );
  });
});

describe('with dropout', { timeout: 240_000 }, () => {
  it('other weights come out, the same after a stop, and the card says so', async () => {
    const own = { dropout: 0.1, loss: 'listnet' as const, select: 'last' as const };
    const { state, lossCurve } = await runTrain(request('dropped', own));
    expect(state).toBe('done');
    await runTrain(request('undropped', { ...own, dropout: 0 }));
    expect(weights('dropped').equals(weights('undropped'))).toBe(false);
    const controller = new AbortController();
    const first = await runTrain(
      request('dropped-stopped', { ...own, signal: controller.signal, checkpointSteps: 2 }),
      { progress: (done, _t, unit) => unit === 'steps' && done === 5 && controller.abort() },
    );
    expect([first.state, first.steps.done]).toEqual(['cancelled', 5]);
    const second = await runTrain(request('dropped-stopped', own));
    expect([second.steps.resumed, second.lossCurve]).toEqual([5, lossCurve]);
    expect(weights('dropped-stopped').equals(weights('dropped'))).toBe(true);
    const { settings } = (await draftCard(at('dropped'), { output: at('dropped-exported') })).provenance;
    expect(settings).toMatchObject({ dropout: 0.1, precision: 'fp32' });
    await expect(runTrain(request('dropped', { ...own, dropout: 0.2 }))).rejects.toThrow(
      /dropout 0.1 then, 0.2 now/,
    );
  });
});

describe('judged queries that are held out', { timeout: 240_000 }, () => {
  const judge = (file: string, prefix: string, lists: number) => {
    const labels = readFileSync(at(file), 'utf8').trimEnd().split('\n').slice(0, lists);
    const lines = labels.map((line) => {
      const { hits } = JSON.parse(line) as { hits: { docid: string; qid: string }[] };
      // The first stage's last passage is the relevant one, which nobody taught.
      return `${hits[0]!.qid} 0 ${hits.at(-1)!.docid} 1\n`;
    });
    writeFileSync(at(`${prefix}.qrels`), lines.join(''));
    return at(`${prefix}.qrels`);
  };

  it('are ranked at every validation, and the step with the highest nDCG@10 is kept', async () => {
    writeSampleLabels(at('held.jsonl'), { lists: 9, passages: 5, prefix: 'h' });
    const qrels = judge('held.jsonl', 'held', 6);
    const validation = [{ path: at('held.jsonl'), qrels }];
    const judged = await runTrain(request('judged', { validation, learningRate: 1e-2 }));
    const values = judged.validation.map(({ values }) => values.ndcg10!);
    expect(values.length).toBeGreaterThan(3);
    for (const value of values) expect(value).toBeGreaterThan(0);
    expect(new Set(values).size).toBeGreaterThan(1);
    const best = judged.validation[values.indexOf(Math.max(...values))]!;
    expect(judged.best).toEqual({ step: best.step, by: 'ndcg', value: best.values.ndcg10 });
    const logged = steps('judged').filter(({ validation }) => validation);
    expect(logged.map(({ validation }) => (validation as Record<string, number>).ndcg10)).toEqual(values);
    // The weights that were kept are that step's.
    if (best.step > 0) {
      const own = { validation, learningRate: 1e-2, steps: best.step, select: 'last' as const };
      await runTrain(request('judged-short', own));
      expect(weights('judged-short').equals(weights('judged'))).toBe(true);
    }
  });

  it('may be of the input itself', async () => {
    const qrels = judge('labels.jsonl', 'own', 24);
    const { best, validation } = await runTrain(request('own-judged', { qrels, steps: 2 }));
    expect(best!.by).toBe('ndcg');
    expect(validation.every(({ values }) => values.ndcg10! > 0)).toBe(true);
  });
});

describe('an estimate', { timeout: 240_000 }, () => {
  it('is measured on real lists and leaves nothing behind', async () => {
    const { state, estimate } = await runTrain(request(undefined));
    expect(state).toBe('dry-run');
    expect(estimate).toMatchObject({
      steps: whole.steps.total,
      stepsLeft: whole.steps.total,
      lists: 20,
      passages: 80,
    });
    expect(estimate!.secondsPerStep).toBeGreaterThan(0);
    expect((await planTrain(request('nowhere'))).validationLists).toBe(4);
    expect((await planTrain(request('whole'))).stepsLeft).toBe(0);
    expect(existsSync(at('nowhere'))).toBe(false);
    const dry = await runTrain(request('whole', { dryRun: true }));
    expect([dry.state, dry.estimate!.stepsLeft]).toEqual(['dry-run', 0]);
    await expect(runTrain(request('whole', { dryRun: true, seed: 4 }))).rejects.toThrow(/seed 3 then, 4 now/);
  });
});

describe('a folder', { timeout: 240_000 }, () => {
  it('is gone on with only as it was begun, and begun anew when asked', async () => {
    const other = request('whole', { learningRate: 1e-3, seed: 4 });
    await expect(runTrain(other)).rejects.toThrow(
      /learningRate 0\.002 then, 0\.001 now; seed 3 then, 4 now.*--fresh/,
    );
    writeSampleLabels(at('others.jsonl'), { lists: 5, passages: 3 });
    await expect(runTrain(request('whole', { input: at('others.jsonl') }))).rejects.toThrow(
      /the labels changed/,
    );
    const fresh = await runTrain(request('short', { steps: 1, select: 'last', fresh: true }));
    expect([fresh.state, fresh.steps]).toEqual(['done', { done: 1, total: 1, resumed: 0 }]);
    await expect(runTrain(request('none', { resume: true }))).rejects.toThrow(/no training in .* to resume/);
    writeFileSync(at('short', 'train.lock'), `${process.ppid} ${hostname()}\n`);
    await expect(runTrain(request('short', { fresh: true }))).rejects.toThrow(/already training in .*short/);
    // Another machine's processes cannot be seen: a lock that is touched is held, a silent one is left over.
    const lock = at('short', 'train.lock');
    writeFileSync(lock, '1 elsewhere\n');
    await expect(runTrain(request('short', { fresh: true }))).rejects.toThrow(
      /process on elsewhere is already training/,
    );
    utimesSync(lock, 0, Date.now() / 1000 - 90);
    const own = request('short', { steps: 1, select: 'last', fresh: true });
    expect((await runTrain(own)).state).toBe('done');
    writeFileSync(lock, `99999999 ${hostname()}\n`);
    expect((await runTrain(own)).state).toBe('done');
    expect(existsSync(at('none'))).toBe(false);
  });

  it('of something else is left alone', async () => {
    mkdirSync(at('other'));
    writeFileSync(at('other', 'thesis.txt'), 'mine');
    for (const fresh of [false, true]) {
      await expect(runTrain(request('other', { fresh }))).rejects.toThrow(
        /contains thesis\.txt and no train\.json/,
      );
      await expect(runTrain(request('base', { fresh }))).rejects.toThrow(/is the checkpoint to start from/);
    }
    expect(readdirSync(at('other'))).toEqual(['thesis.txt']);
  });

  it('whose weights were altered, or that misses a file, is told', async () => {
    await runTrain(request('altered', { steps: 1 }));
    const card = at('altered', 'card.json');
    renameSync(card, `${card}.away`);
    await expect(runTrain(request('altered', { steps: 1 }))).rejects.toThrow(/card\.json is gone since/);
    renameSync(`${card}.away`, card);
    expect((await runTrain(request('altered', { steps: 1 }))).state).toBe('done');
    writeFileSync(at('altered', 'model.safetensors'), weights('altered').subarray(8));
    await expect(runTrain(request('altered', { steps: 1 }))).rejects.toThrow(
      /was altered since the training/,
    );
  });
});

describe('requests', { timeout: 60_000 }, () => {
  it.each<[Partial<TrainRequest>, RegExp]>([
    [{ learningRate: 0 }, /learningRate is 0; it must be a number above 0/],
    [{ template: 'embedded-prp' }, /is pairwise/],
    [{ select: 'ndcg' }, /None of the 4 queries held out to validate is judged/],
    [{ select: 'agreement', holdOut: 0 }, /Nothing is held out/],
    [{ loss: 'ranknet-soft' }, /labels\.jsonl, line \d+: it has no decisions/],
    [{ holdOut: 100 }, /none of the 24 lists is left to learn from/],
    [
      { chunkTokens: 1_000_000_000 },
      /This training needs about [\d.]+ GB of memory and [\d.]+ GB are free\. Choose a smaller --chunk-tokens.*Nothing was started/,
    ],
  ])('that cannot be met are refused before any work: %j', async (own, message) => {
    await expect(runTrain(request('refused', own))).rejects.toThrow(message);
    expect(existsSync(at('refused'))).toBe(false);
  });
});
