/**
 * Works off a recipe over the open data: the first stage for all queries, then the rows, query by query, in the columns'
 * workers (query-set/lane-ranker.ts). A run of the columns and a query set go first. What is done is written as it comes
 * and never asked twice, whatever ends it; a row that fails leaves the others going.
 */
import { isAbort, toErrorData } from '../../errors.ts';
import { readsOnce } from '../../inference/ranker-model.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { wordingHash } from '../../ranking/wording-hash.ts';
import type { Records } from '../../storage/records.ts';
import { textHash } from '../../text-hash.ts';
import type { Candidate, Query } from '../../types.ts';
import { abortable } from '../../workers/promises.ts';
import { patchSlot, useModels } from '../models/models.ts';
import type { LaneRanker, LaneRanking } from '../query-set/lane-ranker.ts';
import { advised, LongWork, type LongWorkDeps } from '../query-set/long-work.ts';
import { LanePace } from '../query-set/pace.ts';
import { useQuerySet } from '../query-set/store.ts';
import { ENOUGH_CALLS } from '../run/run-model.ts';
import { useSettings } from '../settings.ts';
import { type Collections, useCollection } from './collection.ts';
import { EvaluationJournal, keepCollection, sameMeta } from './journal.ts';
import { type EvaluateLane, evaluateRounds } from './lanes.ts';
import { poolOf, type Recipe, rankedRows, rowCalls, rowId } from './recipe.ts';
import { type Found, type Ranked, Results, type RowMeta } from './results.ts';
import { type EvaluateState, noEvaluateProgress, useEvaluate } from './store.ts';

export interface EvaluateDeps extends LongWorkDeps {
  readonly records: Records;
  readonly collections: Collections;
  /** Settles when the query set, if any, has ended. */
  readonly setFinished: () => Promise<void>;
}

/** Progress and the table are committed at most this often: they are read by people. */
const NEWS_MS = 300;
/** What is new is written at most this often. */
const WRITE_MS = 2000;

export class EvaluateRunner {
  readonly #deps: EvaluateDeps;
  readonly #work: LongWork;
  #journal: EvaluationJournal | undefined;
  /** What borrows the workers from an evaluation that runs: it goes on afterwards. */
  #borrowed: Promise<unknown> | undefined;
  /** Names what the results in the store belong to. */
  #key = '';
  #told = Number.NEGATIVE_INFINITY;
  #written = Number.NEGATIVE_INFINITY;

  constructor(deps: EvaluateDeps) {
    this.#deps = deps;
    this.#work = new LongWork(deps, (signal) => this.#turn(signal));
  }

  /** Settles when nothing of an evaluation is at work any more. */
  get finished(): Promise<void> {
    return this.#work.finished;
  }

