/** What the buttons of lesson 6 do to a training, with a worker that answers at once or when it is told to. */
import { beforeEach, describe, expect, it } from 'vitest';
import { RankscopeError } from '../../errors.ts';
import type { NewModel } from '../../storage/models/model-record.ts';
import type { TrainedStep, TrainOpened, TrainRequest } from '../../workers/train-protocol.ts';
import { useSettings } from '../settings.ts';
import { NO_RUN, ndcgCurve, stepOf } from './run.ts';
import { initialTraining, type Study, Training, type TrainWorker, useTraining } from './training.ts';

const FILES: Readonly<Record<string, unknown>> = {
  'models/index.json': {
    version: 1,
    models: [{ id: 't', role: 'teacher', name: 'T', path: 'demo-teacher/', bytes: 1 }],
  },
  'samples/index.json': {
    samples: ['a', 'b'].map((id) => ({
      id,
      title: id.toUpperCase(),
      file: `${id}.json`,
      passages: 1,
      queries: 1,
    })),
  },
  ...Object.fromEntries(
    ['a', 'b'].map((id) => [
      `samples/${id}.json`,
      { passages: [{ id: 'p', text: id }], queries: [{ id: 'q', text: id, grades: { p: 1 } }] },
    ]),
  ),
};

const OPENED = {
  threads: 1,
  parameters: 1,
  lists: [],
  ndcg: { bm25: 0.1, relevance: 0.2, teacher: 0.3 },
  pairs: { calls: 1, seconds: 1 },
  points: { calls: 1, seconds: 1 },
  start: { step: 0, scores: [1, 2], ndcg: 0.05 },
} satisfies TrainOpened;

class FakeWorker implements TrainWorker {
  readonly told: string[] = [];
  request: TrainRequest | undefined;
  step = 0;
  fails: RankscopeError | undefined;
  paused = false;
  #onStep: (step: TrainedStep) => void = () => {};

  async open(request: TrainRequest): Promise<TrainOpened> {
    this.request = request;
    if (this.fails) throw this.fails;
    return OPENED;
  }
  set(): void {}
  async run(steps: number, onStep: (step: TrainedStep) => void): Promise<void> {
    this.#onStep = onStep;
    this.paused = false;
    for (let i = 0; i < steps && !this.paused; i++) {
      await Promise.resolve();
      if (this.fails) throw this.fails;
      this.give();
    }
  }
  /** A step's news. */
  give(): void {
    this.step++;
    const due = this.step % 5 === 0 ? 0.5 : undefined;
    this.#onStep({
      step: this.step,
      loss: 1,
      rate: 1,
      gradientNorm: 1,
      seconds: 0,
      scores: [0, 1],
      ndcg: due,
    });
  }
  pause(): void {
    this.paused = true;
  }
  async restart() {
    this.told.push('restart');
    this.step = 0;
    return { step: 0, scores: [] };
  }
  async swap() {
    this.told.push('swap');
    return { step: 0, scores: [] };
  }
  async student() {
    const digest = { bytes: 1, sha256: 'abcdef0123456789'.repeat(4) };
    return { title: `Lesson student, ${this.step} steps`, digest, files: [] };
  }
  async zip() {
    return new Blob(['zip']);
  }
  close(): void {
    this.told.push('close');
  }
}

const STUDY: Study = { taught: 'a', heldOut: 'b', candidates: 4 };
const SETTINGS = { learningRate: 1e-3, listSize: 4, follow: 0 };
const state = () => useTraining.getState();

let workers: FakeWorker[];
let put: NewModel[];
let training: Training;
let broken: RankscopeError | undefined;

beforeEach(() => {
  useTraining.setState(initialTraining);
  workers = [];
  put = [];
  broken = undefined;
  training = new Training({
    worker: () => {
      const worker = new FakeWorker();
      worker.fails = broken;
      workers.push(worker);
      return worker;
    },
    fetchJson: async (path) => FILES[path],
    put: async (about) => {
      put.push(about);
    },
  });
});

describe('a training in the page', () => {
  it('opens once, takes a step or many, and goes on from there', async () => {
    await training.train(STUDY, SETTINGS, 1);
    expect(workers[0]!.request).toMatchObject({
      url: 'models/demo-teacher/',
      candidates: 4,
      taught: { title: 'A' },
      heldOut: { title: 'B' },
    });
    await training.train(STUDY, SETTINGS, 9);
    expect(workers).toHaveLength(1);
    expect(state()).toMatchObject({ status: 'paused', error: null, goal: 10 });
    expect(stepOf(state().run)).toBe(10);
    expect(ndcgCurve(state().run)).toEqual([
      [0, 0.05],
      [5, 0.5],
      [10, 0.5],
    ]);
  });

  it('starts again with an untaught student and brings the former back; late news of it is dropped', async () => {
    await training.train(STUDY, SETTINGS, 2);
    const { run } = state();
    await training.restart();
    expect(state().run).toEqual({ start: OPENED.start, points: [] });
    workers[0]!.give();
    expect(state().run.points).toEqual([]);
    await training.swap();
    expect(state().run).toBe(run);
    expect(workers[0]!.told).toEqual(['restart', 'swap']);
  });

  it('other questions are another training, in another worker', async () => {
    await training.train(STUDY, SETTINGS, 1);
    await training.train({ ...STUDY, candidates: 3 }, SETTINGS, 1);
    expect(workers).toHaveLength(2);
    expect(workers[0]!.told).toEqual(['close']);
    expect(stepOf(state().run)).toBe(1);
  });

  it('says what went wrong: before it is open, in the midst of it, and where the worker died', async () => {
    broken = new RankscopeError('network', 'No line.');
    await training.train(STUDY, SETTINGS, 1);
    expect(state()).toMatchObject({ status: 'closed', error: { message: 'No line.' }, run: NO_RUN });
    broken = undefined;
    await training.train(STUDY, SETTINGS, 2);
    workers[1]!.fails = new RankscopeError('device', 'Out of memory.');
    await training.train(STUDY, SETTINGS, 1);
    expect(state()).toMatchObject({ status: 'paused', error: { message: 'Out of memory.' } });
    workers[1]!.fails = new RankscopeError('worker', 'It ended.');
    await training.train(STUDY, SETTINGS, 1);
    // What was drawn stays; the next press begins anew.
    expect(state()).toMatchObject({ status: 'closed', error: { code: 'worker' } });
    expect(stepOf(state().run)).toBe(2);
    await training.restart();
    expect(state()).toEqual(initialTraining);
    await training.train(STUDY, SETTINGS, 1);
    expect(workers).toHaveLength(3);
    expect(state()).toMatchObject({ status: 'paused', error: null });
  });

  it('puts the student into the library and the Student column, and makes a zip', async () => {
    useSettings.getState().setStudentMode('base');
    await training.train(STUDY, SETTINGS, 3);
    await training.use();
    expect(put).toMatchObject([{ id: 'local:lesson-student:abcdef01', title: 'Lesson student, 3 steps' }]);
    expect(state().kept).toMatchObject({ step: 3 });
    expect(useSettings.getState().models.student).toBe('local:lesson-student:abcdef01');
    expect(useSettings.getState().studentMode).toBe('student');
    expect((await training.zip())?.size).toBe(3);
    useSettings.getState().chooseModel('student', null);
  });
});
