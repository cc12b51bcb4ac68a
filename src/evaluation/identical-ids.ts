/**
 * Passages that are the query itself, as in ArguAna and Quora: their id is the query's. BEIR leaves them out of what is
 * retrieved and of what is evaluated (`ignore_identical_ids`), and so are its published figures.
 */
import type { Qrels } from '../types.ts';

/** Whether a passage is left out; one that is judged relevant to the query is not a copy of it. */
export function isIdentical(query: string, passage: string, qrels?: Qrels): boolean {
  return passage === query && !((qrels?.get(query)?.get(passage) ?? 0) > 0);
}
