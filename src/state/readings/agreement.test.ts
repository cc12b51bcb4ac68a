import { describe, expect, it } from 'vitest';
import type { MethodId } from '../../ranking/methods/registry.ts';
import { candidatesOf } from '../../ranking/testing/fake-scorer.ts';
import type { ShownColumn } from '../run/run.ts';
import { firstStageOf, modelRunOf, setOf, showing } from '../testing/runs.ts';
import { tauBetween } from './agreement.ts';

/** A finished column with these scores, by candidate. */
function ranked(method: MethodId | 'bm25', byCandidate: readonly number[]): ShownColumn {
  const order = byCandidate.map((_, i) => i).sort((a, b) => byCandidate[b]! - byCandidate[a]! || a - b);
  const set = setOf(candidatesOf(byCandidate.map(String)));
  const run = method === 'bm25' ? firstStageOf(set) : modelRunOf(method, set);
  return showing({ ...run, order, scores: order.map((i) => byCandidate[i]!) });
}

/** A teacher that names passage A in every question but those listed. */
function judged(method: MethodId, scores: readonly number[], winners: readonly [number, number][] = []) {
  const column = ranked(method, scores);
  if (column.run?.kind !== 'comparing') throw new Error(`${method} compares nothing`);
  const { matrix } = column.run;
  const costs = { logitA: 0, logitB: 0, tokens: 1, ms: 1, cached: false, cuts: [] };
  for (let a = 0; a < scores.length; a++) {
    for (let b = 0; b < scores.length; b++) {
      const lost = winners.some(([winner, loser]) => winner === b && loser === a);
      if (a !== b) matrix.put([{ a, b, preference: lost ? 0 : 1, ...costs }]);
    }
  }
  return column;
}

describe('τ between columns', () => {
  it('is 1 and −1 for the same and the reverse order', () => {
    expect(tauBetween(ranked('bm25', [3, 2, 1]), ranked('pointwise-yes', [0.3, 0.2, 0.1]))).toBeCloseTo(
      1,
      12,
    );
    expect(tauBetween(ranked('bm25', [3, 2, 1]), ranked('pointwise-yes', [1, 2, 3]))).toBeCloseTo(-1, 12);
  });

  it('counts ties as ties, not in the order they are shown in', () => {
    // Two of three pairs are apart in both: 2 / √(3 · 2).
    const tau = tauBetween(ranked('bm25', [3, 2, 1]), ranked('prp-allpair', [3, 1, 1]));
    expect(tau).toBeCloseTo(2 / Math.sqrt(6), 12);
  });

  it('is undecided where a teacher or a student ties everything', () => {
    const bm25 = ranked('bm25', [4, 3, 2, 1]);
    expect(tauBetween(bm25, judged('prp-allpair', [3, 3, 3, 3]))).toBe('undecided');
    expect(tauBetween(ranked('pointwise-yes', [2, 2, 2, 2]), bm25)).toBe('undecided');
    // Schedules without scores of their own: places hide that nothing was decided.
    for (const method of ['prp-heapsort', 'prp-sliding'] as const) {
      expect(tauBetween(bm25, judged(method, [4, 3, 2, 1]))).toBe('undecided');
      expect(tauBetween(bm25, judged(method, [3, 4, 2, 1], [[1, 0]]))).toBeCloseTo(4 / 6, 12);
    }
  });

  it('says nothing before both have ranked the same candidates', () => {
    const bm25 = ranked('bm25', [2, 1]);
    expect(tauBetween(bm25, { ...bm25, state: 'running' })).toBeUndefined();
    expect(tauBetween(bm25, showing(firstStageOf(setOf(bm25.run!.set.candidates, 'other'))))).toBeUndefined();
    expect(tauBetween(ranked('bm25', [1]), ranked('pointwise-yes', [1]))).toBeUndefined();
  });
});
