/** Made-up judges for tests: decisions of all ordered pairs of n candidates. */
import fc from 'fast-check';
import { seededRandom } from '../../random.ts';
import { preference } from '../../ranking/pair-table.ts';
import { DecidedPairs, type PairDecision } from '../decided-pairs.ts';

export const decision = (a: number, b: number, margin: number): PairDecision => ({
  a,
  b,
  logitA: margin,
  logitB: 0,
  preference: preference(margin, 0),
});

/** All ordered pairs, the margin of each given by a function. */
export function judge(n: number, margin: (a: number, b: number) => number): DecidedPairs {
  const decisions: PairDecision[] = [];
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) if (a !== b) decisions.push(decision(a, b, margin(a, b)));
  return new DecidedPairs(n, decisions);
}

/** Any judge at all: margins from a small range, so that ties and contradictions are common. */
export const anyJudge = (most = 9): fc.Arbitrary<DecidedPairs> =>
  fc
    .integer({ min: 1, max: most })
    .chain((n) =>
      fc
        .array(fc.integer({ min: -2, max: 2 }), { minLength: n * n, maxLength: n * n })
        .map((margins) => judge(n, (a, b) => margins[a * n + b]!)),
    );

/** A judge with an order of its own that contradicts itself on a share of the pairs (the same place wins twice). */
export function contradictoryJudge(n: number, share: number, seed: number): DecidedPairs {
  const random = seededRandom(seed);
  const worth = Array.from({ length: n }, random);
  const margins = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const place = random() < 0.5 ? 1 : -1;
      const contradicts = random() < share;
      margins[i * n + j] = contradicts ? place : worth[i]! - worth[j]!;
      margins[j * n + i] = contradicts ? place : worth[j]! - worth[i]!;
    }
  }
  return judge(n, (a, b) => margins[a * n + b]!);
}
