/** How many calls a method needs, before it runs: for estimates on the screen and the `planned` event. */
import { RankscopeError } from '../errors.ts';
import type { PlannedCalls } from './methods/descriptor.ts';
import { type MethodId, methodNamed } from './methods/registry.ts';
import { type GivenChoices, scheduleChoices } from './schedules/choices.ts';

/**
 * Model calls for n candidates: n pointwise; n(n − 1) for all pairs, and for an exact top k at most; two (both orders)
 * per comparison of heapsort (heapsortComparisons) and sliding window (slidingWindowComparisons) at most. Answers
 * already cached count as calls here. Throws 'bad-input' unless n ≥ 0 and the choices ≥ 1 are whole.
 */
export function plannedCalls(method: MethodId, n: number, given?: GivenChoices): PlannedCalls {
  if (!Number.isInteger(n) || n < 0) {
    throw new RankscopeError('bad-input', `Cannot rank ${n} candidates; use a whole number.`);
  }
  return methodNamed(method).plannedCalls(n, scheduleChoices(given));
}
