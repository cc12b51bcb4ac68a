/** What a query set will take at most, before it has begun: estimate.ts over all its methods and queries. */

import type { ModelsState } from '../models/models.ts';
import { type Estimate, lengthKey, type PromptLengthsState } from '../run/estimate.ts';
import type { Settings } from '../settings.ts';
import { callsOf, roundsOf } from './plan.ts';

/**
 * Calls if every query finds `candidates` passages and none is answered yet; `seconds` null while a model's
 * speed or a prompt's length is unknown. The base's prompts count as long as the student's until they are known.
 */
export function expectedOf(
  queries: number,
  candidates: number,
  settings: Settings,
  models: ModelsState,
  lengths: PromptLengthsState,
  fingerprint: string,
): Pick<Estimate['student'], 'calls' | 'seconds'> {
  const lengthOf = (own: Settings, column: 'student' | 'teacher'): number | undefined =>
    lengths.tokens.get(lengthKey(column, own, models, fingerprint));
  let calls = 0;
  let seconds: number | null = 0;
  for (const lane of roundsOf(settings, models.catalog ?? []).flat()) {
    const own = queries * callsOf(lane, candidates);
    const speed = models.slots[lane.slot].tokensPerSecond;
    const length =
      lengthOf(lane.settings, lane.column) ??
      (lane.method === 'base' ? lengthOf({ ...settings, studentMode: 'student' }, 'student') : undefined);
    calls += own;
    seconds = seconds === null || !speed || length === undefined ? null : seconds + (own * length) / speed;
  }
  return { calls, seconds };
}
