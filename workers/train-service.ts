/** What the train worker does; apart from the worker itself, so that it runs in tests too. */
import type { FolderReader } from '../src/bytes/byte-source.ts';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import { isAbort, RankscopeError, throwIfCancelled } from '../src/errors.ts';
import type { Runtime } from '../src/inference/runtime.ts';
import { prpAllPairs } from '../src/ranking/methods/prp-allpair/method.ts';
import { relevanceGeneration } from '../src/ranking/methods/rg/method.ts';
import { defaultTemplate } from '../src/ranking/templates.ts';
import type {
  StudentFacts,
  StudentFiles,
  TrainedStep,
  TrainOpened,
  TrainProgress,
  TrainRequest,
  TrainSettings,
  TrainState,
  TrainWorkerApi,
} from '../src/workers/train-protocol.ts';
import { askPairs, askPoints } from './train/ask-teacher.ts';
import { PageStudent, STUDENT_WORDING } from './train/page-student.ts';
import { type BaseModel, readBase } from './train/read-base.ts';
import { studentFiles, zipOf } from './train/student-checkpoint.ts';
import { mean, ndcgOf, studyLists } from './train/study-lists.ts';

export interface TrainParts {
  readonly runtime: () => Promise<Runtime>;
  readonly folder: (url: string) => FolderReader;
}

/** Steps between two looks at the held-out questions, which take as long as a step: at first, and from some step on. */
const MEASURE_EVERY = [5, 10] as const;
const SETTLED = 20;
const isDue = (step: number): boolean => step % MEASURE_EVERY[step <= SETTLED ? 0 : 1] === 0;

/** What stands once a training is open. */
interface Open {
  readonly request: TrainRequest;
  readonly base: BaseModel;
  readonly opened: TrainOpened;
  readonly student: PageStudent;
}

export class TrainService implements TrainWorkerApi {
  readonly #parts: TrainParts;
  #open: Open | undefined;
  #settings: TrainSettings = { learningRate: 3e-4, listSize: 8, follow: 0 };
  #running: AbortController | undefined;
  /** What runs now, to be waited for. */
  #over: Promise<void> = Promise.resolve();

  constructor(parts: TrainParts) {
    this.#parts = parts;
  }

  async open(request: TrainRequest, onProgress: (progress: TrainProgress) => void): Promise<TrainOpened> {
    if (this.#running) throw new RankscopeError('bad-input', 'Another training is at work. Wait for it.');
    const running = new AbortController();
    this.#running = running;
    try {
      await this.#open?.student.release();
      this.#open = undefined;
      this.#open = await this.#prepare(request, running.signal, onProgress);
      return this.#open.opened;
    } finally {
      this.#running = undefined;
    }
  }

  set(settings: TrainSettings): void {
    this.#settings = settings;
  }

  async state(): Promise<TrainState> {
    const { student } = this.#opened();
    return { step: student.step, scores: await student.scores(this.#settings.follow) };
  }

  async run(steps: number, onStep: (step: TrainedStep) => void): Promise<void> {
    const { student } = this.#opened();
    await this.#stop();
    const running = new AbortController();
    this.#running = running;
    this.#over = this.#steps(student, steps, running.signal, onStep).finally(() => {
      this.#running = undefined;
    });
    // Whoever waits for it later is not told twice.
    const over = this.#over;
    this.#over = over.catch(() => {});
    await over;
  }

  pause(): void {
    this.#running?.abort();
  }

  async restart(): Promise<TrainState> {
    await this.#stop();
    this.#opened().student.restart();
    return this.state();
  }

  async swap(): Promise<TrainState> {
    await this.#stop();
    this.#opened().student.swap();
    return this.state();
  }

  async student(facts: StudentFacts): Promise<StudentFiles> {
    await this.#stop();
    const { student, base, request, opened } = this.#opened();
    const model = student.model.snapshot();
    return studentFiles({ base, model, steps: student.step, request, opened, facts });
  }

  async zip(facts: StudentFacts): Promise<Blob> {
    return zipOf('lesson-student', (await this.student(facts)).files);
  }

  async #stop(): Promise<void> {
    this.pause();
    await this.#over;
  }

