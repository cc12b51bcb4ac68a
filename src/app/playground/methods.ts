/** How the three columns are called and what they do, in the page's words. */

import type { Fusion } from '../../ranking/fusion.ts';
import type { ScoreStyle } from '../../ranking/methods/descriptor.ts';
import { type MethodId, methodNamed } from '../../ranking/methods/registry.ts';
import { relevanceGeneration } from '../../ranking/methods/rg/method.ts';
import { type ColumnId, columnOf, type ShownColumn, useRun } from '../../state/run/run.ts';
import { type StudentMode, useSettings } from '../../state/settings.ts';
import type { TermId } from '../glossary.ts';

export const columnNames: Readonly<Record<ColumnId, string>> = {
  bm25: 'BM25',
  student: 'Student',
  teacher: 'Teacher',
};

/** What a column shows: the Student's may show the base instead, which has a name and a colour of its own. */
export type ShownAs = ColumnId | 'base';

export const shownNames: Readonly<Record<ShownAs, string>> = { ...columnNames, base: 'Base' };

/** By what was ranked; where nothing was, by what would be. */
export function shownAs(id: ColumnId, { run }: Pick<ShownColumn, 'run'>, mode: StudentMode): ShownAs {
  if (id !== 'student') return id;
  const base = run === null ? mode === 'base' : run.method === relevanceGeneration.id;
  return base ? 'base' : 'student';
}

/** `shownAs` of a column now. */
export function useShownAs(id: ColumnId): ShownAs {
  const mode = useSettings((s) => s.studentMode);
  return useRun((s) => shownAs(id, columnOf(s, id), mode));
}

/** What a method is called, and the word of the glossary that explains it. */
export function methodTitle(id: MethodId): { readonly title: string; readonly term: TermId } {
  const { title, term } = methodNamed(id);
  return { title, term: term as TermId };
}

/** How a run's scores are shown; without a run nothing is shown that needs one. */
export function scoreStyle(
  run: { readonly method: MethodId | 'bm25'; readonly fusion?: Fusion } | null | undefined,
): ScoreStyle & { readonly term: TermId } {
  if (run?.fusion) return FUSED_SCORES[run.fusion.by];
  const method = run?.method;
  return method === undefined || method === 'bm25'
    ? BM25_SCORES
    : (methodNamed(method).style as typeof BM25_SCORES);
}

/** What a candidate scores that both put first sets no scale: the scores do. */
const FUSED_SCORES: Readonly<Record<Fusion['by'], ScoreStyle & { readonly term: TermId }>> = {
  rrf: { label: 'RRF', term: 'rrf', decimals: 4 },
  interpolation: { label: 'fused', term: 'fusedScore', decimals: 2 },
};

const BM25_SCORES: ScoreStyle & { readonly term: TermId } = { label: 'BM25', term: 'bm25', decimals: 2 };
