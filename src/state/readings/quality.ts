/** nDCG of a column from the grades at hand. Passages are identified by their text, as grades are. */
import type { Gain } from '../../evaluation/metrics.ts';
import { type NdcgCell, ndcgAt } from '../../evaluation/summary.ts';
import type { Candidate } from '../../types.ts';
import { type GradeEntry, type GradeTable, passageKey, queryKey } from '../grades.ts';
import type { CandidateSet } from '../run/run.ts';

/** `cells`: nDCG@1, @5, @10, with a `value` only when something is graded above 0. */
export interface ColumnQuality {
  readonly cells: readonly NdcgCell[];
  /** Among the column's passages. */
  readonly judged: number;
  readonly shown: number;
}

/**
 * BM25's own ranking: without the passages that only fill its list up. It did not retrieve them, so what is
 * measured of BM25 is what trec_eval says of the run that is exported, and filling cannot flatter it. The
 * models did rank them, and are measured on all.
 */
export function retrievedOrder(
  candidates: readonly Candidate[],
  order: readonly number[],
): readonly number[] {
  return candidates.some(({ filled }) => filled) ? order.filter((at) => !candidates[at]?.filled) : order;
}

/** The grades that count for a set of candidates: a recording brings its own. */
export function judgmentsFor(set: CandidateSet | undefined, table: GradeTable): GradeTable {
  if (!set?.recorded) return table;
  const known = recordedTables.get(set);
  if (known) return known;
  const { grades, gradesElsewhere = [] } = set.recorded;
  const row = new Map<string, GradeEntry>();
  for (const { passage } of set.candidates) {
    const grade = grades.get(passage.id);
    if (grade !== undefined) row.set(passageKey(passage.text), { grade, from: 'sample' });
  }
  // Of passages whose texts the recording does not hold: names of their own.
  gradesElsewhere.forEach((grade, i) => {
    row.set(`elsewhere ${i}`, { grade, from: 'sample' });
  });
  const made: GradeTable = new Map([[queryKey(set.query.text), row]]);
  recordedTables.set(set, made);
  return made;
}

const recordedTables = new WeakMap<CandidateSet, GradeTable>();

/** An order of a query's candidates, by position. */
export interface Ordered {
  readonly query: string;
  readonly candidates: readonly Candidate[];
  readonly order: readonly number[];
}

/**
 * The ideal ranking is made of *all* judgments of the query whose passages are in the corpus, shown
 * or not. Where the corpus is too large for the page to know (`textHashes` null) it is made of all
 * judgments of the query.
 */
export function columnQuality(
  column: Ordered,
  table: GradeTable,
  textHashes: ReadonlySet<string> | null,
  gain: Gain,
): ColumnQuality {
  const { judged, qualityOf } = qualityOver(column, table, textHashes, gain);
  return { cells: qualityOf(column.order), judged, shown: column.candidates.length };
}

/** The same for any order of the candidates: what does not depend on it is worked out once. */
export function qualityOver(
  of: Omit<Ordered, 'order'>,
  table: GradeTable,
  textHashes: ReadonlySet<string> | null,
  gain: Gain,
): { readonly judged: number; readonly qualityOf: (order: readonly number[]) => readonly NdcgCell[] } {
  const { names, grades, shownJudged } = namedGrades(of, table, textHashes);
  const qualityOf = (order: readonly number[]) =>
    ndcgAt(
      order.map((position) => names[position] ?? ''),
      grades,
      [1, 5, 10],
      gain,
    );
  return { judged: shownJudged, qualityOf };
}

/** A name for each candidate, and the grades by name, those of passages that are no candidates too. */
export function namedGrades(
  { query, candidates }: Omit<Ordered, 'order'>,
  table: GradeTable,
  textHashes: ReadonlySet<string> | null,
): { readonly names: string[]; readonly grades: Map<string, number>; readonly shownJudged: number } {
  const judged = table.get(queryKey(query)) ?? new Map();
  // Identical passages share a text: the second and later ones get names of their own.
  const seen = new Map<string, number>();
  const grades = new Map<string, number>();
  const names = candidates.map(({ passage }) => {
    const key = passageKey(passage.text);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    const name = count === 1 ? key : `${key}#${count}`;
    const grade = judged.get(key)?.grade ?? null;
    if (grade !== null) grades.set(name, grade);
    return name;
  });
  const shownJudged = grades.size;
  for (const [key, { grade }] of judged) {
    if (grade !== null && !seen.has(key) && (textHashes?.has(key) ?? true)) grades.set(key, grade);
  }
  return { names, grades, shownJudged };
}
