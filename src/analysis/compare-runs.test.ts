import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preference } from '../ranking/pair-table.ts';
import { type ComparedRun, compareRuns } from './compare-runs.ts';

const decision = (a: number, b: number, over: number, cached = false) => ({
  a,
  b,
  logitA: over,
  logitB: 0,
  preference: preference(over, 0),
  cached,
});
const run = (ids: readonly string[], parts: Partial<ComparedRun> = {}): ComparedRun => ({
  ids,
  order: ids.map((_, i) => i),
  decisions: [],
  scored: [],
  ...parts,
});

describe('compareRuns', () => {
  it('finds flipped decisions by passage, surest first, whatever the candidates’ order', () => {
    const before = run(['x', 'y', 'z'], {
      decisions: [decision(0, 1, 2), decision(1, 0, -1), decision(0, 2, 0.5), decision(1, 2, 3)],
    });
    // The same passages found in another order: z, y, x.
    const after = run(['z', 'y', 'x'], {
      decisions: [decision(2, 1, -4), decision(1, 2, 1), decision(2, 0, 0.75)],
    });
    const { decisions } = compareRuns(before, after);
    expect(decisions).toMatchObject({ both: 3, largest: 6, mean: (6 + 2 + 0.25) / 3 });
    expect(decisions!.flips).toEqual([
      { a: 'x', b: 'y', before: 2, after: -4 },
      { a: 'y', b: 'x', before: -1, after: 1 },
    ]);
  });

  it('ranks moved passages among those that both have', () => {
    const before = run(['x', 'y', 'z', 'gone'], { order: [3, 0, 1, 2] });
    const after = run(['new', 'z', 'y', 'x'], { order: [1, 0, 3, 2] });
    expect(compareRuns(before, after)).toMatchObject({
      common: 3,
      onlyBefore: 1,
      onlyAfter: 1,
      decisions: null,
      scores: null,
      top: { size: 3, shared: 3 },
      moved: [
        { id: 'z', from: 3, to: 1 },
        { id: 'x', from: 1, to: 2 },
        { id: 'y', from: 2, to: 3 },
      ],
    });
  });

  it('counts answers that are one and the same: looked up in one of the runs, and equal', () => {
    const before = run(['x', 'y', 'z'], {
      decisions: [decision(0, 1, 2), decision(1, 0, -1), decision(0, 2, 1), decision(2, 0, 1, true)],
      scored: [{ index: 0, score: 1, cached: false }],
    });
    const after = run(['x', 'y', 'z'], {
      // Looked up; asked again with the same result; looked up from a run between; looked up before.
      decisions: [decision(0, 1, 2, true), decision(1, 0, -1), decision(0, 2, 3, true), decision(2, 0, 1)],
      scored: [{ index: 0, score: 1, cached: true }],
    });
    expect(compareRuns(before, after)).toMatchObject({
      decisions: { both: 4, shared: 2 },
      scores: { both: 1, shared: 1 },
    });
  });

  it('compares scores of passages', () => {
    const before = run(['x', 'y'], { scored: [{ index: 0, score: 1, cached: false }] });
    const after = run(['y', 'x'], {
      scored: [
        { index: 0, score: 5, cached: false },
        { index: 1, score: 3, cached: true },
      ],
    });
    expect(compareRuns(before, after).scores).toEqual({ both: 1, shared: 0, mean: 2, largest: 2 });
  });

  it('finds nothing between a run and itself, and the same flips in both directions', () => {
    const n = 5;
    const ids = Array.from({ length: n }, (_, i) => `p${i}`);
    const judge = fc
      .array(fc.integer({ min: -3, max: 3 }), { minLength: n * n, maxLength: n * n })
      .map((over) =>
        run(ids, {
          decisions: over.flatMap((one, i) =>
            i % n === Math.floor(i / n) ? [] : [decision(Math.floor(i / n), i % n, one)],
          ),
        }),
      );
    fc.assert(
      fc.property(judge, judge, (one, other) => {
        const same = compareRuns(one, one);
        expect([same.moved, same.tau, same.decisions!.flips, same.decisions!.largest]).toEqual([
          [],
          1,
          [],
          0,
        ]);
        const there = compareRuns(one, other).decisions!;
        const back = compareRuns(other, one).decisions!;
        const pairs = (flips: typeof there.flips) => flips.map(({ a, b }) => a + b).sort();
        expect(pairs(back.flips)).toEqual(pairs(there.flips));
        expect(back.mean).toBeCloseTo(there.mean);
      }),
    );
  });
});
