import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementWith, findCycles, pairVerdict, positionBias, summarisePairs } from './analysis.ts';
import { PairTable, type Preference } from './pair-table.ts';

/** Both orders agree that each first beats its second. */
function strictTable(size: number, wins: readonly (readonly [number, number])[]): PairTable {
  return PairTable.from(
    size,
    wins.flatMap(([a, b]) => [
      { a, b, preference: 1 as const },
      { a: b, b: a, preference: 0 as const },
    ]),
  );
}

/** Partial tables of 0 to 7 candidates with any decisions. */
const anyTable = fc.integer({ min: 0, max: 7 }).chain((size) =>
  fc
    .array(fc.constantFrom<(Preference | undefined)[]>(0, 0.5, 1, undefined), {
      minLength: size * size,
      maxLength: size * size,
    })
    .map((cells) => {
      const table = new PairTable(size);
      cells.forEach((value, cell) => {
        const [a, b] = [Math.floor(cell / size), cell % size];
        if (a !== b && value !== undefined) table.set(a, b, value);
      });
      return table;
    }),
);

describe('positionBias', () => {
  it('is the share of ordered decisions won by A, equal ones half', () => {
    const table = new PairTable(3);
    table.set(0, 1, 1);
    table.set(1, 0, 1);
    table.set(0, 2, 0);
    table.set(2, 0, 0.5);
    expect(positionBias(table)).toEqual({ decisions: 4, wonByA: 2.5, share: 0.625 });
  });

  it('is unbiased where both orders always agree, and not a number without decisions', () => {
    expect(
      positionBias(
        strictTable(3, [
          [0, 1],
          [2, 0],
          [1, 2],
        ]),
      ).share,
    ).toBe(0.5);
    expect(positionBias(new PairTable(4))).toEqual({ decisions: 0, wonByA: 0, share: Number.NaN });
  });
});

describe('pairs', () => {
  const verdict = (forward?: Preference, backward?: Preference) => {
    const table = new PairTable(2);
    if (forward !== undefined) table.set(0, 1, forward);
    if (backward !== undefined) table.set(1, 0, backward);
    return pairVerdict(table, 0, 1);
  };

  it('are contradictory, even, strict or open', () => {
    expect(verdict(1, 1)).toEqual({ kind: 'contradictory' });
    expect(verdict(0, 0)).toEqual({ kind: 'contradictory' });
    expect(verdict(0.5, 0.5)).toEqual({ kind: 'even' });
    expect(verdict(1, 0)).toEqual({ kind: 'strict', winner: 0, loser: 1 });
    expect(verdict(0, 1)).toEqual({ kind: 'strict', winner: 1, loser: 0 });
    expect(verdict(0.5, 0)).toEqual({ kind: 'strict', winner: 0, loser: 1 });
    expect(verdict(0, 0.5)).toEqual({ kind: 'strict', winner: 1, loser: 0 });
    expect(verdict(1, undefined)).toEqual({ kind: 'open' });
    expect(verdict()).toEqual({ kind: 'open' });
  });

  it('are counted each once, from either side alike', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const summary = summarisePairs(table);
        let both = 0;
        for (let i = 0; i < table.size; i++) {
          for (let j = i + 1; j < table.size; j++) {
            if (table.has(i, j) && table.has(j, i)) both++;
            expect(pairVerdict(table, i, j)).toEqual(pairVerdict(table, j, i));
          }
        }
        expect(summary.compared).toBe(both);
      }),
    );
  });
});

describe('findCycles', () => {
  it('finds one round trip once, in the direction of winning', () => {
    expect(
      findCycles(
        strictTable(3, [
          [0, 1],
          [1, 2],
          [2, 0],
        ]),
      ),
    ).toEqual([[0, 1, 2]]);
    expect(
      findCycles(
        strictTable(3, [
          [1, 0],
          [2, 1],
          [0, 2],
        ]),
      ),
    ).toEqual([[0, 2, 1]]);
    expect(
      findCycles(
        strictTable(3, [
          [0, 1],
          [1, 2],
          [0, 2],
        ]),
      ),
    ).toEqual([]);
  });

  it('agrees with the count from scores in full tournaments (Kendall and Babington Smith 1940)', () => {
    const tournament = fc
      .integer({ min: 0, max: 8 })
      .chain((size) =>
        fc
          .array(fc.boolean(), { minLength: (size * (size - 1)) / 2, maxLength: (size * (size - 1)) / 2 })
          .map((upper) => ({ size, upper })),
      );
    fc.assert(
      fc.property(tournament, ({ size, upper }) => {
        const wins: [number, number][] = [];
        let next = 0;
        for (let i = 0; i < size; i++) {
          for (let j = i + 1; j < size; j++) wins.push(upper[next++] ? [i, j] : [j, i]);
        }
        const score = Array.from({ length: size }, (_, i) => wins.filter(([winner]) => winner === i).length);
        const triples = (size * (size - 1) * (size - 2)) / 6;
        const transitive = score.reduce((sum, s) => sum + (s * (s - 1)) / 2, 0);
        expect(findCycles(strictTable(size, wins))).toHaveLength(triples - transitive);
      }),
    );
  });

  it('never counts a contradictory pair', () => {
    const table = strictTable(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    table.set(0, 2, 1);
    expect(findCycles(table)).toEqual([]);
  });
});

describe('agreementWith', () => {
  it('is the share of strict majorities that an order keeps', () => {
    const table = strictTable(3, [
      [0, 1],
      [1, 2],
      [0, 2],
    ]);
    expect(agreementWith(table, [0, 1, 2])).toEqual({ pairs: 3, agreed: 3, share: 1 });
    expect(agreementWith(table, [1, 0, 2])).toEqual({ pairs: 3, agreed: 2, share: 2 / 3 });
    expect(agreementWith(new PairTable(3), [0, 1, 2]).share).toBeNaN();
  });
});
