/** Runs a method to its end (or its error) and keeps what it said. */
import type { RankerModel } from '../../inference/ranker-model.ts';
import type { Candidate, Query } from '../../types.ts';
import type {
  Comparison,
  Decision,
  Listing,
  RankingEvent,
  RankingMethod,
  RankingTotals,
  ScoredPassage,
} from '../types.ts';

export interface Collected {
  readonly events: readonly RankingEvent[];
  readonly planned: number;
  /** Every `ranking` event's order; the last is the final one. */
  readonly orders: readonly (readonly number[])[];
  readonly order: readonly number[];
  readonly scores: readonly number[];
  readonly decisions: readonly Decision[];
  readonly scored: readonly ScoredPassage[];
  readonly compared: readonly Comparison[];
  readonly listed: readonly Listing[];
  readonly totals: RankingTotals | undefined;
  /** What the stream threw, if it did. */
  readonly error: unknown;
}

export const QUERY: Query = { id: 'q1', text: 'why is the sky blue' };

export async function collect(
  method: RankingMethod,
  candidates: readonly Candidate[],
  model: RankerModel,
  signal?: AbortSignal,
  query: Query = QUERY,
): Promise<Collected> {
  const events: RankingEvent[] = [];
  let error: unknown;
  try {
    for await (const event of method.rank(query, candidates, model, { signal })) events.push(event);
  } catch (thrown) {
    error = thrown;
  }
  const rankings = events.filter((event) => event.type === 'ranking');
  return {
    events,
    planned: events.find((event) => event.type === 'planned')?.calls ?? Number.NaN,
    orders: rankings.map(({ order }) => order),
    order: rankings.at(-1)?.order ?? [],
    scores: rankings.at(-1)?.scores ?? [],
    decisions: events.flatMap((event) => (event.type === 'decided' ? event.items : [])),
    scored: events.flatMap((event) => (event.type === 'scored' ? event.items : [])),
    compared: events.flatMap((event) => (event.type === 'compared' ? event.items : [])),
    listed: events.flatMap((event) => (event.type === 'listed' ? event.items : [])),
    totals: events.find((event) => event.type === 'done')?.totals,
    error,
  };
}
