/**
 * What a run will take: calls still to be asked, seconds from measured figures only. Candidates are those
 * that BM25 found and calls those the comparison cache does not know, once that has been looked up
 * (forecasts.ts); until then there are as many candidates as may be, and nothing is known. A model's
 * speed is measured when it is loaded and again by each run; the length of a prompt is the mean of the
 * last run with the same template, before one counted with the model's own tokenizer (prompt-lengths.ts).
 */
import { create } from 'zustand';
import { readsOnce } from '../../inference/ranker-model.ts';
import { type Forecast, plannedForecast } from '../../ranking/forecast.ts';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { shownAtOnce } from '../../ranking/shown-at-once.ts';
import { wordingHash } from '../../ranking/wording-hash.ts';
import { textHash } from '../../text-hash.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import type { CorpusState } from '../corpus/corpus.ts';
import type { ModelsState } from '../models/models.ts';
import { methodOf, templateOf } from '../models/templates.ts';
import type { Settings } from '../settings.ts';
import { type ForecastState, forecastKey } from './forecasts.ts';
import { type Inputs, inputKey } from './inputs.ts';

/** A run expected to take longer asks first. */
export const ASK_ABOVE_SECONDS = 60;

export interface MethodEstimate extends Forecast {
  /** For `toAsk`; null while the model's speed or the prompts' length is unknown. */
  readonly seconds: number | null;
}

export interface Estimate {
  readonly student: MethodEstimate;
  readonly teacher: MethodEstimate;
}

export interface PromptLengthsState {
  /** Mean tokens that a call reads, by `lengthKey`; those of a text that is judged count double. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Measured milliseconds of a call that is not answered by logits, by `lengthKey` and model. */
  readonly callMs: ReadonlyMap<string, number>;
}

export const usePromptLengths = create<PromptLengthsState>()(() => ({
  tokens: new Map(),
  callMs: new Map(),
}));

/** Lengths belong to a wording and a corpus; of a likelihood to the query, too, whose tokens are judged. */
export function lengthKey(
  slot: ScorerSlot,
  settings: Settings,
  models: ModelsState,
  fingerprint: string,
  query?: string,
): string {
  const template = templateOf(slot, settings, models.slots[slot].ready?.card);
  const shown = shownAtOnce(methodOf(slot, settings), template, settings);
  const judged = template.kind === 'likelihood' ? `|${textHash(query ?? '')}` : '';
  return `${wordingHash(template)}|${shown}|${fingerprint}${judged}`;
}

export function setPromptLength(key: string, tokens: number): void {
  usePromptLengths.setState((s) => ({ tokens: new Map(s.tokens).set(key, tokens) }));
}

/** What a run has measured of calls that are answered with text. */
export function setCallMs(key: string, ms: number): void {
  usePromptLengths.setState((s) => ({ callMs: new Map(s.callMs).set(key, ms) }));
}

/** Whether a call's time tells nothing of the model's speed in tokens: a text is written or judged. */
export const takesLonger = (slot: ScorerSlot, settings: Settings): boolean =>
  !readsOnce(methodNamed(methodOf(slot, settings)).needs);

/** Milliseconds of a call; null while the model's speed or the prompts' length is unknown. */
export function callMs(
  slot: ScorerSlot,
  { settings, corpus, query }: Inputs,
  models: ModelsState,
  lengths: PromptLengthsState,
): number | null {
  const key = lengthKey(slot, settings, models, corpus.fingerprint, query.text);
  const { needs } = methodNamed(methodOf(slot, settings));
  if (takesLonger(slot, settings)) {
    const measured = lengths.callMs.get(`${key}|${models.slots[slot].ready?.info.digest}`);
    // How long a text will be that is written is not known before.
    if (measured !== undefined || needs !== 'likelihood') return measured ?? null;
  }
  const speed = models.slots[slot].tokensPerSecond;
  const length = lengths.tokens.get(key);
  return speed && length !== undefined ? (1000 * length) / speed : null;
}

export function estimate(
  inputs: Inputs & { readonly corpus: Pick<CorpusState, 'index'> },
  models: ModelsState,
  lengths: PromptLengthsState,
  forecasts: ForecastState,
): Estimate {
  const n = candidatesFound(inputs, forecasts);
  const of = (slot: ScorerSlot): MethodEstimate => {
    const foreseen = forecasts[slot];
    const { settings } = inputs;
    const forecast =
      foreseen && foreseen.key === forecastKey(slot, inputs, models)
        ? foreseen.forecast
        : plannedForecast(methodOf(slot, settings), n, settings);
    const ms = callMs(slot, inputs, models, lengths);
    const seconds = forecast.toAsk === 0 ? 0 : ms === null ? null : (forecast.toAsk * ms) / 1000;
    return { ...forecast, seconds };
  };
  return { student: of('student'), teacher: of('teacher') };
}

/** As BM25 found them; for a query that it has not been asked yet as many as with the one before, or may be. */
function candidatesFound(
  inputs: Parameters<typeof estimate>[0],
  { found }: Pick<ForecastState, 'found'>,
): number {
  const { index, fingerprint } = inputs.corpus;
  const { k } = inputs.settings;
  if (
    found &&
    (found.baseKey === inputKey('bm25', inputs) || (found.corpus === fingerprint && found.k === k))
  )
    return found.count;
  return index.state === 'ready' ? Math.min(k, index.summary.passages) : k;
}

/** Seconds for all that is known; in a race the longest. */
export function expectedSeconds(methods: readonly Pick<MethodEstimate, 'seconds'>[], race: boolean): number {
  const seconds = methods.map((method) => method.seconds ?? 0);
  return race ? Math.max(0, ...seconds) : seconds.reduce((sum, one) => sum + one, 0);
}
