import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GradeEntry, GradeTable } from '../grades.ts';
import { mergeGrades, removedGrades, withoutGrades } from './merge-grades.ts';

/** Tables over few names, so that they meet. */
const name = fc.constantFrom('a', 'b', 'c');
const grades = fc
  .array(fc.tuple(name, name, fc.constantFrom(null, 0, 1, 2, 3)), { maxLength: 9 })
  .map((entries) => table(entries));

function table(
  entries: readonly (readonly [string, string, number | null])[],
  from: GradeEntry['from'] = 'user',
) {
  const made = new Map<string, Map<string, GradeEntry>>();
  for (const [query, passage, grade] of entries) {
    const row = made.get(query) ?? new Map<string, GradeEntry>();
    made.set(query, row.set(passage, { grade, from }));
  }
  return made;
}

const at = (of: GradeTable, query: string, passage: string) => of.get(query)?.get(passage);

describe('grades of two tabs', () => {
  it('changed here stay, all others become what is stored; none goes by itself', () => {
    fc.assert(
      fc.property(grades, grades, grades, (base, own, stored) => {
        const merged = mergeGrades(base, own, stored);
        for (const query of 'abc') {
          for (const passage of 'abc') {
            const [b, o, s] = [base, own, stored].map((t) => at(t, query, passage)?.grade);
            expect(at(merged, query, passage)?.grade).toBe(o === b && s !== undefined ? s : o);
          }
        }
      }),
    );
  });

  it('nothing is lost when each tab grades and then both have written', () => {
    fc.assert(
      fc.property(grades, grades, (mine, yours) => {
        const first = mergeGrades(new Map(), mine, new Map());
        const second = mergeGrades(new Map(), yours, first);
        for (const t of [mine, yours]) {
          for (const [query, row] of t)
            for (const passage of row.keys()) expect(at(second, query, passage)).toBeDefined();
        }
      }),
    );
  });

  it('a sample’s judgments are nobody’s to change', () => {
    const own = table([['q', 'p', 2]], 'sample');
    expect(mergeGrades(new Map(), own, new Map())).toBe(own);
    expect(at(mergeGrades(new Map(), own, table([['q', 'p', 0]])), 'q', 'p')).toEqual({
      grade: 0,
      from: 'user',
    });
  });

  it('that one takes back go in the other, and only those', () => {
    fc.assert(
      fc.property(grades, grades, (before, now) => {
        const removed = removedGrades(before, now);
        for (const [query, passage] of removed) {
          expect([at(before, query, passage), at(now, query, passage)]).toEqual([
            expect.anything(),
            undefined,
          ]);
        }
        const left = withoutGrades(before, removed);
        for (const query of 'abc') {
          for (const passage of 'abc') {
            const kept = at(now, query, passage) ? at(before, query, passage) : undefined;
            expect(at(left, query, passage)).toEqual(kept);
          }
        }
      }),
    );
  });
});
