/** Grades of several tabs in one table: what each has changed since they last agreed. */
import type { GradeEntry, GradeTable } from './grades.ts';

const userEntry = (table: GradeTable, query: string, passage: string): GradeEntry | undefined => {
  const entry = table.get(query)?.get(passage);
  return entry?.from === 'user' ? entry : undefined;
};

/**
 * The grades of this tab with those that another one has stored: a grade changed here stays, any
 * other becomes what is stored. A sample's judgments are left alone.
 *
 * @param base what was stored when this tab last read or wrote it
 * @returns `own` itself when nothing is to be changed
 */
export function mergeGrades(base: GradeTable, own: GradeTable, stored: GradeTable): GradeTable {
  let merged: Map<string, ReadonlyMap<string, GradeEntry>> | undefined;
  for (const table of [base, stored]) {
    for (const [query, row] of table) {
      for (const passage of row.keys()) {
        const here = userEntry(own, query, passage);
        const there = userEntry(stored, query, passage);
        if (here?.grade !== userEntry(base, query, passage)?.grade || here?.grade === there?.grade) continue;
        merged ??= new Map(own);
        const changed = new Map(merged.get(query));
        if (there) changed.set(passage, there);
        else changed.delete(passage);
        merged.set(query, changed);
      }
    }
  }
  return merged ?? own;
}
