/** One query through a ranking method, collected from its events. */
import { isAbort } from '../../src/errors.ts';
import type { RankerModel } from '../../src/inference/ranker-model.ts';
import { answersIn, cutPassagesIn } from '../../src/ranking/event-answers.ts';
import type {
  AnswerCost,
  Comparison,
  Decision,
  Listing,
  RankingEvent,
  RankingMethod,
  ScoredPassage,
  TimedEvent,
} from '../../src/ranking/types.ts';
import type { RankJob } from '../input/read-jobs.ts';

export interface QueryResult {
  readonly job: RankJob;
  readonly state: 'done' | 'cancelled';
  /** Candidate indices, best first; of a partial pointwise run only those that have a score. */
  readonly order: readonly number[];
  readonly scores: readonly number[];
  /** In first-stage order. */
  readonly scored: readonly ScoredPassage[];
  readonly decisions: readonly Decision[];
  readonly compared: readonly Comparison[];
  readonly listed: readonly Listing[];
  readonly asked: number;
  readonly cached: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Passages that were cut to fit in at least one prompt. */
  readonly cutPassages: number;
  /** What came when. */
  readonly events: readonly TimedEvent[];
}

/**
 * Ranks one query. An aborted signal ends it with what it has, state 'cancelled'; other errors pass.
 * @param onCalls called with the number of answers since the last call.
 */
export async function rankQuery(
  method: RankingMethod,
  job: RankJob,
  scorer: RankerModel,
  options: { readonly signal?: AbortSignal; readonly onCalls?: (answers: number) => void } = {},
): Promise<QueryResult> {
  const began = performance.now();
  const record = new Record();
  const events: TimedEvent[] = [];
  let state: QueryResult['state'] = 'done';
  try {
    for await (const event of method.rank(job.asked ?? job.query, job.candidates, scorer, {
      signal: options.signal,
    })) {
      record.take(event);
      events.push(event);
      const answers = answersIn(event).length;
      if (answers > 0) options.onCalls?.(answers);
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
    state = 'cancelled';
  }
  const { order, scores, scored, decisions, compared, listed } = record;
  return {
    job,
    state,
    ...withoutUnscored(order, scores),
    scored: scored.sort((p, q) => p.index - q.index),
    decisions,
    compared,
    listed,
    ...record.costs(),
    seconds: (performance.now() - began) / 1000,
    events,
  };
}

/** What the events of one ranking come to. */
class Record {
  order: readonly number[] = [];
  scores: readonly number[] = [];
  readonly scored: ScoredPassage[] = [];
  readonly decisions: Decision[] = [];
  readonly compared: Comparison[] = [];
  readonly listed: Listing[] = [];
  readonly #answers: AnswerCost[] = [];
  readonly #cut = new Set<number>();

  take(event: RankingEvent): void {
    this.#answers.push(...answersIn(event));
    for (const [candidate] of cutPassagesIn(event)) this.#cut.add(candidate);
    switch (event.type) {
      case 'scored':
        this.scored.push(...event.items);
        break;
      case 'decided':
        this.decisions.push(...event.items);
        break;
      case 'compared':
        this.compared.push(...event.items);
        break;
      case 'listed':
        this.listed.push(...event.items);
        break;
      case 'ranking':
        this.order = event.order;
        this.scores = event.scores;
        break;
      case 'planned':
      case 'done':
        break;
      default:
        event satisfies never;
    }
  }

  costs(): Pick<QueryResult, 'asked' | 'cached' | 'tokens' | 'cutPassages'> {
    const fresh = this.#answers.filter(({ cached }) => !cached);
    return {
      asked: fresh.length,
      cached: this.#answers.length - fresh.length,
      tokens: fresh.reduce((sum, { tokens }) => sum + tokens, 0),
      cutPassages: this.#cut.size,
    };
  }
}

/** A passage without a score (NaN, in a partial run) holds a place, not a rank: it is left out. */
function withoutUnscored(order: readonly number[], scores: readonly number[]) {
  const kept = order.flatMap((index, i) => {
    const score = scores[i] ?? Number.NaN;
    return Number.isFinite(score) ? [{ index, score }] : [];
  });
  return { order: kept.map(({ index }) => index), scores: kept.map(({ score }) => score) };
}
