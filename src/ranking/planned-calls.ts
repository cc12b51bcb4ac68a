/** How many calls a method needs, before it runs: for estimates on the screen and the `planned` event. */
import { RankscopeError } from '../errors.ts';
import type { PlannedCalls } from './methods/descriptor.ts';
import { type MethodId, methodNamed } from './methods/registry.ts';

/** Passes of the sliding window by default: they settle a top 10. */
export const DEFAULT_PASSES = 10;

/**
 * Model calls for n candidates: n pointwise; n(n − 1) for all pairs; two (both orders) per comparison
 * of heapsort (heapsortComparisons) and sliding window (slidingWindowComparisons) at most. Answers
 * already cached count as calls here. Throws 'bad-input' unless n ≥ 0 and passes ≥ 1 are whole.
 */
export function plannedCalls(method: MethodId, n: number, passes = DEFAULT_PASSES): PlannedCalls {
  if (!Number.isInteger(n) || n < 0) {
    throw new RankscopeError('bad-input', `Cannot rank ${n} candidates; use a whole number.`);
  }
  checkPasses(passes);
  return methodNamed(method).plannedCalls(n, { passes });
}

/** Throws 'bad-input' unless passes is a whole number from 1. */
export function checkPasses(passes: number): void {
  if (Number.isInteger(passes) && passes >= 1) return;
  throw new RankscopeError(
    'bad-input',
    `The sliding window cannot make ${passes} passes; use a whole number from 1.`,
  );
}
