/** What takes less time than a long run: another schedule of pairs, or fewer candidates, each with what it costs. */
import { SCHEDULES } from '../../ranking/methods/registry.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import type { ModelsState } from '../models/models.ts';
import { CANDIDATES } from '../settings.ts';
import {
  ASK_ABOVE_SECONDS,
  estimate,
  expectedSeconds,
  type MethodEstimate,
  type PromptLengthsState,
} from './estimate.ts';
import type { ForecastState } from './forecasts.ts';
import type { ShorterRun } from './run.ts';

/** Numbers of candidates that are offered. */
const FEWER = [75, 50, 40, 30, 20, 15, 10, 5, CANDIDATES.min] as const;
/** A run is offered where it takes at most so much of the time. */
const WORTH_IT = 0.7;

/**
 * @param models whose columns are to run
 * @returns the other schedules that save time, then the most candidates that take no more than a minute; each with all
 * else as it is
 */
export function shorterRuns(
  slots: readonly ScorerSlot[],
  race: boolean,
  inputs: Parameters<typeof estimate>[0],
  models: ModelsState,
  lengths: PromptLengthsState,
  forecasts: ForecastState,
): ShorterRun[] {
  const cost = (settings: ShorterRun['settings']) => {
    const changed = { ...inputs, settings: { ...inputs.settings, ...settings } };
    const expected = estimate(changed, models, lengths, forecasts);
    return total(
      slots.map((slot) => expected[slot]),
      race,
    );
  };
  const now = cost({}).seconds;
  const offer = (title: string, settings: ShorterRun['settings']): ShorterRun => ({
    title,
    settings,
    ...cost(settings),
  });
  const schedules = slots.includes('teacher')
    ? SCHEDULES.filter(({ name }) => name !== inputs.settings.schedule).map(({ name, title }) =>
        offer(title, { schedule: name }),
      )
    : [];
  const fewer = FEWER.filter((k) => k < inputs.settings.k).map((k) => offer(`${k} candidates`, { k }));
  const short = fewer.find(({ seconds }) => seconds <= ASK_ABOVE_SECONDS) ?? fewer.at(-1);
  return [...schedules, ...(short ? [short] : [])].filter(({ seconds }) => seconds <= WORTH_IT * now);
}

/** Of those whose length is known. */
export function total(estimates: readonly MethodEstimate[], race: boolean) {
  const known = estimates.filter(({ seconds }) => seconds !== null);
  return {
    seconds: expectedSeconds(known, race),
    calls: known.reduce((sum, { toAsk }) => sum + toAsk, 0),
    upperBound: known.some(({ upperBound }) => upperBound),
  };
}
