import { describe, expect, it } from 'vitest';
import { DoubtTally } from './doubts.ts';

type Kind = Parameters<DoubtTally['add']>[0];

/** Warnings after so many queries of each kind; undefined: without a doubt. */
function warningsAfter(counts: readonly (readonly [Kind, number])[], trained?: boolean): string[] {
  const tally = new DoubtTally();
  for (const [kind, times] of counts) for (let i = 0; i < times; i++) tally.add(kind);
  return tally.warnings(trained);
}

describe('DoubtTally', () => {
  it('says in how many queries, and why it may be', () => {
    expect(warningsAfter([])).toEqual([]);
    expect(warningsAfter([[undefined, 50]])).toEqual([]);
    const some: [Kind, number][] = [
      ['same-scores', 3],
      [undefined, 1200],
    ];
    expect(warningsAfter(some, false)).toEqual([
      'Warning: in 3 of 1,203 queries all passages got the same score. The model was not trained on this prompt.',
    ]);
    expect(warningsAfter([['one-position', 1]], true)).toEqual([
      'Warning: one place in the prompt won (nearly) all comparisons, whichever passages stood there. This may be the wrong checkpoint, or the passages may be too alike for it.',
    ]);
  });

  it('speaks of the first stage’s order only where it is that of most queries', () => {
    const mostly = (times: number): string[] =>
      warningsAfter([
        ['same-order', times],
        [undefined, 10 - times],
      ]);
    expect(mostly(5)).toEqual([]);
    expect(mostly(6)).toEqual([expect.stringContaining('exactly that of the first stage')]);
  });
});
