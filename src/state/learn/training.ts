/** The training of lesson 6: one student, in a worker of its own, and what the page knows of it. */
import { create } from 'zustand';
import { type ErrorData, isAbort, toErrorData } from '../../errors.ts';
import { TrainClient } from '../../workers/train-client.ts';
import type {
  StudentFacts,
  StudentFiles,
  TrainedStep,
  TrainOpened,
  TrainProgress,
  TrainRequest,
  TrainSettings,
} from '../../workers/train-protocol.ts';
import { type FetchJson, fetchJson, readModels, readSample, readSampleIndex } from '../models/catalog.ts';
import { library } from '../models/library.ts';
import { useSettings } from '../settings.ts';
import { lossCurve, NO_RUN, ndcgCurve, type Run, stepOf } from './run.ts';

/** What is taught and measured on: what a training is opened with. */
export interface Study {
  /** Ids of samples. */
  readonly taught: string;
  readonly heldOut: string;
  /** Passages a question that the teacher compares. */
  readonly candidates: number;
}

export type TrainingStatus = 'closed' | 'opening' | 'paused' | 'running' | 'saving';

export interface TrainingState {
  readonly status: TrainingStatus;
  /** While it opens. */
  readonly progress: TrainProgress | null;
  readonly study: Study | null;
  readonly opened: TrainOpened | null;
  readonly run: Run;
  /** The student of before the last new start. */
  readonly former: Run | null;
  /** The step at which “Train” pauses by itself. */
  readonly goal: number;
  readonly error: ErrorData | null;
  /** The student that was put into the library: its id there, and after how many steps. */
  readonly kept: { readonly id: string; readonly title: string; readonly step: number } | null;
}

export const initialTraining: TrainingState = {
  status: 'closed',
  progress: null,
  study: null,
  opened: null,
  run: NO_RUN,
  former: null,
  goal: 0,
  error: null,
  kept: null,
};

export const useTraining = create<TrainingState>()(() => initialTraining);

/** Steps that one press of “Train” does. */
export const STEPS_A_PRESS = 100;
const SEED = 1;

/** The worker's side, as far as the page uses it; tests have their own. */
export type TrainWorker = Pick<
  TrainClient,
  'open' | 'set' | 'run' | 'pause' | 'restart' | 'swap' | 'student' | 'zip' | 'close'
>;

export interface TrainingParts {
  readonly worker: () => TrainWorker;
  readonly fetchJson: FetchJson;
  readonly put: (about: Parameters<typeof library.put>[0], files: StudentFiles['files']) => Promise<void>;
}

const set = useTraining.setState;
const get = useTraining.getState;
const sameStudy = (a: Study, b: Study): boolean =>
  a.taught === b.taught && a.heldOut === b.heldOut && a.candidates === b.candidates;

export class Training {
  readonly #parts: TrainingParts;
  #worker: TrainWorker | undefined;
  /** Counts students: a step of one that is not shown any more is not shown either. */
  #live = 0;
  #settings: TrainSettings = { learningRate: 3e-4, listSize: 8, follow: 0 };

  constructor(parts: TrainingParts) {
    this.#parts = parts;
  }