  /** Starts what is open and set, or goes on with it. Does nothing while one runs. */
  start(): void {
    const { state, recipe } = useEvaluate.getState();
    const { summary } = useCollection.getState();
    if (state === 'running' || !recipe || !summary) return;
    useEvaluate.setState({ state: 'running', phase: 'queued', error: null, rowErrors: new Map() });
    this.#work.begin(
      (signal) => this.#execute(recipe, signal),
      (ending) => {
        const rowsFailed = ending.state === 'done' && useEvaluate.getState().rowErrors.size > 0;
        useEvaluate.setState(rowsFailed ? { state: 'error' } : ending);
        useEvaluate.setState(({ progress }) => ({
          phase: null,
          progress: { ...progress, at: null, secondsLeft: null },
        }));
        this.#changed();
        return this.flush();
      },
    );
  }

  /** Ends the evaluation; what it has ranked stays. */
  stop(): void {
    this.#work.stop();
  }

  /** Lets the columns or a query set have the workers: settles when the ranking at work has let go of them. */
  makeRoom(): Promise<void> {
    return this.#work.makeRoom();
  }

  /** Does something with the workers that an evaluation may be using; it goes on after that. */
  async borrow<T>(work: (ranker: LaneRanker) => Promise<T>): Promise<T> {
    const before = this.#borrowed;
    const ranker = this.#work.rankerFor((signal) => this.#othersFirst(signal));
    const done = (async () => {
      await before;
      await this.#work.ranker.makeRoom();
      return work(ranker);
    })();
    const settled = done.catch(() => {});
    this.#borrowed = settled;
    try {
      return await done;
    } finally {
      if (this.#borrowed === settled) this.#borrowed = undefined;
      this.#deps.restoreSlots();
    }
  }

  /**
   * Writes what is not written yet; at the latest when the page is left. Answers, too: they would gather in memory as long
   * as an evaluation takes, and their bound is kept when they are written.
   */
  async flush(): Promise<void> {
    this.#written = this.#work.now();
    await Promise.all([this.#journal?.flush(), this.#deps.answers.flush()]);
  }

  /** Reads what is kept of the open data under this recipe, when either changes; a running evaluation of others ends. */
  async load(): Promise<void> {
    const { recipe } = useEvaluate.getState();
    const { summary, state } = useCollection.getState();
    if (state === 'opening') {
      // Its data goes away.
      this.stop();
      return;
    }
    const key = summary && recipe ? keyOf(summary.fingerprint, summary.split, recipe) : '';
    if (key === this.#key) {
      if (summary && recipe && useEvaluate.getState().state !== 'running') await this.#readRows(recipe, key);
      return;
    }
    this.stop();
    await this.#work.finished;
    await this.flush();
    this.#key = key;
    const results = new Results(summary?.queries ?? []);
    useEvaluate.setState({
      results,
      state: 'idle',
      progress: noEvaluateProgress,
      error: null,
      rowErrors: new Map(),
    });
    this.#changed();
    if (!summary || !recipe) return;
    const firstStage = firstStageName(recipe);
    this.#journal = new EvaluationJournal(this.#deps.records, { data: summary.fingerprint, firstStage });
    void keepCollection(this.#deps.records, summary.fingerprint);
    await this.#readRows(recipe, key);
  }

  /** Rows that came into the recipe may have been ranked before. */
  async #readRows({ rows }: Recipe, key: string): Promise<void> {
    const { results } = useEvaluate.getState();
    const unread = rankedRows(rows)
      .map(rowId)
      .filter((id) => !results.rows.has(id));
    const read = unread.length > 0 ? this.#journal?.read(results, unread) : undefined;
    await read;
    if (this.#key !== key || useEvaluate.getState().state === 'running') return;
    useEvaluate.setState(({ recipe }) => ({ state: recipe ? settledState(results, recipe) : 'idle' }));
    this.#changed();
  }

  async #execute(recipe: Recipe, signal: AbortSignal): Promise<void> {
    await this.#turn(signal);
    const { results } = useEvaluate.getState();
    const queries = useCollection.getState().summary?.queries ?? [];
    await this.#find(results, queries, recipe, signal);
    await this.#rank(results, queries, recipe, signal);
  }

  /** Waits until nobody else has the workers. */
  async #turn(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#othersFirst(signal, () => useEvaluate.setState({ phase: 'queued' }));
      if (!this.#borrowed) return;
      await abortable(this.#borrowed, signal);
    }
  }

  /** Waits until neither the columns nor a query set rank. */
  async #othersFirst(signal: AbortSignal, waiting = () => {}): Promise<void> {
    for (;;) {
      await this.#work.columnsFirst(signal, waiting);
      if (useQuerySet.getState().state !== 'running') return;
      waiting();
      await abortable(this.#deps.setFinished(), signal);
    }
  }

  async #find(
    results: Results,
    queries: readonly Query[],
    recipe: Recipe,
    signal: AbortSignal,
  ): Promise<void> {
    for (const [place, query] of queries.entries()) {
      if (results.found[place]) continue;
      if (useEvaluate.getState().phase !== 'finding') useEvaluate.setState({ phase: 'finding' });
      const { found } = await this.#candidates(query, recipe, signal);
      results.setFound(place, found);
      this.#journal?.addFound(query.id, found);
      this.#news();
    }
  }

  async #candidates(
    { id }: Query,
    recipe: Recipe,
    signal: AbortSignal,
  ): Promise<{ readonly found: Found; readonly candidates: readonly Candidate[] }> {
    const worker = this.#deps.collections.worker;
    const { depth, firstStage } = recipe;
    const asked = worker.candidates(id, depth, firstStage ?? undefined, poolOf(recipe));
    const answer = await abortable(asked, signal);
    const { candidates, ms } = answer;
    const ids = candidates.map(({ passage }) => passage.id);
    const scores = Float32Array.from(candidates, ({ score }) => score);
    return { candidates, found: { ids, scores, seconds: ms === null ? null : ms / 1000 } };
  }

  async #rank(
    results: Results,
    queries: readonly Query[],
    recipe: Recipe,
    signal: AbortSignal,
  ): Promise<void> {
    const catalog = useModels.getState().catalog ?? [];
    const rounds = evaluateRounds(rankedRows(recipe.rows), catalog, useSettings.getState());
    const lanes = rounds.flat();
    const pace = paceOf(lanes, results);
    /** Rows that are given up. */
    const failed = new Set<string>();
    const progress = (at: EvaluateState['progress']['at']) => ({
      queriesDone: completeQueries(results, recipe),
      at,
      ...pace.totals,
    });
    const isOpen = (lane: EvaluateLane): boolean =>
      !failed.has(lane.id) && results.row(lane.id).done < queries.length;
    for (const round of rounds) {
      // More than once where a row's earlier rankings turn out to be another checkpoint's.
      while (round.some(isOpen)) {
        for (const [place, query] of queries.entries()) {
          const todo = round.filter((lane) => isOpen(lane) && !results.row(lane.id).ranked[place]);
          if (todo.length === 0) continue;
          const { candidates } = await this.#candidates(query, recipe, signal);
          for (const lane of todo) {
            const at = { query: place, row: lane.id };
            const told = () => this.#news({ progress: progress(at) });
            try {
              await this.#rankOne(lane, query, place, candidates, results, pace, told, signal);
            } catch (error) {
              if (isAbort(error)) throw error;
              failed.add(lane.id);
              pace.given(lane.id);
              useEvaluate.setState(({ rowErrors }) => ({
                rowErrors: new Map(rowErrors).set(lane.id, advised(toErrorData(error))),
              }));
            }
            told();
          }
        }
      }
    }
    useEvaluate.setState({ progress: progress(null) });
  }

  async #rankOne(
    lane: EvaluateLane,
    query: Query,
    place: number,
    candidates: readonly Candidate[],
    results: Results,
    pace: LanePace<string>,
    told: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = lane;
    const planned = rowCalls(lane.row, candidates.length);
    let meta: RowMeta | null = results.row(id).meta;
    let ranking: LaneRanking | undefined;
    if (candidates.length > 0) {
      ranking = await this.#work.ranker.rank(
        lane,
        query,
        candidates,
        {
          running(answered, seconds) {
            pace.running(id, answered, seconds);
            told();
          },
          dropped: () => pace.dropped(id),
          loaded: (info, { method, template }) => {
            const { name, digest, dtype, device, threads, runtime, service } = info;
            const wording = wordingHash(template);
            const now = {
              checkpoint: name,
              digest,
              dtype,
              device,
              threads,
              runtime,
              method,
              template: wording,
              service,
            };
            // What was ranked by another checkpoint of this name, or otherwise, is not mixed with this.
            if (meta && !sameMeta(meta, now)) {
              results.drop(id);
              void this.#journal?.drop(id);
            }
            meta = now;
            if (useEvaluate.getState().phase !== 'scoring') useEvaluate.setState({ phase: 'scoring' });
          },
        },
        signal,
      );
    }
    learn(lane, ranking);
    const ranked = rankedOf(ranking);
    const row = results.row(id);
    row.meta = meta;
    results.setRanked(id, place, ranked);
    if (meta) this.#journal?.addRanked(id, meta, query.id, ranked);
    pace.done(id, planned, ranked.calls);
  }

  /** Commits at most every NEWS_MS; writes at most every WRITE_MS. */
  #news(change: Partial<EvaluateState> = {}): void {
    const now = this.#work.now();
    if (now - this.#written >= WRITE_MS) void this.flush();
    // A table of a thousand queries takes a while to be made.
    if (now - this.#told < Math.max(NEWS_MS, useEvaluate.getState().results.found.length)) return;
    this.#changed(change);
  }

  #changed(change: Partial<EvaluateState> = {}): void {
    this.#told = this.#work.now();
    useEvaluate.setState(({ version }) => ({ ...change, version: version + 1 }));
  }
}

