/**
 * What the labels say about their source rather than the passages: how often it contradicts itself,
 * leans to the passage shown first, goes round in circles, reads cut prompts, decides by a hair.
 */
import { kendallTau } from '../../src/evaluation/correlation.ts';
import type { Label } from '../../src/formats/label-line.ts';
import { findCycles, positionBias, summarisePairs } from '../../src/ranking/analysis.ts';
import { findDoubt } from '../../src/ranking/doubts.ts';
import { prpAllPairs } from '../../src/ranking/methods/prp-allpair/method.ts';
import { PairTable } from '../../src/ranking/pair-table.ts';
import { DoubtTally } from '../scoring/doubts.ts';
import type { Repairs } from './repairs.ts';

/** Logits nearer than this are a narrow call: the winner has at most 52.5 % of the two labels' probability. */
export const NARROW = 0.1;
const WORST = 20;

export interface Audit {
  readonly queries: number;
  readonly passages: number;
  /** Queries with fewer than two candidates: nothing to compare. */
  readonly trivial: number;
  /** Queries of which the teacher read only the beginning; absent: none. */
  readonly cutQueries?: number;
  /** Mean Kendall τ of the labels to the first stage, and the share of queries whose first place changed. */
  readonly tauToFirstStage?: number;
  readonly firstPlaceChanged?: number;
  /** What speaks against the labels being an answer at all; absent where nothing does. */
  readonly doubts?: readonly string[];
  /** Absent for sources that make no decisions. */
  readonly decisions?: DecisionAudit;
  /** Of labels from a permutation file. */
  readonly permutations?: Repairs;
}

export interface DecisionAudit {
  /** Ordered decisions. */
  readonly made: number;
  /** Pairs decided in both orders, and those whose orders name different winners. */
  readonly pairs: number;
  readonly contradictory: number;
  readonly contradictionRate: number;
  /** Pairs with equal logits in both orders. */
  readonly even: number;
  /** Share of decisions won by the passage shown first: 0.5 is unbiased. */
  readonly positionBias: number;
  /** Threes whose strict majorities go round, of all threes with three strict majorities. */
  readonly cycles: number;
  readonly strictThrees: number;
  readonly queriesWithCycles: number;
  /** Prompts in which a passage was cut to fit. */
  readonly cutPrompts: number;
  /** Decisions with logits nearer than `narrowBelow`. */
  readonly narrow: number;
  readonly narrowBelow: number;
  readonly medianMargin: number;
  /** Worst first. */
  readonly mostContradictory: readonly ContradictoryQuery[];
}

export interface ContradictoryQuery {
  readonly id: string;
  readonly text: string;
  readonly contradictory: number;
  readonly pairs: number;
  readonly cycles: number;
}

/** Margins kept for the median: of more, every second is dropped again and again. */
const MARGINS = 200_000;

export class Auditor {
  private queries = 0;
  private passages = 0;
  private trivial = 0;
  private cutQueries = 0;
  private tauSum = 0;
  private changed = 0;
  private made = 0;
  private wonByA = 0;
  private pairs = 0;
  private contradictory = 0;
  private even = 0;
  private cycles = 0;
  private strictThrees = 0;
  private withCycles = 0;
  private cut = 0;
  private narrow = 0;
  private margins: number[] = [];
  private stride = 1;
  private worst: ContradictoryQuery[] = [];
  private readonly doubts = new DoubtTally();

  add(query: { readonly id: string; readonly text: string }, { order, decisions, queryCut }: Label): void {
    this.queries++;
    if (queryCut) this.cutQueries++;
    this.passages += order.length;
    if (order.length < 2) {
      this.trivial++;
      return;
    }
    const places = order.map(String);
    this.tauSum += kendallTau(
      places,
      order.map((_, i) => String(i)),
    )!;
    if (order[0] !== 0) this.changed++;
    if (decisions.length > 0) this.addDecisions(query, order, decisions);
  }

  private addDecisions(
    { id, text }: { readonly id: string; readonly text: string },
    order: Label['order'],
    decisions: Label['decisions'],
  ): void {
    const size = order.length;
    const table = PairTable.from(size, decisions);
    this.doubts.add(
      findDoubt({ method: prpAllPairs.id, order, scores: [], scored: [], decisions: table })?.kind,
    );
    const bias = positionBias(table);
    const { contradictory, even, strict, compared } = summarisePairs(table);
    const cycles = findCycles(table).length;
    this.wonByA += bias.wonByA;
    this.pairs += compared;
    this.contradictory += contradictory.length;
    this.even += even.length;
    this.cycles += cycles;
    this.strictThrees += countThrees(size, strict);
    if (cycles > 0) this.withCycles++;
    for (const { logitA, logitB, cut } of decisions) {
      const margin = Math.abs(logitA - logitB);
      if (cut > 0) this.cut++;
      if (margin < NARROW) this.narrow++;
      if (this.made++ % this.stride === 0) this.margins.push(margin);
    }
    if (this.margins.length > MARGINS) {
      this.margins = this.margins.filter((_, i) => i % 2 === 0);
      this.stride *= 2;
    }
    if (contradictory.length === 0) return;
    this.worst.push({ id, text, contradictory: contradictory.length, pairs: compared, cycles });
    if (this.worst.length >= 50 * WORST) this.worst = worstOf(this.worst);
  }

  result(): Audit {
    const { queries, passages, trivial, made } = this;
    const ranked = queries - trivial;
    const doubts = this.doubts.warnings();
    return {
      queries,
      passages,
      trivial,
      cutQueries: this.cutQueries > 0 ? this.cutQueries : undefined,
      tauToFirstStage: ranked > 0 ? this.tauSum / ranked : undefined,
      firstPlaceChanged: ranked > 0 ? this.changed / ranked : undefined,
      doubts: doubts.length > 0 ? doubts : undefined,
      decisions: made > 0 ? this.decisionResult() : undefined,
    };
  }

  private decisionResult(): DecisionAudit {
    const sorted = this.margins.toSorted((a, b) => a - b);
    return {
      made: this.made,
      pairs: this.pairs,
      contradictory: this.contradictory,
      contradictionRate: this.pairs === 0 ? 0 : this.contradictory / this.pairs,
      even: this.even,
      positionBias: this.wonByA / this.made,
      cycles: this.cycles,
      strictThrees: this.strictThrees,
      queriesWithCycles: this.withCycles,
      cutPrompts: this.cut,
      narrow: this.narrow,
      narrowBelow: NARROW,
      medianMargin: sorted[sorted.length >> 1] ?? 0,
      mostContradictory: worstOf(this.worst),
    };
  }
}

/** By share of contradictory pairs, then by their number; else as they came. */
function worstOf(queries: readonly ContradictoryQuery[]): ContradictoryQuery[] {
  const share = ({ contradictory, pairs }: ContradictoryQuery) => contradictory / pairs;
  return queries.toSorted((a, b) => share(b) - share(a) || b.contradictory - a.contradictory).slice(0, WORST);
}

/** Threes of candidates all of whose pairs have a strict majority. */
function countThrees(size: number, strict: readonly (readonly [number, number])[]): number {
  const decided = new Uint8Array(size * size);
  for (const [winner, loser] of strict) decided[Math.min(winner, loser) * size + Math.max(winner, loser)] = 1;
  let threes = 0;
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      if (decided[a * size + b] === 0) continue;
      for (let c = b + 1; c < size; c++) threes += decided[a * size + c]! & decided[b * size + c]!;
    }
  }
  return threes;
}
