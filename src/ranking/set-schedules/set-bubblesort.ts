/**
 * Setwise bubble sort (Zhuang et al. 2024, section 3.2): windows from the bottom of the list to the top, each sharing its
 * first place with the one above; the best of a window takes that place. Pass p (from 0) ends at place p. With a judge
 * that is always right `top` passes put the best `top` on top, in order.
 */
import { scoreByPlace } from '../orders.ts';
import type { SetChoices, SetSchedule, ShownSet, Winners } from './set-schedule.ts';

/** Windows that a pass finds as an earlier one left them are not asked about again. Scores are n − place. */
export function setBubblesort(size: number, winners: Winners, { setSize, top }: SetChoices): SetSchedule {
  const list = Array.from({ length: size }, (_, index) => index);

  function* sort(): Generator<readonly ShownSet[], void> {
    for (let pass = 0; pass < passesOf(size, top); pass++) {
      for (let end = size; end - pass > 1; end = Math.max(pass, end - setSize) + 1) {
        const start = Math.max(pass, end - setSize);
        const shown = list.slice(start, end);
        yield [shown];
        const best = start + shown.indexOf(winners.of(shown));
        [list[start], list[best]] = [list[best]!, list[start]!];
      }
    }
  }

  return { steps: sort(), ranking: () => scoreByPlace(list) };
}

/** More than n − 1 passes change nothing. */
const passesOf = (size: number, top: number): number => Math.max(0, Math.min(top, size - 1));

/** An upper bound of the sets asked about: pass p has ⌈(n − 1 − p) / (c − 1)⌉ windows. */
export function setBubblesortCalls(size: number, { setSize, top }: SetChoices): number {
  let calls = 0;
  for (let pass = 0; pass < passesOf(size, top); pass++) {
    calls += Math.ceil((size - 1 - pass) / (setSize - 1));
  }
  return calls;
}
