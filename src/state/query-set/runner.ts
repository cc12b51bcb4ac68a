/**
 * Runs a query set: BM25 for all queries first, so that the corpus may change afterwards, then the models,
 * query by query. It borrows the two scorer workers of the columns, whose own state it never touches: a run
 * of the columns goes first and the set goes on after it. What is done stays, whatever ends it; answers come
 * from the page's cache and go into it.
 */
import { isAbort, toErrorData } from '../../errors.ts';
import { answersIn } from '../../ranking/event-answers.ts';
import type { RankingEvent, RankingTotals } from '../../ranking/types.ts';
import type { AnswerCache } from '../../storage/answers.ts';
import { abortable, CANCEL_MS } from '../../workers/promises.ts';
import type { ScorerWorker } from '../../workers/types.ts';
import { useCorpus } from '../corpus/corpus.ts';
import type { Indexer } from '../corpus/indexer.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { adviceFor, deviceWish, type ModelSlots } from '../models/model-slots.ts';
import { patchSlot, useModels } from '../models/models.ts';
import { reloadLost } from '../models/reload-lost.ts';
import { templateOf } from '../models/templates.ts';
import { lengthKey, setPromptLength } from '../run/estimate.ts';
import { currentInputs, type Inputs } from '../run/inputs.ts';
import { rankInSlot } from '../run/rank-slot.ts';
import { useRun } from '../run/run.ts';
import { candidatesOf } from '../run/run-bm25.ts';
import { withAdvice } from '../run/run-handle.ts';
import { ENOUGH_CALLS, jobOf, scopeOf } from '../run/run-model.ts';
import { querySetKey } from './key.ts';
import { SetPace } from './pace.ts';
import { judgedQueries, type Lane, roundsOf } from './plan.ts';
import { initialQuerySet, noProgress, useQuerySet } from './store.ts';
import type { SetQuery, SetRanking } from './types.ts';

export interface QuerySetDeps {
  readonly slots: ModelSlots;
  readonly indexer: Indexer;
  readonly answers: AnswerCache;
  /** Settles when the columns' run, if any, has ended. */
  readonly columnsFinished: () => Promise<void>;
  /** Has the workers hold again what the columns want. */
  readonly restoreSlots: () => void;
  /** Milliseconds on a clock that does not jump. */
  readonly now?: () => number;
  readonly cancelMs?: number;
}

/** Progress is committed at most this often: it is read by people. */
const PROGRESS_MS = 250;
/** How often a worker may be taken away for another model before the set gives up. */
const MAX_TAKEN = 3;

interface Step {
  readonly abort: AbortController;
  ended: Promise<unknown>;
}

export class QuerySetRunner {
  readonly #deps: Required<QuerySetDeps>;
  #abort: AbortController | undefined;
  #step: Step | undefined;
  #finished: Promise<void> = Promise.resolve();

  constructor(deps: QuerySetDeps) {
    this.#deps = { now: () => performance.now(), cancelMs: CANCEL_MS, ...deps };
  }

