/**
 * What a table of PRP decisions says about the judge rather than the passages: position bias,
 * contradictions, cycles. All of it works on partial tables and counts only what is decided.
 */
import type { PairTable } from './pair-table.ts';

/** How often the passage shown first won. */
export interface PositionBias {
  /** Ordered decisions made. */
  readonly decisions: number;
  /** Those won by passage A; equal logits count one half. */
  readonly wonByA: number;
  /** wonByA / decisions: 0.5 is unbiased; NaN when there are none. */
  readonly share: number;
}

export function positionBias(table: PairTable): PositionBias {
  let decisions = 0;
  let wonByA = 0;
  for (let a = 0; a < table.size; a++) {
    for (let b = 0; b < table.size; b++) {
      const preference = a === b ? undefined : table.get(a, b);
      if (preference === undefined) continue;
      decisions++;
      wonByA += preference;
    }
  }
  return { decisions, wonByA, share: wonByA / decisions };
}

/** What both orders of an unordered pair say together. */
export type PairVerdict =
  /** One order is still to be asked. */
  | { readonly kind: 'open' }
  /** The two orders name different winners. */
  | { readonly kind: 'contradictory' }
  /** Equal logits in both orders: nobody wins, nobody contradicts. */
  | { readonly kind: 'even' }
  /** A strict majority: both orders name the winner, or one does and the other is exactly equal. */
  | { readonly kind: 'strict'; readonly winner: number; readonly loser: number };

export function pairVerdict(table: PairTable, i: number, j: number): PairVerdict {
  const forward = table.get(i, j);
  const backward = table.get(j, i);
  if (forward === undefined || backward === undefined) return { kind: 'open' };
  const votes = forward + (1 - backward);
  if (votes > 1) return { kind: 'strict', winner: i, loser: j };
  if (votes < 1) return { kind: 'strict', winner: j, loser: i };
  return { kind: forward === 0.5 ? 'even' : 'contradictory' };
}

export interface PairSummary {
  /** Pairs (i < j) whose two orders name different winners. */
  readonly contradictory: readonly (readonly [i: number, j: number])[];
  readonly even: readonly (readonly [i: number, j: number])[];
  /** Strict majorities. */
  readonly strict: readonly (readonly [winner: number, loser: number])[];
  /** Pairs decided in both orders: the sum of the three. */
  readonly compared: number;
}

export function summarisePairs(table: PairTable): PairSummary {
  const contradictory: [number, number][] = [];
  const even: [number, number][] = [];
  const strict: [number, number][] = [];
  for (let i = 0; i < table.size; i++) {
    for (let j = i + 1; j < table.size; j++) {
      const verdict = pairVerdict(table, i, j);
      if (verdict.kind === 'contradictory') contradictory.push([i, j]);
      if (verdict.kind === 'even') even.push([i, j]);
      if (verdict.kind === 'strict') strict.push([verdict.winner, verdict.loser]);
    }
  }
  return { contradictory, even, strict, compared: contradictory.length + even.length + strict.length };
}

/** Three candidates whose strict majorities go round: a beats b, b beats c, c beats a; a is the smallest. */
export type Cycle = readonly [a: number, b: number, c: number];

/** All cycles of three; each is listed once, in the direction of winning. O(n³): fine up to a few hundred. */
export function findCycles(table: PairTable): Cycle[] {
  const { size } = table;
  const wins = new Uint8Array(size * size);
  for (const [winner, loser] of summarisePairs(table).strict) wins[winner * size + loser] = 1;
  const cycles: Cycle[] = [];
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      // Who won between a and b leaves one direction in which the three can go round.
      const forward = wins[a * size + b] === 1;
      if (!forward && wins[b * size + a] !== 1) continue;
      const [first, second] = forward ? [a, b] : [b, a];
      for (let c = b + 1; c < size; c++) {
        if (wins[second * size + c] === 1 && wins[c * size + first] === 1) {
          cycles.push(forward ? [a, b, c] : [a, c, b]);
        }
      }
    }
  }
  return cycles;
}

/**
 * How far an order (candidate indices, best first: a student's) agrees with the strict majorities:
 * `share` of them whose winner stands above the loser; NaN when there is no strict pair.
 */
export function agreementWith(
  table: PairTable,
  order: readonly number[],
): { readonly pairs: number; readonly agreed: number; readonly share: number } {
  const place = new Map(order.map((index, position) => [index, position]));
  const { strict } = summarisePairs(table);
  const agreed = strict.filter(([winner, loser]) => place.get(winner)! < place.get(loser)!).length;
  return { pairs: strict.length, agreed, share: agreed / strict.length };
}
