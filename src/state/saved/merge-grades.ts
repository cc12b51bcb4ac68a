/** Grades of several tabs in one table: what each has changed since they last agreed. */
import type { GradeEntry, GradeTable } from '../grades.ts';

const userEntry = (table: GradeTable, query: string, passage: string): GradeEntry | undefined => {
  const entry = table.get(query)?.get(passage);
  return entry?.from === 'user' ? entry : undefined;
};

/**
 * The grades of this tab with those that another one has stored: a grade that was changed here stays,
 * any other is what is stored. Nothing goes because it is not stored: another tab may have stored its
 * table before it knew of this one's. A sample's judgments are left alone.
 *
 * @param base what was stored when this tab last read or wrote it
 * @returns `own` itself when nothing is to be changed
 */
export function mergeGrades(base: GradeTable, own: GradeTable, stored: GradeTable): GradeTable {
  const news: [query: string, passage: string, entry: GradeEntry][] = [];
  for (const [query, row] of stored) {
    for (const [passage, there] of row) {
      const here = userEntry(own, query, passage)?.grade;
      if (here === there.grade || here !== userEntry(base, query, passage)?.grade) continue;
      news.push([query, passage, there]);
    }
  }
  return withEntries(own, news);
}

/** Keys of grades that the user had given and took back. */
export type Removed = readonly (readonly [query: string, passage: string])[];

/** What `before` has of the user's and `now` has not. */
export function removedGrades(before: GradeTable, now: GradeTable): Removed {
  const removed: [string, string][] = [];
  for (const [query, row] of before) {
    if (now.get(query) === row) continue;
    for (const passage of row.keys()) {
      const gone = userEntry(before, query, passage) && !userEntry(now, query, passage);
      if (gone) removed.push([query, passage]);
    }
  }
  return removed;
}

/** The table without the user's grades of these keys. */
export function withoutGrades(table: GradeTable, removed: Removed): GradeTable {
  const own = removed.filter(([query, passage]) => userEntry(table, query, passage));
  return withEntries(
    table,
    own.map(([query, passage]) => [query, passage, undefined]),
  );
}

/** The table with a grade of the user's for each of these keys; which one does not matter. */
export function withGrades(table: GradeTable, keys: Removed): GradeTable {
  const lacking = keys.filter(([query, passage]) => !userEntry(table, query, passage));
  return withEntries(
    table,
    lacking.map(([query, passage]) => [query, passage, { grade: null, from: 'user' }]),
  );
}

function withEntries(
  table: GradeTable,
  entries: readonly (readonly [query: string, passage: string, entry: GradeEntry | undefined])[],
): GradeTable {
  if (entries.length === 0) return table;
  const changed = new Map(table);
  for (const [query, passage, entry] of entries) {
    const row = new Map(changed.get(query));
    if (entry) row.set(passage, entry);
    else row.delete(passage);
    changed.set(query, row);
  }
  return changed;
}
