/** Schedules that are stepped through, in words. Pure. */
import type { ScheduleStep, SteppedSchedule } from '../../../analysis/steps.ts';
import type { WhatIf } from '../../../analysis/what-if.ts';
import { counted } from '../../ui/numbers.ts';

export type Stepped = keyof WhatIf['steps'];

export const STEPPED = [
  { value: 'heapsort', label: 'Heapsort' },
  { value: 'sliding', label: 'Sliding window' },
] as const satisfies readonly { readonly value: Stepped; readonly label: string }[];

/** What a step compares, and who wins. */
export function stepInWords({ pairs, calls }: ScheduleStep, ids: readonly string[]): string {
  const said = pairs.map(({ one, other, winner, clear }) => {
    const against = `${ids[one]} against ${ids[other]}`;
    return clear
      ? `${against}: both orders name ${ids[winner]}`
      : `${against}: no clear winner, so BM25’s order decides for ${ids[winner]}`;
  });
  return `${said.join('; ')}. ${counted(calls, 'call')} so far.`;
}

/** What is left when all steps are taken. */
export function courseEnded({ end, complete, steps }: SteppedSchedule, ids: readonly string[]): string {
  const order = end?.kind === 'heap' ? [...end.sorted, ...end.heap] : (end?.list ?? []);
  const names = order.map((index) => ids[index]).join(', ');
  const calls = counted(steps.at(-1)?.calls ?? 0, 'call');
  return complete
    ? `Done after ${calls}. The order: ${names}.`
    : `After ${calls} it needs a pair that was never asked. The order so far: ${names}.`;
}
