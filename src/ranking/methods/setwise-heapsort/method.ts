/** Setwise by heapsort (Zhuang et al. 2024): a node and all its children in one prompt. */
import { SETWISE } from '../../presets.ts';
import { setHeapsort, setHeapsortCalls } from '../../set-schedules/set-heapsort.ts';
import { runSetSchedule } from '../../setwise.ts';
import { type MethodDescriptor, POINTS } from '../descriptor.ts';

export const setwiseHeapsort = {
  id: 'setwise-heapsort',
  title: 'Setwise heapsort',
  term: 'setwise',
  summary: 'the best of --set-size passages at a time, by heapsort to the first --top places',
  needs: 'logits',
  kind: 'setwise',
  labels: 2,
  template: SETWISE,
  takes: ['setSize', 'top'],
  style: POINTS,
  byPlace: true,
  shows: ({ setSize }) => setSize,
  plannedCalls: (n, choices) => ({ calls: setHeapsortCalls(n, choices), upperBound: true }),
  run: runSetSchedule(setHeapsort),
} as const satisfies MethodDescriptor;
