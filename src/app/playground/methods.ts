/** How the three columns are called and what they do, in the page's words. */
import type { MethodId } from '../../ranking/types.ts';
import { type ColumnId, type ColumnRun, useRun } from '../../state/run.ts';
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
export function shownAs(id: ColumnId, run: Pick<ColumnRun, 'state' | 'method'>, mode: StudentMode): ShownAs {
  if (id !== 'student') return id;
  const base = run.state === 'idle' || run.method === null ? mode === 'rg' : run.method === 'rg';
  return base ? 'base' : 'student';
}

/** `shownAs` of a column now. */
export function useShownAs(id: ColumnId): ShownAs {
  const mode = useSettings((s) => s.studentMode);
  return useRun((s) => shownAs(id, s.columns[id], mode));
}

/** What a column will show, before anything has run. */
export const columnIntroductions: Readonly<Record<ShownAs, string>> = {
  bm25: 'Finds the candidates by the words they share with the query.',
  student: 'Reads each candidate once, with the query. One call per passage.',
  base: 'The model before distillation, asked Yes or No about each candidate. One call per passage.',
  teacher: 'Compares the candidates two at a time, in both orders.',
};

export const methodNames: Readonly<Record<MethodId, string>> = {
  student: 'pointwise',
  rg: 'relevance generation',
  'prp-allpair': 'PRP all pairs',
  'prp-heapsort': 'PRP heapsort',
  'prp-sliding': 'PRP sliding window',
};

/** What explains a method's name. */
export const methodTerms: Readonly<Record<MethodId, TermId>> = {
  student: 'pointwise',
  rg: 'rg',
  'prp-allpair': 'prp',
  'prp-heapsort': 'prp',
  'prp-sliding': 'prp',
};

/** How a method's scores are shown. */
export interface ScoreStyle {
  /** What stands above the numbers, and what explains it. */
  readonly label: string;
  readonly term: TermId;
  readonly decimals: number;
  /** What a passage scores that wins every comparison, for n candidates; absent: the scores set the scale. */
  readonly full?: (n: number) => number;
}

const logits: ScoreStyle = { label: 'logit', term: 'logit', decimals: 2 };
/** Partial schedules decide an order, not a score: n points for the first, 1 for the last. */
const points: ScoreStyle = { label: 'points', term: 'points', decimals: 0, full: (n) => n };

/** By method; PRP over all pairs counts wins and halves, from 0 to 2(n − 1) (Eq. 5). */
export const scoreStyles: Readonly<Record<MethodId | 'bm25', ScoreStyle>> = {
  bm25: { label: 'BM25', term: 'bm25', decimals: 2 },
  student: logits,
  rg: { ...logits, label: 'Yes − No', term: 'yesNo' },
  'prp-allpair': { label: 'wins', term: 'wins', decimals: 1, full: (n) => 2 * (n - 1) },
  'prp-heapsort': points,
  'prp-sliding': points,
};

/** Of a column before its method is known: it shows nothing that needs one. */
export const scoreStyle = (method: MethodId | 'bm25' | null): ScoreStyle => scoreStyles[method ?? 'bm25'];
