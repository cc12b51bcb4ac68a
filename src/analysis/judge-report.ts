/** Everything the Inspector says of a judge, from one set of decisions, at once: made for a worker. */
import { kendallTauB } from '../evaluation/correlation.ts';
import { type BradleyTerry, bradleyTerry } from '../ranking/bradley-terry.ts';
import { type Doubt, doubtsOfPairs } from '../ranking/doubts.ts';
import type { Preference } from '../ranking/pair-table.ts';
import { type Calibration, calibrationOf, pairForecasts } from './calibration.ts';
import {
  type Consistency,
  consistencyOf,
  disagreements,
  type FlipBin,
  flippedPairs,
  flipsByDistance,
  flipsByGap,
  narrowCalls,
} from './consistency.ts';
import { DecidedPairs } from './decided-pairs.ts';
import { type Health, healthOf } from './health.ts';
import { jaccardAt, rbo, rboFloor } from './order-similarity.ts';
import {
  copeland,
  expectedWins,
  randomDirection,
  singleDirection,
  softBorda,
} from './orders-from-decisions.ts';
import { condorcetWinner, smithSet, type Triads, tiersOf, triadsOf } from './tournament.ts';

/** Decisions side by side in typed arrays: thousands cross to a worker in one piece. */
export interface PackedDecisions {
  readonly n: number;
  readonly a: Uint16Array;
  readonly b: Uint16Array;
  readonly logitA: Float64Array;
  readonly logitB: Float64Array;
  /** Twice the preference: 0, 1 or 2. */
  readonly twice: Uint8Array;
}

/** An order and the scores that it rests on (`scores[i]` of `order[i]`). */
export interface NamedOrder {
  readonly name: string;
  readonly order: readonly number[];
  readonly scores: readonly number[];
}

export interface ReportRequest {
  readonly decisions: PackedDecisions;
  /** The judge's own order first; then those it is compared with (student, first stage). */
  readonly orders: readonly NamedOrder[];
  /** By candidate; undefined where nobody judged. */
  readonly grades: readonly (number | undefined)[];
}

/** How alike two of the orders are. */
export interface Likeness {
  readonly names: readonly [string, string];
  /** Kendall's τ-b of the scores; undefined where one is all ties. */
  readonly tau: number | undefined;
  /** RBO_ext with p = .9, and the least it can be for so many candidates. */
  readonly rbo: number | undefined;
  readonly rboFloor: number | undefined;
  /** Jaccard similarity of the first five. */
  readonly jaccard: number | undefined;
}

export interface JudgeReport {
  readonly asked: number;
  readonly consistency: Consistency;
  readonly flipped: readonly (readonly [number, number])[];
  readonly flipsByDistance: readonly FlipBin[];
  readonly flipsByGap: readonly FlipBin[];
  readonly triads: Triads;
  readonly condorcet: number | undefined;
  readonly smith: readonly number[];
  readonly tiers: readonly (readonly number[])[];
  /** Ordered calls within a tenth of a logit. */
  readonly narrow: readonly (readonly [number, number])[];
  /** Whether these are answers at all: figures with their cells, and what is doubtful about them, the gravest first. */
  readonly health: Health;
  readonly doubts: readonly Doubt[];
  /** By the name of an order: [winner, loser] pairs in which it disagrees with a strict majority. */
  readonly disagreements: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly likeness: readonly Likeness[];
  /** Of single calls, and of both orders' mean; undefined where no grades tell pairs apart. */
  readonly calibration:
    | { readonly calls: Calibration; readonly averaged: Calibration; readonly leftOut: number }
    | undefined;
  readonly strengths: BradleyTerry;
  /** The orders that other rules make of the same decisions. */
  readonly others: readonly NamedOrder[];
}

const TOP = 5;

/** @throws RangeError for decisions about candidates that are not there */
export function judgeReport({ decisions, orders, grades }: ReportRequest): JudgeReport {
  const pairs = unpack(decisions);
  const own = orders[0]!;
  const scores = byCandidate(own);
  const forecasts = pairForecasts(pairs, grades);
  const strengths = bradleyTerry(pairs.table);
  const rules = { copeland, expectedWins, softBorda, singleDirection, randomDirection };
  return {
    asked: decisions.a.length,
    consistency: consistencyOf(pairs),
    flipped: flippedPairs(pairs),
    flipsByDistance: flipsByDistance(pairs, own.order),
    flipsByGap: flipsByGap(pairs, scores),
    triads: triadsOf(pairs),
    condorcet: condorcetWinner(pairs),
    smith: smithSet(pairs),
    tiers: tiersOf(pairs),
    narrow: narrowCalls(pairs),
    health: healthOf(pairs, own.order),
    doubts: doubtsOfPairs({
      order: own.order,
      decisions: pairs.table,
      margins: Array.from(decisions.logitA, (logit, i) => logit - decisions.logitB[i]!),
    }),
    disagreements: Object.fromEntries(
      orders.slice(1).map(({ name, order }) => [name, disagreements(pairs, order)]),
    ),
    likeness: orders.flatMap((one, i) => orders.slice(i + 1).map((other) => likeness(one, other))),
    calibration:
      forecasts.calls.length === 0
        ? undefined
        : {
            calls: calibrationOf(forecasts.calls),
            averaged: calibrationOf(forecasts.averaged),
            leftOut: forecasts.leftOut,
          },
    strengths,
    others: [
      ...Object.entries(rules).map(([name, rule]) => ({ name, ...rule(pairs) })),
      {
        name: 'bradleyTerry',
        order: strengths.order,
        scores: strengths.order.map((index) => strengths.strengths[index]!),
      },
    ],
  };
}

function likeness(one: NamedOrder, other: NamedOrder): Likeness {
  const [a, b] = [one.order.map(String), other.order.map(String)];
  return {
    names: [one.name, other.name],
    tau: kendallTauB(byCandidate(one), byCandidate(other)),
    rbo: rbo(a, b),
    rboFloor: rboFloor(a.length),
    jaccard: jaccardAt(a, b, TOP),
  };
}

function byCandidate({ order, scores }: NamedOrder): number[] {
  const found = new Array<number>(order.length).fill(Number.NaN);
  order.forEach((index, place) => {
    found[index] = scores[place]!;
  });
  return found;
}

export function packDecisions(
  n: number,
  decisions: readonly {
    readonly a: number;
    readonly b: number;
    readonly logitA: number;
    readonly logitB: number;
    readonly preference: Preference;
  }[],
): PackedDecisions {
  return {
    n,
    a: Uint16Array.from(decisions, ({ a }) => a),
    b: Uint16Array.from(decisions, ({ b }) => b),
    logitA: Float64Array.from(decisions, ({ logitA }) => logitA),
    logitB: Float64Array.from(decisions, ({ logitB }) => logitB),
    twice: Uint8Array.from(decisions, ({ preference }) => 2 * preference),
  };
}

export function unpack({ n, a, b, logitA, logitB, twice }: PackedDecisions): DecidedPairs {
  return new DecidedPairs(
    n,
    Array.from(a, (first, i) => ({
      a: first,
      b: b[i]!,
      logitA: logitA[i]!,
      logitB: logitB[i]!,
      preference: (twice[i]! / 2) as Preference,
    })),
  );
}
