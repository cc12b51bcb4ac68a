/**
 * A first stage fused with a re-ranker: two scores of the same candidates made one. By places (reciprocal rank fusion,
 * Cormack, Clarke and Büttcher 2009) or by scores (interpolation of standardised scores). No call is made for it.
 */
import { RankscopeError } from '../errors.ts';
import type { Candidate } from '../types.ts';
import { type Ranking, rankByScore } from './orders.ts';
import type { RankingEvent } from './types.ts';

/** Σ 1 / (60 + place): only places count, so scores of any scale can be fused. */
export interface ReciprocalRankFusion {
  readonly by: 'rrf';
}

/** λ · z(re-ranker) + (1 − λ) · z(first stage), z over the query's candidates. */
export interface Interpolation {
  readonly by: 'interpolation';
  /**
   * λ, from 0 (the first stage alone) to 1 (the re-ranker alone).
   * @example `0.5`, where nothing is known of the two
   */
  readonly weight: number;
}

export type Fusion = ReciprocalRankFusion | Interpolation;

export const FUSIONS = ['rrf', 'interpolation'] as const satisfies readonly Fusion['by'][];

/** Cormack et al.'s constant, which everybody has kept. */
export const RRF_K = 60;

/** λ where none is given. */
export const DEFAULT_WEIGHT = 0.5;

/** λs that are tried where it is tuned: 0, .05, …, 1. */
export const WEIGHTS: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 20);

/**
 * @param firstStage scores by candidate, in first-stage order
 * @param reranked the re-ranker's order of the same candidates, with its scores
 * @returns the fused order; equal scores keep first-stage order. A permutation of the candidates
 * @throws RankscopeError 'bad-input' for a weight outside 0 … 1
 */
export function fuse(firstStage: readonly number[], reranked: Ranking, fusion: Fusion): Ranking {
  const { order, scores } = reranked;
  if (fusion.by === 'rrf') {
    const fused = firstStage.map((_, place) => reciprocal(place));
    for (const [place, candidate] of order.entries()) fused[candidate]! += reciprocal(place);
    return rankByScore(fused);
  }
  const { weight } = checkFusion(fusion) as Interpolation;
  const own = new Array<number>(firstStage.length).fill(0);
  for (const [place, candidate] of order.entries()) own[candidate] = scores[place]!;
  const first = standardised(firstStage);
  const again = standardised(own);
  return rankByScore(first.map((score, i) => weight * again[i]! + (1 - weight) * score));
}

const reciprocal = (place: number): number => 1 / (RRF_K + place + 1);

/**
 * A ranking as its fusion with the first stage; every other event is as it was. While passages have no score yet nothing
 * can be fused: they stand in first-stage order, without scores.
 */
export function fusedEvent(
  event: RankingEvent,
  candidates: readonly Pick<Candidate, 'score'>[],
  fusion: Fusion,
): RankingEvent {
  if (event.type !== 'ranking') return event;
  if (event.scores.some(Number.isNaN)) {
    return { type: 'ranking', order: candidates.map((_, i) => i), scores: candidates.map(() => Number.NaN) };
  }
  const firstStage = candidates.map(({ score }) => score);
  return { type: 'ranking', ...fuse(firstStage, event, fusion) };
}

/** z-scores: mean 0, deviation 1; all 0 where all values are the same. */
export function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  // Equal values differ from their mean by rounding alone.
  const none = !(deviation > 1e-9 * Math.max(1e-9, Math.abs(mean)));
  return values.map((value) => (none ? 0 : (value - mean) / deviation));
}

/** @throws RankscopeError 'bad-input' for a weight outside 0 … 1 */
export function checkFusion<F extends Fusion>(fusion: F): F {
  if (fusion.by === 'interpolation' && !(fusion.weight >= 0 && fusion.weight <= 1)) {
    throw new RankscopeError(
      'bad-input',
      `The weight of the re-ranker is ${fusion.weight}; use a number from 0 (the first stage alone) to 1 (the re-ranker alone).`,
    );
  }
  return fusion;
}

/** A fusion as it stands in files; undefined for what is none. */
export function readFusion(value: unknown): Fusion | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { by, weight } = value as Readonly<Record<string, unknown>>;
  if (by === 'rrf') return { by };
  const known = by === 'interpolation' && typeof weight === 'number' && weight >= 0 && weight <= 1;
  return known ? { by, weight } : undefined;
}

/** `RRF`, `λ = 0.7`. */
export const fusionText = (fusion: Fusion): string =>
  fusion.by === 'rrf' ? 'RRF' : `λ = ${Number(fusion.weight.toFixed(2))}`;
