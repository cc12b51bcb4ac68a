/**
 * Runs a query set: BM25 for all queries first, so that the corpus may change afterwards, then the models,
 * query by query. It borrows the two scorer workers of the columns, whose own state it never touches: a run
 * of the columns goes first and the set goes on after it. What is done stays, whatever ends it; answers come
 * from the page's cache and go into it.
 */
import type { RankingTotals } from '../../ranking/types.ts';
import { abortable } from '../../workers/promises.ts';
import { useCorpus } from '../corpus/corpus.ts';
import type { Indexer } from '../corpus/indexer.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { deviceWish } from '../models/model-slots.ts';
import { patchSlot, useModels } from '../models/models.ts';
import { templateOf } from '../models/templates.ts';
import { lengthKey, setPromptLength, takesLonger } from '../run/estimate.ts';
import { currentInputs, type Inputs } from '../run/inputs.ts';
import { candidatesOf } from '../run/run-bm25.ts';
import { ENOUGH_CALLS, jobOf } from '../run/run-model.ts';
import { querySetKey } from './key.ts';
import { LongWork, type LongWorkDeps } from './long-work.ts';
import { LanePace } from './pace.ts';
import { callsOf, judgedQueries, type Lane, roundsOf } from './plan.ts';
import { complete, initialQuerySet, type SetProgress, useQuerySet } from './store.ts';
import type { ModelMethod, SetQuery, SetRanking } from './types.ts';

export interface QuerySetDeps extends LongWorkDeps {
  readonly indexer: Indexer;
}

/** Progress is committed at most this often: it is read by people. */
const PROGRESS_MS = 250;
export class QuerySetRunner {
  readonly #indexer: Indexer;
  readonly #work: LongWork;

  constructor(deps: QuerySetDeps) {
    this.#indexer = deps.indexer;
    this.#work = new LongWork(deps, (signal) => this.#turn(signal));
  }

  /** Settles when nothing of a set is at work any more. */
  get finished(): Promise<void> {
    return this.#work.finished;
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
    const { queries, methods, progress } = goesOn ? before : initialQuerySet;
    useQuerySet.setState({
      ...initialQuerySet,
      key,
      queries,
      methods,
      progress,
      fingerprint,
      k: inputs.settings.k,
      state: 'running',
      phase: 'queued',
    });
    const todo = judged.map((query) => kept.get(query.text) ?? { query, candidates: [], rankings: {} });
    this.#work.begin(
      (signal) => this.#execute(inputs, todo, signal),
      (ending) => {
        useQuerySet.setState(ending.state === 'stopped' ? { state: 'cancelled' } : ending);
        useQuerySet.setState(({ progress }) => ({
          phase: null,
          progress: { ...progress, method: null, secondsLeft: null },
        }));
        this.markStale();
      },
    );
  }

  /** Ends the set; what it has ranked stays. */
  cancel(): void {
    this.#work.stop();
  }

  /** Lets a run of the columns have the workers: settles when the set's step has let go of them. */
  makeRoom(): Promise<void> {
    return this.#work.makeRoom();
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
    await this.#turn(signal);
    useQuerySet.setState({ phase: 'loading' });
    const queries = await this.#firstStage(todo, inputs.settings, signal);
    await this.#models(queries, inputs, signal);
  }

  #turn(signal: AbortSignal): Promise<void> {
    return this.#work.columnsFirst(signal, () => useQuerySet.setState({ phase: 'queued' }));
  }

  async #firstStage(
    todo: readonly SetQuery[],
    { k, fill }: Inputs['settings'],
    signal: AbortSignal,
  ): Promise<readonly SetQuery[]> {
    const worker = await abortable(this.#indexer.index(), signal);
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
    const pace = paceOf(lanes, first);
    const queries = [...first];
    const models = lanes.map(({ method }) => method);
    const progress = (method: ModelMethod | null): SetProgress => ({
      queriesDone: complete(queries, models),
      method,
      ...pace.totals,
    });
    useQuerySet.setState({ methods: ['bm25', ...models], queries, progress: progress(null) });
    for (const round of rounds) {
      for (const [i, { query, candidates }] of first.entries()) {
        for (const lane of round) {
          if (queries[i]!.rankings[lane.method]) continue;
          const ranking =
            candidates.length === 0
              ? nothing
              : await this.#rank(
                  lane,
                  { query, candidates, rankings: {} },
                  pace,
                  () => useQuerySet.setState({ phase: 'scoring', progress: progress(lane.method) }),
                  signal,
                );
          pace.done(lane.method, callsOf(lane, candidates.length), ranking.cost.calls);
          queries[i] = { ...queries[i]!, rankings: { ...queries[i]!.rankings, [lane.method]: ranking } };
          useQuerySet.setState({ queries: [...queries], progress: progress(lane.method) });
        }
      }
    }
  }

  async #rank(
    lane: Lane,
    { query, candidates }: SetQuery,
    pace: LanePace<ModelMethod>,
    told: () => void,
    signal: AbortSignal,
  ): Promise<SetRanking> {
    const { now, ranker } = this.#work;
    let said = Number.NEGATIVE_INFINITY;
    const { settings, column, slot, entry } = lane;
    const { order, calls, cached, seconds, totals } = await ranker.rank(
      {
        slot,
        wanted: { entry, ...deviceWish(settings) },
        job: (card, ...of) => jobOf(column, settings, templateOf(column, settings, card), ...of),
      },
      query,
      candidates,
      {
        running(answered, time) {
          pace.running(lane.method, answered, time);
          if (now() - said < PROGRESS_MS) return;
          said = now();
          told();
        },
        dropped: () => pace.dropped(lane.method),
      },
      signal,
    );
    this.#learn(lane, totals);
    return { order, cost: { calls, cached, seconds } };
  }

  /** What a ranking says of its model's speed and the length of its prompts, as a column's run does. */
  #learn({ method, slot, column, settings }: Lane, totals: RankingTotals | undefined): void {
    if (!totals || totals.asked < ENOUGH_CALLS || !(totals.seconds > 0)) return;
    if (takesLonger(column, settings)) return;
    const key = lengthKey(column, settings, useModels.getState(), useQuerySet.getState().fingerprint);
    setPromptLength(key, totals.tokens / totals.asked);
    // The base is asked in the teacher's worker; its short prompts say little about the teacher's pace.
    if (method !== 'base') patchSlot(slot, { tokensPerSecond: totals.tokens / totals.seconds });
  }
}

const nothing: SetRanking = { order: [], cost: { calls: 0, cached: 0, seconds: 0 } };

/** What every lane has to do, and what is done of it. */
function paceOf(lanes: readonly Lane[], queries: readonly SetQuery[]): LanePace<ModelMethod> {
  return new LanePace(
    lanes.map((lane) => {
      let [planned, answered, seconds] = [0, 0, 0];
      for (const { candidates, rankings } of queries) {
        const cost = rankings[lane.method]?.cost;
        planned += cost?.calls ?? callsOf(lane, candidates.length);
        answered += cost?.calls ?? 0;
        seconds += cost?.seconds ?? 0;
      }
      return { id: lane.method, planned, answered, seconds };
    }),
  );
}