/** What a ranking says of its model's speed, as a column's run does. */
function learn({ slot, row }: EvaluateLane, ranking: LaneRanking | undefined): void {
  const { asked = 0, tokens = 0, seconds = 0 } = ranking?.totals ?? {};
  // Texts that are written say little about the prompts of other methods.
  if (asked < ENOUGH_CALLS || !(seconds > 0) || !readsOnce(methodNamed(row.method).needs)) return;
  patchSlot(slot, { tokensPerSecond: tokens / seconds });
}

/** Names how candidates are found. */
function firstStageName(recipe: Recipe): string {
  const { depth, firstStage } = recipe;
  const { bm25 } = useCollection.getState();
  const pool = poolOf(recipe);
  return textHash(JSON.stringify([depth, firstStage ?? bm25, ...(pool ? [pool] : [])]));
}

const keyOf = (fingerprint: string, split: string, recipe: Recipe): string =>
  [fingerprint, split, firstStageName(recipe)].join('/');

function rankedOf(ranking: LaneRanking | undefined): Ranked {
  const { order = [], scores = [], calls = 0, cached = 0, tokens = 0 } = ranking ?? {};
  const { tokenSquares = 0, seconds = 0, cut = 0, padded = null, repaired = 0, texts = null } = ranking ?? {};
  return {
    order: Uint16Array.from(order),
    scores: Float32Array.from(scores),
    calls,
    cached,
    tokens,
    tokenSquares,
    texts,
    padded,
    seconds,
    cut,
    repaired,
  };
}

function paceOf(lanes: readonly EvaluateLane[], results: Results): LanePace<string> {
  return new LanePace(
    lanes.map(({ id, row }) => {
      let [planned, answered, seconds] = [0, 0, 0];
      results.found.forEach((found, place) => {
        const ranked = results.row(id).ranked[place];
        planned += ranked?.calls ?? rowCalls(row, found?.ids.length ?? 0);
        answered += ranked?.calls ?? 0;
        seconds += ranked?.seconds ?? 0;
      });
      return { id, planned, answered, seconds };
    }),
  );
}

/** Queries that every row has ranked. */
export function completeQueries(results: Results, { rows }: Recipe): number {
  const counts = rankedRows(rows).map((row) => results.rows.get(rowId(row))?.done ?? 0);
  return counts.length === 0 ? results.foundCount : Math.min(...counts);
}

/** What a table that nobody works at is: all there, partly, or not begun. */
function settledState(results: Results, recipe: Recipe): EvaluateState['state'] {
  const size = results.found.length;
  if (size > 0 && results.foundCount === size && completeQueries(results, recipe) === size) return 'done';
  return results.foundCount > 0 ? 'stopped' : 'idle';
}
