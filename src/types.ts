/**
 * The vocabulary every floor shares: the field's own terms, as plain data.
 * Nothing here depends on anything; it lies below all floors.
 */

/** A unit of text that is ranked. `id` is unique within its corpus. */
export interface Passage {
  readonly id: string;
  readonly title?: string;
  readonly text: string;
}

export interface Query {
  readonly id: string;
  readonly text: string;
}

/** A passage that is re-ranked. `rank` counts from 1; `score` is the first stage's own. */
export interface Candidate {
  readonly passage: Passage;
  readonly rank: number;
  readonly score: number;
  /**
   * The first stage did not retrieve it: it shares no word with the query (its score is 0) and fills the
   * list up, after all that were retrieved and in corpus order. It is not part of the first stage's run.
   */
  readonly filled?: true;
}

/** Graded judgments of one query: passage id → grade (0 = not relevant; higher is better). */
export type Grades = ReadonlyMap<string, number>;

/** Judgments of many queries: query id → grades. */
export type Qrels = ReadonlyMap<string, Grades>;

/** One line of a run: a passage with its score for a query. */
export interface RunEntry {
  readonly id: string;
  readonly score: number;
}

/** A run: query id → entries, best first. */
export type Run = ReadonlyMap<string, readonly RunEntry[]>;
