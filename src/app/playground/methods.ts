/** How the three columns are called and what they do, in the page's words. */
import type { MethodId } from '../../ranking/types.ts';
import type { ColumnId } from '../../state/run.ts';

export const columnNames: Readonly<Record<ColumnId, string>> = {
  bm25: 'BM25',
  student: 'Student',
  teacher: 'Teacher',
};

/** What a column will show, before anything has run. */
export const columnIntroductions: Readonly<Record<ColumnId, string>> = {
  bm25: 'Finds the candidates by the words they share with the query.',
  student: 'Reads each candidate once, with the query. One call per passage.',
  teacher: 'Compares the candidates two at a time, in both orders.',
};

export const methodNames: Readonly<Record<MethodId, string>> = {
  student: 'pointwise',
  rg: 'relevance generation',
  'prp-allpair': 'PRP all pairs',
  'prp-heapsort': 'PRP heapsort',
  'prp-sliding': 'PRP sliding window',
};

/** Logits and BM25 have two decimals; PRP counts halves (Eq. 5). */
export const scoreDecimals: Readonly<Record<ColumnId, number>> = { bm25: 2, student: 2, teacher: 1 };

/** What stands above a column's score values. */
export const scoreLabels: Readonly<Record<ColumnId, string>> = {
  bm25: 'BM25',
  student: 'logit',
  teacher: 'PRP',
};
