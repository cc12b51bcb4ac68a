/**
 * Runs the columns: BM25 first, then the student, then the teacher, so that neither model slows
 * the other's clock; a race runs both models at once. Every column ends in a settled state, and
 * what a run has learnt is kept whatever ends it.
 */
import type { AnswerCache } from '../storage/answers.ts';
import type { Candidate, Query } from '../types.ts';
import { isEmpty, useCorpus } from './corpus.ts';
import { ASK_ABOVE_SECONDS, estimate, expectedSeconds, usePromptLengths } from './estimate.ts';
import { ColumnCommits, type Schedule } from './frames.ts';
import type { Indexer } from './indexer.ts';
import { currentInputs, inputKey } from './inputs.ts';
import type { ModelSlots } from './model-slots.ts';
import { useModels } from './models.ts';
import { useQuery } from './query.ts';
import { CANCEL_MS } from './rank-slot.ts';
import { COLUMNS, type ColumnId, noCounts, noRanking, type RunMessage, useRun } from './run.ts';
import { runBm25, seedColumns } from './run-bm25.ts';
import { RunHandle } from './run-handle.ts';
import { learn, type ModelRunDeps, runModel, warmAnswers } from './run-model.ts';
import { useSettings } from './settings.ts';

export interface OrchestratorDeps {
  readonly slots: ModelSlots;
  readonly indexer: Indexer;
  readonly answers: AnswerCache;
  /** Has whatever else uses the scorer workers let go of them. */
  readonly makeRoom?: () => Promise<void>;
  /** When gathered changes are committed; the next frame unless a test says otherwise. */
  readonly schedule?: Schedule;
  /** Milliseconds on a clock that does not jump. */
  readonly now?: () => number;
  /** How long a worker may take to answer a cancel. */
  readonly cancelMs?: number;
}

const MODELS = ['student', 'teacher'] as const;
type ModelColumn = (typeof MODELS)[number];

interface Plan {
  readonly race: boolean;
  readonly columns: readonly ColumnId[];
  /** Candidates of the run that is resumed; absent: BM25 finds them. */
  readonly candidates?: readonly Candidate[];
  /** Everything is asked, kept answers or not. */
  readonly fresh?: boolean;
}

export class Orchestrator {
  readonly #deps: ModelRunDeps & Pick<OrchestratorDeps, 'indexer' | 'makeRoom'>;
  readonly #commits: ColumnCommits;
  #run: RunHandle | undefined;
  /** Inputs for which a long run has been confirmed: it is not asked again. */
  #confirmed = '';

  constructor(deps: OrchestratorDeps) {
    this.#deps = { now: () => performance.now(), cancelMs: CANCEL_MS, ...deps };
    this.#commits = new ColumnCommits(deps.schedule);
  }

  /** Settles when the current run, if any, has ended. For tests and for the page's end. */
  get finished(): Promise<void> {
    return this.#run?.finished ?? Promise.resolve();
  }

  rank(): void {
    this.#begin(false);
  }

  race(): void {
    this.#begin(true);
  }

  cancel(): void {
    this.#run?.cancel();
  }

  resume(column?: ColumnId): void {
    const { columns, active, raced } = useRun.getState();
    if (active) return;
    const open = COLUMNS.filter((id) =>
      column === undefined ? columns[id].state !== 'done' : id === column,
    );
    const stale = COLUMNS.some((id) => columns[id].stale);
    if (stale || open.includes('bm25') || columns.bm25.state !== 'done') this.#begin(raced);
    else if (open.length > 0) {
      this.#start({ race: raced && open.length > 1, columns: open, candidates: columns.bm25.candidates });
    }
  }

  /** Ranks the same candidates again and asks every question anew; ranks as usual where that is not the same run. */
  measureAgain(): void {
    const { columns, active } = useRun.getState();
    if (active) return;
    const same = COLUMNS.every((id) => columns[id].state === 'done' && !columns[id].stale);
    if (!same) this.#begin(false);
    else this.#start({ race: false, columns: MODELS, candidates: columns.bm25.candidates, fresh: true });
  }

  confirm(): void {
    const asked = useRun.getState().needsConfirmation;
    if (!asked) return;
    this.#confirmed = inputKeys();
    this.#begin(asked.race);
  }

