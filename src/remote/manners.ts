/**
 * What a service does not take is left out from then on: log-probabilities, a temperature, the older name of the limit
 * on new tokens. Services say so by refusing the request (400 or 422) in words that name the field.
 */
import { RankscopeError } from '../errors.ts';

export interface Manners {
  readonly logprobs: boolean;
  /** How many of the most probable tokens are asked for. */
  readonly top: number;
  readonly temperature: boolean;
  /** `max_completion_tokens` instead of `max_tokens`. */
  readonly newLimit: boolean;
  /** It thinks before it answers, and needs room for that. */
  readonly thinks: boolean;
}

export const FIRST_MANNERS: Manners = {
  logprobs: true,
  top: 20,
  temperature: true,
  newLimit: false,
  thinks: false,
};

/** How to ask after a refusal; undefined where the refusal is about something else. */
export function afterRefusal(error: unknown, manners: Manners): Manners | undefined {
  if (!(error instanceof RankscopeError)) return undefined;
  const { status, said } = error.details;
  if ((status !== 400 && status !== 422) || typeof said !== 'string') return undefined;
  if (/max_completion_tokens/i.test(said) && !manners.newLimit) return { ...manners, newLimit: true };
  if (/log_?prob/i.test(said) && manners.logprobs) {
    return /top_logprobs/i.test(said) && manners.top > 5
      ? { ...manners, top: 5 }
      : { ...manners, logprobs: false };
  }
  if (/temperature/i.test(said) && manners.temperature) return { ...manners, temperature: false };
  return undefined;
}
