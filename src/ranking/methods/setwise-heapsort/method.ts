/** Setwise by heapsort (Zhuang et al. 2024): a node and all its children in one prompt. */
import { setHeapsort, setHeapsortCalls } from '../../set-schedules/set-heapsort.ts';
import { runSetSchedule } from '../../setwise.ts';
import type { MethodDescriptor } from '../descriptor.ts';
import { setwise } from '../setwise.ts';

export const setwiseHeapsort = {
  ...setwise,
  id: 'setwise-heapsort',
  title: 'Setwise heapsort',
  summary: 'the best of --set-size passages at a time, by heapsort to the first --top places',
  plannedCalls: (n, choices) => ({ calls: setHeapsortCalls(n, choices), upperBound: true }),
  run: runSetSchedule(setHeapsort),
} as const satisfies MethodDescriptor;
