/** One question's list as it is followed through a training. */
import { PairTable } from '../../../ranking/pair-table.ts';
import { rankByPairs } from '../../../ranking/schedules/all-pairs.ts';
import type { Run } from '../../../state/learn/run.ts';
import type { TaughtList } from '../../../workers/train-protocol.ts';
import { type ListParts, partsOf, ranksOf } from './pairs.ts';

export interface FollowedList {
  /** The teacher's, by place among the passages that are learnt from; 1 = best. */
  readonly ranks: readonly number[];
  /** The student's scores now, and before its last step where they are known. */
  readonly scores: readonly number[];
  readonly before: readonly number[] | undefined;
  /** Of the scores before the last step where they are known: what that step saw; else of the scores now. */
  readonly parts: ListParts;
  readonly step: number;
  /** Scores after each step, as far as this list was followed: [step, scores]. */
  readonly path: readonly (readonly [step: number, scores: readonly number[]])[];
}

/**
 * @param follow the list's place: scores of steps that followed another list are left out
 * @param start the untaught student's scores of the list that was followed when the training was opened, the first
 * @returns undefined where no score of this list is known yet
 */
export function followedList(
  { decisions, passages }: TaughtList,
  size: number,
  run: Run,
  follow: number,
  start: readonly number[] | undefined,
): FollowedList | undefined {
  const n = Math.min(size, passages.length);
  const inside = decisions.filter(({ a, b }) => a < n && b < n);
  const ranks = ranksOf(rankByPairs(PairTable.from(n, inside)).order);
  const path = [
    ...(follow === 0 && start ? [[0, start] as const] : []),
    ...run.points.flatMap((point) => (point.follow === follow ? [[point.step, point.scores] as const] : [])),
  ];
  const last = path.at(-1);
  if (!last) return undefined;
  const former = path.at(-2);
  const before = former && former[0] === last[0] - 1 ? former[1].slice(0, n) : undefined;
  const scores = last[1].slice(0, n);
  return { ranks, scores, before, parts: partsOf(before ?? scores, ranks), step: last[0], path };
}

/** The pair with the largest loss. */
export const worstPair = ({ pairs }: ListParts): number =>
  pairs.reduce((worst, { loss }, i) => (loss > (pairs[worst]?.loss ?? 0) ? i : worst), 0);
