/** Setwise by bubble sort (Zhuang et al. 2024): windows from the bottom of the list to the top, a pass for each place. */
import { SETWISE } from '../../presets.ts';
import { setBubblesort, setBubblesortCalls } from '../../set-schedules/set-bubblesort.ts';
import { runSetSchedule } from '../../setwise.ts';
import { type MethodDescriptor, POINTS } from '../descriptor.ts';

export const setwiseBubblesort = {
  id: 'setwise-bubblesort',
  title: 'Setwise bubble sort',
  term: 'setwise',
  summary: 'the best of --set-size passages at a time, by bubble sort to the first --top places',
  needs: 'logits',
  kind: 'setwise',
  labels: 2,
  template: SETWISE,
  takes: ['setSize', 'top'],
  style: POINTS,
  byPlace: true,
  shows: ({ setSize }) => setSize,
  plannedCalls: (n, choices) => ({ calls: setBubblesortCalls(n, choices), upperBound: true }),
  run: runSetSchedule(setBubblesort),
} as const satisfies MethodDescriptor;
