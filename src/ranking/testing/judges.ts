/**
 * Judges for tests of pairwise ranking, with orders to compare their rankings with. Passages are texts;
 * where they are numbers, the larger one is the better one.
 */
import { createMethod, type MethodOptions } from '../create-method.ts';
import type { MethodId } from '../methods/registry.ts';
import { PRP } from '../presets.ts';
import type { RankingMethod } from '../types.ts';
import { comparing, FakeScorer, seededRandom } from './fake-scorer.ts';

/** Those whose order is a perfect judge’s; a sparse sample’s is near it. */
export const SCHEDULES = ['prp-allpair', 'prp-heapsort', 'prp-sliding', 'prp-topk'] as const;

/** A method with the paper's pairwise wording. */
export function method(id: MethodId, options: Partial<MethodOptions> = {}): RankingMethod {
  return createMethod(id, { template: PRP, ...options });
}

/** A scorer for which the passage with the larger number wins, equal numbers give equal logits. */
export function byNumber(random?: () => number): FakeScorer {
  return new FakeScorer({ answer: comparing((a, b) => Number(a) - Number(b)), random });
}

/** Any judge at all: each ordered pair of texts has its own arbitrary, repeatable answer. */
export function arbitrary(judge: number, random?: () => number, onBatch?: () => void): FakeScorer {
  const answer = comparing((a, b) => Math.floor(seededRandom(judge ^ hash(`${a}/${b}`))() * 3) - 1);
  return new FakeScorer({ answer, random, onBatch });
}

function hash(text: string): number {
  return [...text].reduce((sum, unit) => Math.imul(sum, 31) + unit.charCodeAt(0), 7);
}

export function isPermutation(order: readonly number[], size: number): boolean {
  return order.length === size && new Set(order).size === size && order.every((i) => i >= 0 && i < size);
}

/** Indices by value, highest first, equal values in first-stage order. */
export function sortedBy(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((a, b) => values[b]! - values[a]! || a - b);
}
