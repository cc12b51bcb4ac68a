/** How far two columns agree: Kendall's τ-b on their scores, so that what a method left tied counts as tied. */
import { kendallTauB } from '../../evaluation/correlation.ts';
import { summarisePairs } from '../../ranking/analysis.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import type { ColumnRun } from '../run/run.ts';

/**
 * From −1 (reversed) to 1 (the same). 'undecided' when one of the two puts no passage above another: the
 * order it is shown in is then the first stage's, which is nobody's answer. undefined unless both have
 * ranked the same two or more candidates to the end.
 *
 * Heapsort and the sliding window have places for scores; a pair that the model left open is there in
 * first-stage order, and all of them are 'undecided' only where no comparison had a winner.
 */
export function tauBetween(a: ColumnRun, b: ColumnRun): number | 'undecided' | undefined {
  if (a.state !== 'done' || b.state !== 'done' || a.baseKey !== b.baseKey) return undefined;
  if (a.candidates.length < 2 || a.candidates.length !== b.candidates.length) return undefined;
  if (isUndecided(a) || isUndecided(b)) return 'undecided';
  return kendallTauB(scoresByCandidate(a), scoresByCandidate(b)) ?? 'undecided';
}

/** Whether a finished ranking puts no passage above another: equal scores, or no comparison with a winner. */
export function isUndecided({ method, matrix, scores }: ColumnRun): boolean {
  const byPlace = method !== null && method !== 'bm25' && methodNamed(method).byPlace;
  if (byPlace) return matrix !== null && summarisePairs(matrix.table).strict.length === 0;
  return scores.every((score) => score === scores[0]);
}

function scoresByCandidate({ order, scores }: ColumnRun): number[] {
  const byCandidate = new Array<number>(order.length);
  order.forEach((candidate, place) => {
    byCandidate[candidate] = scores[place]!;
  });
  return byCandidate;
}
