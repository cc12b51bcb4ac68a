/** What the policy's table says of one dtype on one device, over the models that are loaded. */
import type { Offer, PageDevice } from '../inference/device-policy.ts';
import type { Dtype } from '../inference/scorer.ts';
import type { ScorerSlot } from '../workers/types.ts';

export interface Loaded {
  readonly role: ScorerSlot;
  readonly offers: readonly Offer[];
}

export interface Judged {
  readonly role: ScorerSlot;
  /** Absent: the model has no scorer of the dtype. */
  readonly offer?: Offer;
}

export const offersOf = (loaded: readonly Loaded[], device: PageDevice, dtype: Dtype): Judged[] =>
  loaded.map(({ role, offers }) => ({
    role,
    offer: offers.find((offer) => offer.device === device && offer.dtype === dtype),
  }));

/** Behind a dtype's name in the list: the worst that is said of it, so that nobody meets a risk unwarned. */
export function optionWords(judged: readonly Judged[]): string {
  const verdicts = judged.map(({ offer }) => offer?.verdict);
  if (verdicts.length === 0) return '';
  if (verdicts.every((verdict) => verdict === undefined)) return ' – no loaded model has it';
  if (verdicts.includes('risk')) return ' – a risk';
  return verdicts.every((verdict) => verdict === 'impossible' || verdict === undefined)
    ? ' – cannot run here'
    : '';
}
