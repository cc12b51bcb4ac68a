/** What the setwise methods have in common (Zhuang et al. 2024): the best of several passages at a time, to the first places. */
import { SETWISE } from '../presets.ts';
import { type MethodDescriptor, POINTS } from './descriptor.ts';

export const setwise = {
  term: 'setwise',
  needs: 'logits',
  kind: 'setwise',
  labels: 2,
  template: SETWISE,
  takes: ['setSize', 'top'],
  style: POINTS,
  byPlace: true,
  shows: ({ setSize }) => setSize,
} as const satisfies Partial<MethodDescriptor>;
