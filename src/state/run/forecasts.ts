/** What the next run will have to ask, as far as it has been looked up (look-ahead.ts). */
import { create } from 'zustand';
import type { Forecast } from '../../ranking/forecast.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import type { ModelsState } from '../models/models.ts';
import { type Inputs, inputKey } from './inputs.ts';

interface Foreseen {
  /** The inputs and the model it holds for (`forecastKey`). */
  readonly key: string;
  readonly forecast: Forecast;
}

export interface ForecastState {
  /** What BM25 found last, for which inputs. */
  readonly found: {
    readonly baseKey: string;
    readonly corpus: string;
    readonly k: number;
    readonly count: number;
  } | null;
  readonly student: Foreseen | null;
  readonly teacher: Foreseen | null;
  /** A run has given answers since; what it says is the most that there is to ask. */
  readonly outdated: boolean;
}

export const noForecasts: ForecastState = { found: null, student: null, teacher: null, outdated: false };
export const useForecasts = create<ForecastState>()(() => noForecasts);

export const SLOTS: readonly ScorerSlot[] = ['student', 'teacher'];

/** Names what a slot's forecast depends on; '' while no model is loaded. */
export function forecastKey(slot: ScorerSlot, inputs: Inputs, models: ModelsState): string {
  const info = models.slots[slot].ready?.info;
  if (!info || models.slots[slot].status !== 'ready') return '';
  return [inputKey(slot, inputs), info.digest, info.dtype, info.device, info.runtime].join('|');
}
