/** Setwise by bubble sort (Zhuang et al. 2024): windows from the bottom of the list to the top, a pass for each place. */
import { setBubblesort, setBubblesortCalls } from '../../set-schedules/set-bubblesort.ts';
import { runSetSchedule } from '../../setwise.ts';
import type { MethodDescriptor } from '../descriptor.ts';
import { setwise } from '../setwise.ts';

export const setwiseBubblesort = {
  ...setwise,
  id: 'setwise-bubblesort',
  title: 'Setwise bubble sort',
  summary: 'the best of --set-size passages at a time, by bubble sort to the first --top places',
  plannedCalls: (n, choices) => ({ calls: setBubblesortCalls(n, choices), upperBound: true }),
  run: runSetSchedule(setBubblesort),
} as const satisfies MethodDescriptor;
