/**
 * What a finished run says about the student and the teacher, as facts: whether they agree at the top, how
 * good each order is where there are grades, and what each has cost. Nothing here was not measured in
 * this run; the words are app/playground/verdict/words.ts.
 */

import { relevanceGeneration } from '../../ranking/methods/rg/method.ts';
import { type ColumnId, type Columns, columnOf, type Run } from '../run/run.ts';
import { isUndecided } from './agreement.ts';
import { type SpeedUp, speedUp } from './speed-up.ts';
import type { TimeRange } from './timings.ts';

/** Passages at the top that are compared. */
export const TOP = 3;

export interface Verdict {
  readonly query: string;
  /** What the student's column asked: the distilled student, or the base its Yes / No question. */
  readonly pointwise: 'student' | 'base';
  readonly candidates: number;
  /** Of the first `size` of both orders: how many they share, and whether each is in the same place. */
  readonly top: { readonly size: number; readonly shared: number; readonly sameOrder: boolean };
  /** Columns that put no passage above another: theirs is BM25's order. */
  readonly undecided: readonly ('student' | 'teacher')[];
  /** nDCG@10 of each order; null where no passage of the query is graded above 0. */
  readonly ndcg10: Readonly<Record<ColumnId, number>> | null;
  /** A ratio, stored answers, or why there is neither. */
  readonly speed: SpeedUp;
  /** Times of all fresh runs of this very ranking in this session, where there are two or more. */
  readonly range: TimeRange | null;
}

/**
 * null unless all three columns are done with the same two or more candidates. `ndcg10` has a value per
 * column only where the query is judged.
 */
export function verdict(
  state: Columns,
  ndcg10: Readonly<Record<ColumnId, number | undefined>>,
  range: TimeRange | null,
): Verdict | null {
  const all = (['bm25', 'student', 'teacher'] as const).map((id) => columnOf(state, id));
  const [bm25, student, teacher] = all.map(({ run }) => run);
  if (!bm25 || !student || !teacher || all.some((column) => column.state !== 'done')) return null;
  const { query, baseKey, candidates } = bm25.set;
  if (candidates.length < 2) return null;
  if (student.set.baseKey !== baseKey || teacher.set.baseKey !== baseKey) return null;
  const size = Math.min(TOP, candidates.length);
  const [left, right] = [topIds(student, size), topIds(teacher, size)];
  return {
    query: query.text,
    pointwise: student.method === relevanceGeneration.id ? 'base' : 'student',
    candidates: candidates.length,
    top: {
      size,
      shared: left.filter((id) => right.includes(id)).length,
      sameOrder: left.every((id, i) => id === right[i]),
    },
    undecided: (['student', 'teacher'] as const).filter((id) => isUndecided({ student, teacher }[id])),
    ndcg10: judged(ndcg10),
    speed: speedUp(state),
    range,
  };
}

const topIds = ({ order, set }: Run, size: number): readonly (string | undefined)[] =>
  order.slice(0, size).map((at) => set.candidates[at]?.passage.id);

function judged(values: Readonly<Record<ColumnId, number | undefined>>): Verdict['ndcg10'] {
  const { bm25, student, teacher } = values;
  if (bm25 === undefined || student === undefined || teacher === undefined) return null;
  return { bm25, student, teacher };
}