  /** Marks columns whose inputs have changed since (or are again what they were). */
  markStale(): void {
    const inputs = currentInputs();
    for (const id of COLUMNS) {
      this.#commits.update(id, (column) => {
        const stale = column.inputKey !== '' && column.inputKey !== inputKey(id, inputs);
        return stale === column.stale ? column : { ...column, stale };
      });
    }
  }

  #begin(race: boolean): void {
    const message = missingInput();
    useRun.setState({ message, needsConfirmation: null });
    if (message) return;
    const expected = expect();
    const seconds = expected && expectedSeconds(expected, race);
    if (expected && seconds !== null && seconds > ASK_ABOVE_SECONDS && this.#confirmed !== inputKeys()) {
      const calls = expected.student.calls + expected.teacher.calls;
      useRun.setState({ needsConfirmation: { seconds, calls, race } });
      return;
    }
    this.#start({ race, columns: COLUMNS });
  }

  #start(plan: Plan): void {
    const before = this.#run;
    const inputs = currentInputs();
    const run = new RunHandle(this.#commits, inputs, queryOf(inputs.query.text));
    if (before) {
      before.replaced = true;
      before.cancel();
    }
    this.#run = run;
    for (const id of MODELS) if (plan.columns.includes(id)) this.#deps.slots.revive(id);
    // Old rows stay for the moment a search takes; while a corpus is being read they would mislead.
    const empty = plan.candidates || useCorpus.getState().index.state === 'ready' ? {} : noRanking;
    for (const id of plan.columns) {
      this.#commits.update(id, (column) => ({
        ...column,
        ...beginning,
        ...empty,
        // A column that is resumed has come so far already.
        ...(plan.candidates && !plan.fresh && { ms: column.ms, earlierMs: column.ms }),
        raced: plan.race && id !== 'bm25',
        method: id === 'bm25' ? 'bm25' : column.method,
      }));
    }
    this.#commits.flush();
    useRun.setState({ active: true, raced: plan.race, message: null, needsConfirmation: null });
    run.finished = this.#execute(run, plan, before?.finished);
  }

  async #execute(run: RunHandle, plan: Plan, before: Promise<void> | undefined): Promise<void> {
    try {
      await before;
      await this.#deps.makeRoom?.();
      const models = MODELS.filter((id) => plan.columns.includes(id));
      const candidates = plan.candidates ?? (await this.#firstStage(run, models));
      if (candidates) await this.#models(run, plan, models, candidates);
    } finally {
      // Queued columns of a run that was cancelled or whose first stage failed.
      for (const id of plan.columns) run.settle(id, { state: 'cancelled' });
      if (this.#run === run) {
        this.markStale();
        this.#commits.flush();
        useRun.setState({ active: false });
      }
    }
  }

  async #firstStage(
    run: RunHandle,
    models: readonly ModelColumn[],
  ): Promise<readonly Candidate[] | undefined> {
    if (run.signal.aborted) return undefined;
    const { indexer, now, cancelMs } = this.#deps;
    const candidates = await runBm25(run, indexer, now, cancelMs);
    if (candidates) seedColumns(run, candidates, models);
    this.markStale();
    return candidates;
  }

  async #models(
    run: RunHandle,
    { race, fresh }: Plan,
    models: readonly ModelColumn[],
    candidates: readonly Candidate[],
  ): Promise<void> {
    if (candidates.length === 0) {
      for (const id of models) run.settle(id, { state: 'done' });
      return;
    }
    if (fresh) seedColumns(run, candidates, models);
    else for (const id of models) void warmAnswers(id, run, this.#deps);
    const one = async (id: ModelColumn): Promise<void> => {
      if (run.signal.aborted) return;
      await runModel(run, id, candidates, this.#deps, fresh);
      if (!run.replaced) learn(id, run, this.#commits.get(id));
    };
    if (race) await Promise.all(models.map(one));
    else for (const id of models) await one(id);
  }
}

/** A column at the click. */
const beginning = { ...noCounts, state: 'running', phase: 'queued' } as const;

/** What is missing to rank, in words; null when all is there. */
export function missingInput(): RunMessage | null {
  const { source, index } = useCorpus.getState();
  if (isEmpty(source) || (index.state === 'ready' && index.summary.passages === 0)) {
    return {
      text: 'There is no corpus yet: choose a sample, paste some text or drop a file.',
      focus: 'corpus',
    };
  }
  if (index.state === 'error' && index.error.code === 'bad-input')
    return { text: index.error.message, focus: 'corpus' };
  if (useQuery.getState().text.trim() === '') {
    return { text: 'There is no query yet: type what you are looking for.', focus: 'query' };
  }
  return null;
}

/** The sample's query with this text, or a query of its own. */
function queryOf(text: string): Query {
  const wanted = text.trim();
  return useQuery.getState().suggestions.find((query) => query.text === wanted) ?? { id: 'q1', text: wanted };
}

function expect() {
  return estimate(
    useSettings.getState(),
    useModels.getState(),
    useCorpus.getState(),
    usePromptLengths.getState(),
  );
}

function inputKeys(): string {
  const inputs = currentInputs();
  return COLUMNS.map((id) => inputKey(id, inputs)).join();
}
