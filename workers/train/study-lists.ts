/** The questions of a corpus with BM25's passages: what a training learns from or measures on. */
import { ndcg } from '../../src/evaluation/metrics.ts';
import { Bm25Index } from '../../src/retrieval/bm25-index.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import type { Candidate, Grades, Query } from '../../src/types.ts';
import type { JudgedCorpus } from '../../src/workers/train-protocol.ts';

export interface StudyList {
  readonly query: Query;
  /** In first-stage order. */
  readonly candidates: readonly Candidate[];
  readonly grades: Grades;
}

/** What nDCG looks at. */
const K = 10;

/** BM25's first passages for each question; those without a word of it fill the list up, as in the Playground. */
export function studyLists({ passages, queries }: JudgedCorpus, size: number): StudyList[] {
  const index = new Bm25Index(DEFAULT_BM25);
  for (const passage of passages) index.append(passage);
  return queries.map(({ id, text, grades }) => {
    const found = index.search(text, size, { fill: true });
    const hits = found.passages.map((passage, i): Candidate => {
      return { passage, rank: i + 1, score: found.hits[i]!.score };
    });
    const filled = found.filled.map((passage, i): Candidate => {
      return { passage, rank: hits.length + i + 1, score: 0, filled: true };
    });
    return { query: { id, text }, candidates: [...hits, ...filled], grades: new Map(Object.entries(grades)) };
  });
}

/** nDCG@10 of an order of the list's places. */
export function ndcgOf({ candidates, grades }: StudyList, order: readonly number[]): number {
  return ndcg(
    order.map((place) => candidates[place]!.passage.id),
    grades,
    { k: K },
  );
}

/** Places by score, best first; equal scores in first-stage order. */
export function orderOf(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
