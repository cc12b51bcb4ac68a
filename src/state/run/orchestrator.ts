/**
 * Runs the columns: BM25 first, then the student, then the teacher, so that neither model slows
 * the other's clock; a race runs both models at once. Every column ends in a settled state, and
 * what a run has learnt is kept whatever ends it.
 */
import { plannedForecast } from '../../ranking/forecast.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import type { Query } from '../../types.ts';
import { abortable, CANCEL_MS } from '../../workers/promises.ts';
import { isEmpty, useCorpus } from '../corpus/corpus.ts';
import type { Indexer } from '../corpus/indexer.ts';
import { useQuery } from '../corpus/query.ts';
import type { ModelSlots } from '../models/model-slots.ts';
import { useModels } from '../models/models.ts';
import { methodOf } from '../models/templates.ts';
import { consent } from '../remote/consent.ts';
import { remoteAsk } from '../remote/remote-ask.ts';
import { useSettings } from '../settings.ts';
import { ASK_ABOVE_SECONDS, callMs, estimate, usePromptLengths } from './estimate.ts';
import { forecastKey, useForecasts } from './forecasts.ts';
import { ColumnCommits, type Schedule } from './frames.ts';
import { currentInputs, inputKey } from './inputs.ts';
import { foresee } from './look-ahead.ts';
import { countPrompts } from './prompt-lengths.ts';
import {
  type CandidateSet,
  COLUMNS,
  type Column,
  type ColumnId,
  type Confirmation,
  columnOf,
  idleColumn,
  type RunMessage,
  type RunState,
  type ShorterRun,
  useRun,
} from './run.ts';
import { runBm25, seedColumns } from './run-bm25.ts';
import { RunHandle } from './run-handle.ts';
import { learn, type ModelRunDeps, runModel, warmAnswers } from './run-model.ts';
import { shorterRuns, total } from './shorter-runs.ts';

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
  readonly set?: CandidateSet;
  /** Everything is asked, kept answers or not. */
  readonly fresh?: boolean;
  /** What the run will take is known only once it has candidates: it may then ask whether to go on. */
  readonly unforeseen?: boolean;
}

export class Orchestrator {
  readonly #deps: ModelRunDeps & Pick<OrchestratorDeps, 'indexer' | 'makeRoom'>;
  readonly #commits: ColumnCommits;
  #run: RunHandle | undefined;
  /** Inputs for which a long run has been confirmed: it is not asked again. */
  #confirmed = '';