  /** Opens what the study names unless it is open, and trains; `steps` 1 is “Step”. What goes wrong is in the store. */
  async train(study: Study, settings: TrainSettings, steps = STEPS_A_PRESS): Promise<void> {
    const { status } = get();
    if (status === 'opening' || status === 'running' || status === 'saving') return;
    try {
      if (get().study === null || !sameStudy(get().study!, study)) await this.#open(study, settings);
      this.set(settings);
      set({ status: 'running', error: null, goal: stepOf(get().run) + steps });
      const live = this.#live;
      await this.#worker!.run(steps, (step) => live === this.#live && this.#stepped(step));
      set({ status: 'paused' });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** While it opens: gives that up. */
  pause(): void {
    if (get().status === 'opening') this.close();
    else this.#worker?.pause();
  }

  /** For the next step. */
  set(settings: TrainSettings): void {
    this.#settings = settings;
    this.#worker?.set(settings);
  }

  /** An untaught student again; the one of now is kept as the former. While it opens: gives that up. */
  async restart(): Promise<void> {
    const { run, status } = get();
    if (status === 'opening' || !this.#worker) this.close();
    if (!this.#worker || run.points.length === 0) return;
    this.#live++;
    set({ run: { start: run.start, points: [] }, former: run, kept: null });
    try {
      await this.#worker.restart();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The former student again, and the one of now in its place. */
  async swap(): Promise<void> {
    const { run, former } = get();
    if (!this.#worker || !former) return;
    this.#live++;
    set({ run: former, former: run, kept: null });
    try {
      await this.#worker.swap();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Puts the student into the library and the Student column. @returns its name, or undefined where that failed */
  async use(): Promise<void> {
    await this.#saving(async (facts) => {
      const { title, digest, files } = await this.#worker!.student(facts);
      const short = digest.sha256.slice(0, 8);
      const id = `local:lesson-student:${short}`;
      await this.#parts.put({ id, title, address: title, source: 'converted', kind: 'checkpoint' }, files);
      const { chooseModel, setStudentMode } = useSettings.getState();
      chooseModel('student', id);
      setStudentMode('student');
      set({ kept: { id, title, step: stepOf(get().run) } });
    });
  }

  /** The student as a checkpoint in a zip; undefined where that failed. */
  async zip(): Promise<Blob | undefined> {
    let made: Blob | undefined;
    await this.#saving(async (facts) => {
      made = await this.#worker!.zip(facts);
    });
    return made;
  }

  /** Ends the worker: all is as before the first press. */
  close(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.close();
    set(initialTraining);
  }

  async #open(study: Study, settings: TrainSettings): Promise<void> {
    this.close();
    set({ status: 'opening', progress: { phase: 'load' } });
    const worker = this.#parts.worker();
    this.#worker = worker;
    const request = await this.#request(study);
    worker.set(settings);
    const opened = await worker.open(request, (progress) => {
      if (this.#worker === worker) set({ progress });
    });
    set({ study, opened, progress: null, run: { start: opened.start, points: [] }, former: null });
  }

  async #request({ taught, heldOut, candidates }: Study): Promise<TrainRequest> {
    const { fetchJson: json } = this.#parts;
    const [models, samples] = await Promise.all([readModels(json), readSampleIndex(json)]);
    const teacher = models.find(({ role }) => role === 'teacher');
    if (!teacher) throw new Error('models/index.json has no teacher to learn from. Build the page again.');
    const sampleOf = (id: string) => readSample(json, samples.find((one) => one.id === id) ?? samples[0]!);
    return {
      url: `models/${teacher.path}`,
      taught: await sampleOf(taught),
      heldOut: await sampleOf(heldOut),
      candidates,
      seed: SEED,
    };
  }

  #stepped(step: TrainedStep): void {
    const { listSize, follow } = this.#settings;
    const { run } = get();
    set({ run: { ...run, points: [...run.points, { ...step, listSize, follow }] } });
  }

  async #saving(work: (facts: StudentFacts) => Promise<void>): Promise<void> {
    const { run, status } = get();
    if (!this.#worker || status === 'opening' || status === 'saving') return;
    set({ status: 'saving', error: null });
    try {
      await work({ settings: this.#settings, lossCurve: lossCurve(run), ndcgCurve: ndcgCurve(run) });
      set({ status: 'paused' });
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (isAbort(error) || !this.#worker) return;
    const data = toErrorData(error);
    // What a dead worker held is lost; what was drawn stays.
    if (data.code === 'worker' || get().opened === null) {
      this.#worker.close();
      this.#worker = undefined;
      set({ status: 'closed', study: null, progress: null, error: data });
    } else set({ status: 'paused', error: data });
  }
}

export const training = new Training({
  worker: () => new TrainClient(),
  fetchJson,
  put: (about, files) => library.put(about, files),
});
