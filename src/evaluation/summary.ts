/** nDCG as the screen shows it: with its gain, how much of it is judged, and "–" where it says nothing. */
import type { Grades } from '../types.ts';
import { type Gain, judgedShare, ndcg } from './metrics.ts';

export interface NdcgCell {
  readonly k: number;
  /** Absent when no passage has a grade above 0: there is no ideal to compare with. */
  readonly value?: number;
  /** Share of the first k that are judged, 0…1. */
  readonly judged: number;
}

/** nDCG@k with its judged share, for each k. The ideal is built from all grades, shown or not. */
export function ndcgAt(
  order: readonly string[],
  grades: Grades,
  ks: readonly number[] = [1, 5, 10],
  gain: Gain = 'linear',
): NdcgCell[] {
  let graded = false;
  for (const grade of grades.values()) graded ||= grade > 0;
  return ks.map((k) => {
    const judged = judgedShare(order, grades, k);
    return graded ? { k, judged, value: ndcg(order, grades, { k, gain }) } : { k, judged };
  });
}
