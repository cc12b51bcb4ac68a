/** One query through a ranking method, collected from its events. */
import { isAbort } from '../../src/errors.ts';
import type { Scorer } from '../../src/inference/scorer.ts';
import type { Decision, RankingMethod, ScoredPassage } from '../../src/ranking/types.ts';
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
  readonly asked: number;
  readonly cached: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Passages that were cut to fit in at least one prompt. */
  readonly cutPassages: number;
}

/**
 * Ranks one query. An aborted signal ends it with what it has, state 'cancelled'; other errors pass.
 * @param onCalls called with the number of answers since the last call.
 */
export async function rankQuery(
  method: RankingMethod,
  job: RankJob,
  scorer: Scorer,
  options: { readonly signal?: AbortSignal; readonly onCalls?: (answers: number) => void } = {},
): Promise<QueryResult> {
  const began = performance.now();
  const scored: ScoredPassage[] = [];
  const decisions: Decision[] = [];
  let order: readonly number[] = [];
  let scores: readonly number[] = [];
  let state: QueryResult['state'] = 'done';
  try {
    for await (const event of method.rank(job.asked ?? job.query, job.candidates, scorer, {
      signal: options.signal,
    })) {
      if (event.type === 'ranking') ({ order, scores } = event);
      else if (event.type === 'scored') scored.push(...event.items);
      else if (event.type === 'decided') decisions.push(...event.items);
      if (event.type === 'scored' || event.type === 'decided') options.onCalls?.(event.items.length);
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
    state = 'cancelled';
  }
  const answers = [...scored, ...decisions];
  const fresh = answers.filter(({ cached }) => !cached);
  return {
    job,
    state,
    ...withoutUnscored(order, scores),
    scored: scored.sort((p, q) => p.index - q.index),
    decisions,
    asked: fresh.length,
    cached: answers.length - fresh.length,
    tokens: fresh.reduce((sum, { tokens }) => sum + tokens, 0),
    seconds: (performance.now() - began) / 1000,
    cutPassages: countCut(scored, decisions),
  };
}

/** A passage without a score (NaN, in a partial run) holds a place, not a rank: it is left out. */
function withoutUnscored(order: readonly number[], scores: readonly number[]) {
  const kept = order.flatMap((index, i) => {
    const score = scores[i] ?? Number.NaN;
    return Number.isFinite(score) ? [{ index, score }] : [];
  });
  return { order: kept.map(({ index }) => index), scores: kept.map(({ score }) => score) };
}

function countCut(scored: readonly ScoredPassage[], decisions: readonly Decision[]): number {
  const cut = new Set<number>();
  for (const { index, cuts } of scored) if (cuts.length > 0) cut.add(index);
  for (const { a, b, cuts } of decisions) {
    for (const { slot } of cuts) cut.add(slot === 'passage_a' ? a : b);
  }
  return cut.size;
}
