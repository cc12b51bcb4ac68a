/**
 * Jobs of single questions that are under way or were answered, by a name of whoever asked: how far they are, how long they will
 * take, what was answered. They live as long as the page, so that closing a dialog loses no answer.
 */
import { create } from 'zustand';
import { isAbort, messageOf, RankscopeError } from '../../errors.ts';
import type { ScorerInfo } from '../../inference/scorer.ts';
import type { QuestionsJob, SingleAnswer } from '../../ranking/questions.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { useModels } from '../models/models.ts';
import { type Asking, asking } from './asking.ts';

export interface QuestionRun {
  readonly slot: ScorerSlot;
  readonly job: QuestionsJob;
  readonly state: 'running' | 'done' | 'cancelled' | 'error';
  /** By position in the job's questions. */
  readonly answers: readonly (SingleAnswer | undefined)[];
  readonly answered: number;
  /** Measured milliseconds since it was asked, parts before a cancel counted in. */
  readonly ms: number;
  /** What is left at the pace so far; null before the first answers and when nothing is left. */
  readonly secondsLeft: number | null;
  /** Who answered. */
  readonly info: ScorerInfo | null;
  readonly error: string | null;
}

interface QuestionRunsState {
  readonly runs: Readonly<Record<string, QuestionRun>>;
}

export const useQuestionRuns = create<QuestionRunsState>()(() => ({ runs: {} }));

const stops = new Map<string, AbortController>();

const patch = (key: string, change: Partial<QuestionRun>): void =>
  useQuestionRuns.setState(({ runs }) => {
    const before = runs[key];
    return before ? { runs: { ...runs, [key]: { ...before, ...change } } } : { runs };
  });

const loadedInfo = (slot: ScorerSlot): ScorerInfo | null =>
  useModels.getState().slots[slot].ready?.info ?? null;

/** Jobs are made anew when a dialog is opened again. */
const isSameJob = (one: QuestionsJob, other: QuestionsJob): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/**
 * Asks a job under a name. One that was cancelled goes on from its answers when the same job comes again and the same model
 * is loaded; anything else begins anew. A model answers one job at a time: another one of the slot is cancelled.
 * @param through for tests
 */
export async function askAs(
  key: string,
  slot: ScorerSlot,
  job: QuestionsJob,
  through: Pick<Asking, 'ask'> = asking,
): Promise<QuestionRun> {
  const { runs } = useQuestionRuns.getState();
  for (const [other, run] of Object.entries(runs)) {
    if (run.slot === slot && run.state === 'running') cancelQuestions(other);
  }
  const before = runs[key];
  const goesOn =
    before !== undefined &&
    isSameJob(before.job, job) &&
    before.state !== 'done' &&
    before.info !== null &&
    before.info.digest === loadedInfo(slot)?.digest;
  const kept = goesOn ? [...before.answers] : job.questions.map(() => undefined);
  const open = kept.flatMap((answer, i) => (answer ? [] : [i]));
  const stop = new AbortController();
  stops.set(key, stop);
  const current = (): boolean => stops.get(key) === stop;
  const earlier = goesOn ? before.ms : 0;
  const started = performance.now();
  const answers: (SingleAnswer | undefined)[] = kept;
  let fresh = 0;
  const soFar = (): Pick<QuestionRun, 'answers' | 'answered' | 'ms' | 'secondsLeft'> => {
    const ms = performance.now() - started;
    const left = open.length - fresh;
    return {
      answers: [...answers],
      answered: answers.length - left,
      ms: earlier + ms,
      secondsLeft: fresh > 0 && left > 0 ? ((ms / fresh) * left) / 1000 : null,
    };
  };
  const begun: QuestionRun = { slot, job, state: 'running', info: null, error: null, ...soFar() };
  useQuestionRuns.setState(({ runs }) => ({ runs: { ...runs, [key]: begun } }));
  const end = (change: Partial<QuestionRun>): QuestionRun => {
    const ended = { ...begun, ...soFar(), secondsLeft: null, ...change };
    if (current()) {
      stops.delete(key);
      patch(key, ended);
    }
    return ended;
  };
  try {
    const onAnswers = (batch: readonly SingleAnswer[]): void => {
      for (const answer of batch) {
        const index = open[answer.index]!;
        answers[index] = { ...answer, index };
      }
      fresh += batch.length;
      if (current()) patch(key, { ...soFar(), info: loadedInfo(slot) });
    };
    const asked = { ...job, questions: open.map((i) => job.questions[i]!) };
    // A cancel is heard at once, also while a model is still being loaded.
    const info = await Promise.race([through.ask(slot, asked, onAnswers, stop.signal), aborted(stop.signal)]);
    return end({ state: 'done', info });
  } catch (error) {
    const info = loadedInfo(slot);
    if (isAbort(error)) return end({ state: 'cancelled', info });
    return end({ state: 'error', info, error: messageOf(error) });
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new RankscopeError('cancelled', 'Cancelled.')), {
      once: true,
    });
  });

/** Ends a job; its answers stay. */
export function cancelQuestions(key: string): void {
  stops.get(key)?.abort();
}

/** Whether every question was answered. */
export const isWhole = (run: QuestionRun | undefined): boolean =>
  run !== undefined && run.answered === run.job.questions.length;