  /** Settles when nothing of a set is at work any more. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  /** Starts the set of the current corpus, or resumes it where it was stopped. Does nothing while one runs. */
  start(): void {
    const before = useQuerySet.getState();
    if (before.state === 'running') return;
    const inputs = currentInputs();
    const key = querySetKey(inputs);
    const { suggestions } = useQuery.getState();
    const { textHashes, fingerprint } = useCorpus.getState();
    const judged = judgedQueries(suggestions, useGrades.getState().table, textHashes);
    if (judged.length === 0) return;
    const goesOn = before.key === key && (before.state === 'cancelled' || before.state === 'error');
    const kept = new Map(goesOn ? before.queries.map((one) => [one.query.text, one]) : []);
    this.#abort = new AbortController();
    useQuerySet.setState({
      ...initialQuerySet,
      key,
      fingerprint,
      k: inputs.settings.k,
      state: 'running',
      phase: 'queued',
      ...(goesOn ? { queries: before.queries, methods: before.methods, progress: before.progress } : {}),
    });
    this.#finished = this.#execute(
      inputs,
      judged.map((query) => kept.get(query.text) ?? { query, candidates: [], rankings: {} }),
      this.#abort.signal,
    );
  }

  /** Ends the set; what it has ranked stays. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Lets a run of the columns have the workers: settles when the set's step has let go of them. */
  async makeRoom(): Promise<void> {
    if (useQuerySet.getState().state !== 'running') return;
    this.#step?.abort.abort();
    await this.#step?.ended;
    this.#deps.restoreSlots();
  }

  /** Watches the inputs; returns the way to stop. A set of another corpus has ended with its corpus. */
  watch(): () => void {
    return useCorpus.subscribe(({ fingerprint }) => {
      const { state, fingerprint: own } = useQuerySet.getState();
      if (state === 'running' && fingerprint !== own) this.cancel();
    });
  }

  /** Marks the set where something it depends on has changed since (or is again what it was). */
  markStale(): void {
    const { state, key, stale } = useQuerySet.getState();
    if (state === 'idle') return;
    const now = key !== querySetKey(currentInputs());
    if (now !== stale) useQuerySet.setState({ stale: now });
  }

  async #execute(inputs: Inputs, todo: readonly SetQuery[], signal: AbortSignal): Promise<void> {
    const { answers, restoreSlots } = this.#deps;
    try {
      await this.#turn(signal);
      useQuerySet.setState({ phase: 'loading' });
      const queries = await this.#firstStage(todo, inputs.settings, signal);
      await this.#models(queries, inputs, signal);
      useQuerySet.setState({ state: 'done' });
    } catch (error) {
      const data = toErrorData(error);
      useQuerySet.setState(
        isAbort(error)
          ? { state: 'cancelled' }
          : { state: 'error', error: { ...data, message: withAdvice(data.message, adviceFor(data)) } },
      );
    } finally {
      useQuerySet.setState(({ progress }) => ({
        phase: null,
        progress: { ...progress, method: null, secondsLeft: null },
      }));
      this.markStale();
      restoreSlots();
      void answers.flush();
    }
  }

  /** Waits until the columns do not rank. */
  async #turn(signal: AbortSignal): Promise<void> {
    while (useRun.getState().active) {
      useQuerySet.setState({ phase: 'queued' });
      await abortable(this.#deps.columnsFinished(), signal);
    }
  }

  async #firstStage(
    todo: readonly SetQuery[],
    { k, fill }: Inputs['settings'],
    signal: AbortSignal,
  ): Promise<readonly SetQuery[]> {
    const worker = await abortable(this.#deps.indexer.index(), signal);
    const queries: SetQuery[] = [];
    for (const one of todo) {
      if (one.rankings.bm25) {
        queries.push(one);
        continue;
      }
      const answer = await abortable(worker.find(one.query.text, k, fill), signal);
      const candidates = candidatesOf(answer);
      const cost = { calls: 0, cached: 0, seconds: answer.ms / 1000 };
      const bm25 = { order: candidates.map((_, i) => i), cost };
      queries.push({ ...one, candidates, rankings: { bm25 } });
    }
    return queries;
  }

  async #models(first: readonly SetQuery[], inputs: Inputs, signal: AbortSignal): Promise<void> {
    const rounds = roundsOf(inputs.settings, useModels.getState().catalog ?? []);
    const lanes = rounds.flat();
    const pace = new SetPace(lanes, first);
    const queries = [...first];
    const methods = ['bm25' as const, ...lanes.map(({ method }) => method)];
    useQuerySet.setState({ methods, queries, progress: { ...noProgress, ...pace.progress(queries, null) } });
    for (const round of rounds) {
      for (const [i, { query, candidates }] of first.entries()) {
        for (const lane of round) {
          if (queries[i]!.rankings[lane.method]) continue;
          const ranking =
            candidates.length === 0
              ? nothing
              : await this.#rank(lane, { query, candidates, rankings: {} }, pace, queries, signal);
          pace.done(lane, candidates.length, ranking.cost.calls);
          queries[i] = { ...queries[i]!, rankings: { ...queries[i]!.rankings, [lane.method]: ranking } };
          useQuerySet.setState({ queries: [...queries], progress: pace.progress(queries, lane.method) });
        }
      }
    }
  }

  /** One ranking; begun again where the columns' run, or another model, has taken the worker meanwhile. */
  async #rank(
    lane: Lane,
    query: SetQuery,
    pace: SetPace,
    queries: readonly SetQuery[],
    signal: AbortSignal,
  ): Promise<SetRanking> {
    for (let [taken, reloads] = [0, 0]; ; ) {
      await this.#turn(signal);
      const step: Step = { abort: new AbortController(), ended: Promise.resolve() };
      const held: { worker?: ScorerWorker } = {};
      const told = (): void =>
        useQuerySet.setState({ phase: 'scoring', progress: pace.progress(queries, lane.method) });
      const work = this.#ask(lane, query, held, pace, told, AbortSignal.any([signal, step.abort.signal]));
      step.ended = work.catch(() => {});
      this.#step = step;
      try {
        return await work;
      } catch (error) {
        pace.dropped(lane);
        if (signal.aborted) throw error;
        const { slots } = this.#deps;
        const lost = held.worker !== undefined && slots.holder(lane.slot) !== held.worker;
        if (step.abort.signal.aborted || (lost && ++taken < MAX_TAKEN)) continue;
        if (reloadLost(slots, lane.slot, error, reloads)) {
          reloads++;
          continue;
        }
        if (held.worker && !held.worker.alive) slots.restart(lane.slot);
        throw error;
      } finally {
        this.#step = undefined;
      }
    }
  }

  async #ask(
    lane: Lane,
    { query, candidates }: SetQuery,
    held: { worker?: ScorerWorker },
    pace: SetPace,
    told: () => void,
    signal: AbortSignal,
  ): Promise<SetRanking> {
    const { slots, answers, now, cancelMs } = this.#deps;
    const { entry, settings, column } = lane;
    slots.want(lane.slot, { entry, ...deviceWish(settings) });
    slots.revive(lane.slot);
    const { worker, ready } = await abortable(slots.ready(lane.slot), signal);
    held.worker = worker;
    const scope = scopeOf(ready.info, query);
    const known = await abortable(answers.known(scope), signal);
    const template = templateOf(column, settings, ready.card);
    const job = { ...jobOf(column, settings, template, query, candidates), known };
    const seen = new Watch();
    const began = now();
    let said = Number.NEGATIVE_INFINITY;
    await rankInSlot(
      worker,
      job,
      (events, fresh) => {
        void answers.add(scope, fresh);
        for (const event of events) seen.take(event);
        pace.running(lane, seen.asked + seen.cached, (now() - began) / 1000);
        if (now() - said < PROGRESS_MS) return;
        said = now();
        told();
      },
      signal,
      cancelMs,
    );
    this.#learn(lane, seen.totals);
    return seen.ranking();
  }

  /** What a ranking says of its model's speed and the length of its prompts, as a column's run does. */
  #learn({ method, slot, column, settings }: Lane, totals: RankingTotals | undefined): void {
    if (!totals || totals.asked < ENOUGH_CALLS || !(totals.seconds > 0)) return;
    const key = lengthKey(column, settings, useModels.getState(), useQuerySet.getState().fingerprint);
    setPromptLength(key, totals.tokens / totals.asked);
    // The base is asked in the teacher's worker; its short prompts say little about the teacher's pace.
    if (method !== 'base') patchSlot(slot, { tokensPerSecond: totals.tokens / totals.seconds });
  }
}

const nothing: SetRanking = { order: [], cost: { calls: 0, cached: 0, seconds: 0 } };

/** What the events of one ranking come to. */
class Watch {
  asked = 0;
  cached = 0;
  #storedMs = 0;
  #order: readonly number[] = [];
  totals: RankingTotals | undefined;

  take(event: RankingEvent): void {
    if (event.type === 'ranking') this.#order = event.order;
    else if (event.type === 'done') this.totals = event.totals;
    for (const { cached, ms } of answersIn(event)) {
      if (cached) this.cached++;
      else this.asked++;
      this.#storedMs += ms;
    }
  }

  ranking(): SetRanking {
    const seconds = this.cached > 0 ? this.#storedMs / 1000 : (this.totals?.seconds ?? 0);
    return {
      order: this.#order,
      cost: { calls: this.asked + this.cached, cached: this.cached, seconds },
    };
  }
}
