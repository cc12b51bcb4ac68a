/** What a run does when the graphics device goes: the model is loaded again, and the run goes on from its answers. */
import { isDeviceLost } from '../../inference/device-lost.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { notify } from '../notices.ts';
import type { ModelSlots } from './model-slots.ts';

/** A device that goes again and again is not worth waiting for. */
const MOST_RELOADS = 2;

/**
 * Loads a slot's model again where `error` says that its device was lost.
 * @param reloads how often this run has done so
 * @returns whether the run is to go on, on the slot's new worker
 */
export function reloadLost(
  slots: Pick<ModelSlots, 'restart'>,
  slot: ScorerSlot,
  error: unknown,
  reloads: number,
): boolean {
  if (!isDeviceLost(error) || reloads >= MOST_RELOADS) return false;
  slots.restart(slot);
  notify(
    'warning',
    'The graphics device was lost. The model is loaded again, and the ranking goes on from the answers it has.',
  );
  return true;
}