  constructor(deps: OrchestratorDeps) {
    this.#deps = {
      ...deps,
      now: deps.now ?? (() => performance.now()),
      cancelMs: deps.cancelMs ?? CANCEL_MS,
    };
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
    this.#settleStale();
    const { columns, active, raced } = useRun.getState();
    if (active) return;
    const open = COLUMNS.filter((id) =>
      column === undefined ? columns[id].state !== 'done' : id === column,
    );
    const stale = COLUMNS.some((id) => columns[id].stale);
    const set = foundBefore();
    if (stale || open.includes('bm25') || columns.bm25.state !== 'done' || !set) this.#begin(raced);
    else if (open.length > 0) this.#start({ race: raced && open.length > 1, columns: open, set });
  }

  /** Ranks the same candidates again and asks every question anew; ranks as usual where that is not the same run. */
  measureAgain(): void {
    this.#settleStale();
    const { columns, active } = useRun.getState();
    if (active) return;
    const same = COLUMNS.every((id) => columns[id].state === 'done' && !columns[id].stale);
    const set = foundBefore();
    if (!same || !set) this.#begin(false);
    else this.#start({ race: false, columns: MODELS, set, fresh: true });
  }

  confirm(): void {
    const asked = useRun.getState().needsConfirmation;
    if (!asked) return;
    this.#confirmed = inputKeys();
    const { column, race } = asked;
    useRun.setState({ needsConfirmation: null });
    // The other model may still be at work (race).
    if (column) void this.finished.then(() => this.resume(column));
    else this.#begin(race);
  }

  /** Runs with these settings, which were offered in the place of a longer run. */
  rankShorter(settings: ShorterRun['settings']): void {
    const race = useRun.getState().needsConfirmation?.race ?? false;
    useSettings.setState(settings);
    // What it costs stood on the button.
    this.#confirmed = inputKeys();
    void this.finished.then(() => this.#begin(race));
  }

  /** Marks columns whose inputs have changed since (or are again what they were). */
  markStale(): void {
    const inputs = currentInputs();
    for (const id of COLUMNS) {
      this.#commits.update(id, (column) => {
        const run = column.shows === null ? undefined : this.#commits.run(column.shows);
        const stale = run !== undefined && run.inputKey !== '' && run.inputKey !== inputKey(id, inputs);
        return stale === column.stale ? column : { ...column, stale };
      });
    }
  }

  /** What has changed since the last frame counts. */
  #settleStale(): void {
    this.markStale();
    this.#commits.flush();
  }

  #begin(race: boolean): void {
    const message = missingInput();
    useRun.setState({ message, needsConfirmation: null });
    if (message) return;
    const foreseen = isForeseen();
    if (foreseen && this.#ask(MODELS, race)) return;
    this.#start({ race, columns: COLUMNS, unforeseen: !foreseen });
  }

  /** Whether to go on is for the user to say: true when these models are expected to take long. */
  #ask(models: readonly ModelColumn[], race: boolean, column?: ColumnId): boolean {
    if (this.#confirmed === inputKeys()) return false;
    const needsConfirmation = tooLong(models, race);
    if (!needsConfirmation) return false;
    useRun.setState({ needsConfirmation: { ...needsConfirmation, column } });
    return true;
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
    const shown = settledColumns();
    for (const id of MODELS) if (plan.columns.includes(id)) this.#deps.slots.revive(id);
    // Old rows stay for the moment a search takes; while a corpus is being read they would mislead.
    const keep = plan.set !== undefined || useCorpus.getState().index.state === 'ready';
    for (const id of plan.columns) {
      const kept = keep ? this.#commits.column(id) : idleColumn;
      this.#commits.update(id, () => ({ ...kept, ...beginning, waiting: kept.shows !== null }));
      // A column that is resumed has come so far already.
      if (plan.set && !plan.fresh) run.resume(id, plan.set, plan.race && id !== 'bm25');
    }
    this.#commits.flush();
    useRun.setState({ active: true, raced: plan.race, message: null, needsConfirmation: null });
    run.finished = this.#execute(run, plan, shown, before?.finished);
  }

  async #execute(
    run: RunHandle,
    plan: Plan,
    shown: RunState['columns'],
    before: Promise<void> | undefined,
  ): Promise<void> {
    try {
      await before;
      await this.#deps.makeRoom?.();
      const models = MODELS.filter((id) => plan.columns.includes(id));
      const set = plan.set ?? (await this.#firstStage(run));
      if (set && plan.unforeseen && (await this.#asks(run, models, set, plan.race))) {
        // BM25's ranking is there to be seen; the models show what they showed.
        for (const id of models) run.update(id, () => shown[id]);
      } else if (set) {
        const anew = plan.fresh ? models : models.filter((id) => run.modelRun(id)?.set !== set);
        seedColumns(run, set, anew, plan.race);
        this.markStale();
        await this.#models(run, plan, models, set);
      }
    } finally {
      // Queued columns of a run that was cancelled or whose first stage failed.
      for (const id of plan.columns) run.settle(id, { state: 'cancelled' });
      if (this.#run === run) {
        this.markStale();
        this.#commits.flush();
        useForecasts.setState({ outdated: true });
        useRun.setState({ active: false });
      }
    }
  }

  async #firstStage(run: RunHandle): Promise<CandidateSet | undefined> {
    if (run.signal.aborted) return undefined;
    const { indexer, now, cancelMs } = this.#deps;
    const set = await runBm25(run, indexer, now, cancelMs);
    this.markStale();
    return set;
  }

  /** Looks up what those of the models that are loaded will have to ask, and asks the user if it is much. */
  async #asks(
    run: RunHandle,
    models: readonly ModelColumn[],
    { candidates }: CandidateSet,
    race: boolean,
    column?: ColumnId,
  ): Promise<boolean> {
    if (candidates.length === 0 || this.#confirmed === inputKeys()) return false;
    const { slots, answers } = this.#deps;
    const passages = candidates.map(({ passage }) => passage);
    const looking = Promise.all([
      foresee(run.inputs, candidates, answers),
      ...models.map((id) => countPrompts(slots, id, run.inputs, passages)),
    ]);
    try {
      await abortable(looking, run.signal);
    } catch {
      // Cancelled, or what cannot be foreseen: the run itself will meet the same fault and tell it.
      return false;
    }
    return !run.replaced && this.#ask(models, race, column);
  }

  async #models(
    run: RunHandle,
    plan: Plan,
    models: readonly ModelColumn[],
    set: CandidateSet,
  ): Promise<void> {
    const { race, fresh } = plan;
    if (set.candidates.length === 0) {
      for (const id of models) run.settle(id, { state: 'done' });
      return;
    }
    if (!fresh) for (const id of models) void warmAnswers(id, run, this.#deps);
    const unforeseen = models.filter((id) => !plan.set && !isLoaded(id));
    const one = async (id: ModelColumn): Promise<void> => {
      if (run.signal.aborted) return;
      if (unforeseen.includes(id) && (await this.#asksLate(run, id, set))) return;
      if (id === 'teacher' && !(await this.#consents(run, set, fresh))) {
        run.settle(id, { state: 'cancelled' });
        return;
      }
      await runModel(run, id, set, this.#deps, fresh);
      if (!run.replaced) learn(id, run);
    };
    if (race) await Promise.all(models.map(one));
    else for (const id of models) await one(id);
  }

  /**
   * A service is asked only on the user's word. They have been asked about a run that they began; not about one that is
   * resumed, perhaps after a reload, nor about one that asks everything again.
   */
  async #consents(run: RunHandle, { candidates }: CandidateSet, fresh = false): Promise<boolean> {
    const isService = useModels.getState().slots.teacher.model?.remote !== undefined;
    if (!isService || (!fresh && this.#confirmed === inputKeys())) return true;
    try {
      await abortable(this.#deps.slots.ready('teacher'), run.signal);
      await abortable(foresee(run.inputs, candidates, this.#deps.answers), run.signal);
      const { settings } = run.inputs;
      const inputs = { ...run.inputs, corpus: useCorpus.getState() };
      const known = [useModels.getState(), usePromptLengths.getState()] as const;
      const open = fresh
        ? plannedForecast(methodOf('teacher', settings), candidates.length, settings)
        : estimate(inputs, ...known, useForecasts.getState()).teacher;
      const ask = remoteAsk(open, inputs, ...known);
      if (!ask) return true;
      await consent([ask], { signal: run.signal });
      if (!fresh) this.#confirmed = inputKeys();
      return true;
    } catch {
      // Not agreed to, or cancelled; what cannot be loaded is told by the run itself.
      return useModels.getState().slots.teacher.status === 'error';
    }
  }

  /** A model that was still being loaded at the click: nothing could be said of its speed then. */
  async #asksLate(run: RunHandle, id: ModelColumn, set: CandidateSet): Promise<boolean> {
    run.update(id, () => ({ phase: 'loading' }));
    try {
      await abortable(this.#deps.slots.ready(id), run.signal);
    } catch {
      return false;
    }
    if (!(await this.#asks(run, [id], set, false, id))) return false;
    run.settle(id, { state: 'cancelled' });
    return true;
  }
}

/** Whether it is known what the loaded models will have to ask, and how long a call takes them. */
function isForeseen(): boolean {
  const [inputs, models, lengths] = [currentInputs(), useModels.getState(), usePromptLengths.getState()];
  const forecasts = useForecasts.getState();
  if (forecasts.outdated || useRun.getState().active) return false;
  return MODELS.filter(isLoaded).every(
    (id) =>
      forecasts[id]?.key === forecastKey(id, inputs, models) && callMs(id, inputs, models, lengths) !== null,
  );
}

const isLoaded = (id: ModelColumn): boolean => useModels.getState().slots[id].status === 'ready';

/** The columns as a run that does not come about leaves them. */
function settledColumns(): RunState['columns'] {
  const { columns } = useRun.getState();
  const settled = (column: Column): Column =>
    column.state === 'running' ? { ...column, state: 'cancelled', phase: null, startedAt: null } : column;
  return {
    bm25: settled(columns.bm25),
    student: settled(columns.student),
    teacher: settled(columns.teacher),
  };
}

/** A column at the click. */
const beginning = {
  state: 'running',
  phase: 'queued',
  expected: null,
  startedAt: null,
  error: null,
  explanation: null,
} as const satisfies Partial<Column>;

/** What BM25 found for the run that its column shows. */
const foundBefore = (): CandidateSet | undefined => columnOf(useRun.getState(), 'bm25').run?.set;

/** What is missing to rank, in words; null when all is there. */
export function missingInput(): RunMessage | null {
  const { source, index } = useCorpus.getState();
  if (source.kind === 'file' && source.size === 0) {
    return { text: `${source.name} is empty. Choose another file, or paste some text.`, focus: 'corpus' };
  }
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

/** What to ask before a run of these models; null when it is short or nothing can be said of its length. */
function tooLong(models: readonly ModelColumn[], race: boolean): Confirmation | null {
  const given = [
    { settings: useSettings.getState(), query: useQuery.getState(), corpus: useCorpus.getState() },
    useModels.getState(),
    usePromptLengths.getState(),
    useForecasts.getState(),
  ] as const;
  const expected = estimate(...given);
  // Of a model that is not loaded yet nothing is known; it is asked about when its turn comes.
  const known = models.map((id) => expected[id]).filter(({ seconds }) => seconds !== null);
  const whole = total(known, race);
  const remote = models.includes('teacher')
    ? remoteAsk(expected.teacher, given[0], given[1], given[2])
    : undefined;
  if (whole.seconds <= ASK_ABOVE_SECONDS && !remote) return null;
  return {
    ...whole,
    remote,
    race,
    cached: known.reduce((sum, { cached }) => sum + cached, 0),
    shorter: remote ? [] : shorterRuns(models, race, ...given),
  };
}

function inputKeys(): string {
  const inputs = currentInputs();
  return COLUMNS.map((id) => inputKey(id, inputs)).join();
}
