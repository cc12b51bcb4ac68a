/** How far two columns agree: Kendall's τ-b on their scores, so that what a method left tied counts as tied. */
import { kendallTauB } from '../../evaluation/correlation.ts';
import { summarisePairs } from '../../ranking/analysis.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { windowAnswers } from '../../ranking/progress/window-answers.ts';
import type { ComparingRun, Run, ShownColumn } from '../run/run.ts';

/** What of a column tells whether it has ranked, and what. */
export type Ranked = Pick<ShownColumn, 'state' | 'run'>;

/**
 * From −1 (reversed) to 1 (the same). 'undecided' when one of the two puts no passage above another: the
 * order it is shown in is then the first stage's, which is nobody's answer. undefined unless both have
 * ranked the same two or more candidates to the end.
 *
 * Heapsort and the sliding window have places for scores; a pair that the model left open is there in
 * first-stage order, and all of them are 'undecided' only where no comparison had a winner.
 */
export function tauBetween(a: Ranked, b: Ranked): number | 'undecided' | undefined {
  if (a.state !== 'done' || b.state !== 'done' || !a.run || !b.run) return undefined;
  const [left, right] = [a.run.set, b.run.set];
  if (left.baseKey !== right.baseKey || left.candidates.length < 2) return undefined;
  if (left.candidates.length !== right.candidates.length) return undefined;
  if (isUndecided(a.run) || isUndecided(b.run)) return 'undecided';
  return kendallTauB(scoresByCandidate(a.run), scoresByCandidate(b.run)) ?? 'undecided';
}

/** Whether a finished ranking puts no passage above another: equal scores, or no comparison with a winner. */
export function isUndecided(run: Run): boolean {
  if (run.kind === 'comparing' && methodNamed(run.method).byPlace)
    return methodNamed(run.method).kind === 'pairwise'
      ? summarisePairs(run.matrix.table).strict.length === 0
      : namedNone(run);
  return run.scores.every((score) => score === run.scores[0]);
}

/** No answer about several passages put one above another. */
function namedNone({ log }: ComparingRun): boolean {
  const { compared, listed } = windowAnswers(log.from(0));
  const even = compared.every(({ logits }) => logits?.every((logit) => logit === logits[0]));
  const nothingRead = listed.every(
    ({ malformed, order, shown }) => malformed && order.every((position, i) => position === shown[i]),
  );
  return even && nothingRead;
}

function scoresByCandidate({ order, scores }: Run): number[] {
  const byCandidate = new Array<number>(order.length);
  order.forEach((candidate, place) => {
    byCandidate[candidate] = scores[place]!;
  });
  return byCandidate;
}