  #opened(): Open {
    if (!this.#open) throw new RankscopeError('internal', 'Nothing has been opened to train.');
    return this.#open;
  }

  async #prepare(
    request: TrainRequest,
    signal: AbortSignal,
    onProgress: (progress: TrainProgress) => void,
  ): Promise<Open> {
    onProgress({ phase: 'load' });
    const runtime = await this.#parts.runtime();
    const folder = this.#parts.folder(request.url);
    const taught = studyLists(request.taught, request.candidates);
    const heldOut = studyLists(request.heldOut, request.candidates);
    const { card, scorer } = await openCheckpoint(folder, runtime, { dtype: 'int8', signal });
    const all = [...taught, ...heldOut];
    const total = all.reduce((sum, { candidates: { length: n } }) => sum + n * (n - 1), 0);
    let answers: Awaited<ReturnType<typeof askPairs>>;
    let points: Awaited<ReturnType<typeof askPoints>>;
    let relevance: number;
    try {
      const pairs = defaultTemplate(prpAllPairs.id, card.templates);
      const own = defaultTemplate(relevanceGeneration.id, card.templates);
      // First of all what is not timed: it warms the model up.
      relevance = (await askPoints('own', heldOut, own, scorer, { signal })).ndcg;
      answers = await askPairs(all, pairs, scorer, {
        signal,
        onCalls: ({ calls, seconds }) => onProgress({ phase: 'label', done: calls, total, seconds }),
      });
      points = await askPoints('student', heldOut, STUDENT_WORDING, scorer, { signal });
    } finally {
      await scorer.dispose();
    }
    throwIfCancelled(signal);
    onProgress({ phase: 'student' });
    const base = await readBase(folder, signal);
    const lists = taught.map((list, i) => ({ ...list, decisions: answers.asked[i]!.decisions }));
    const student = new PageStudent({
      runtime,
      base: base.model,
      tokenizer: base.files.tokenizer,
      limits: base.card.limits,
      taught: lists,
      heldOut,
      seed: request.seed,
    });
    const ndcg = await student.measure(signal);
    const scores = await student.scores(this.#settings.follow);
    const opened: TrainOpened = {
      threads: runtime.threads,
      parameters: student.size,
      lists: lists.map(({ query, candidates, decisions }) => {
        return { query, decisions, passages: candidates.map(({ passage }) => passage) };
      }),
      ndcg: {
        bm25: mean(
          heldOut.map((list) =>
            ndcgOf(
              list,
              list.candidates.map((_, i) => i),
            ),
          ),
        ),
        relevance,
        teacher: mean(heldOut.map((list, i) => ndcgOf(list, answers.asked[taught.length + i]!.order))),
      },
      pairs: answers.cost,
      points: points.cost,
      start: { step: 0, scores, ndcg },
    };
    return { request, base, opened, student };
  }

  async #steps(
    student: PageStudent,
    count: number,
    signal: AbortSignal,
    onStep: (step: TrainedStep) => void,
  ): Promise<void> {
    try {
      for (let i = 0; i < count; i++) {
        const { learningRate, listSize, follow } = this.#settings;
        const began = performance.now();
        const { loss, rate, gradientNorm } = await student.train(learningRate, listSize, signal);
        const seconds = (performance.now() - began) / 1000;
        const { step } = student;
        const due = isDue(step) || i === count - 1;
        // A pause in the midst of measuring leaves the step without a figure, not undone.
        const ndcg = due ? await student.measure(signal).catch(undefinedIfAborted) : undefined;
        onStep({ step, loss, rate, gradientNorm, seconds, ndcg, scores: await student.scores(follow) });
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }
}

/** For `catch`: a cancelled measuring is an answer, other errors pass. */
function undefinedIfAborted(error: unknown): undefined {
  if (!isAbort(error)) throw error;
}
