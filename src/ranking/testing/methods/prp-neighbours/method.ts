/** A method that is no product: it compares each passage with the next one, once. For what the registry promises. */
import type { BeginSchedule, MethodDescriptor } from '../../../methods/descriptor.ts';
import { scoreByPlace } from '../../../orders.ts';
import { runSchedule } from '../../../pairwise.ts';
import { PRP } from '../../../presets.ts';
import { bothOrders } from '../../../schedules/schedule.ts';

/** Passages that beat the one before them stand first. */
const begin: BeginSchedule = (size, table) => {
  const places = Array.from({ length: size }, (_, i) => i);
  return {
    steps: [places.slice(1).flatMap((i) => bothOrders(i - 1, i))].values(),
    ranking() {
      const wins = places.filter((i) => i > 0 && table.beats(i, i - 1));
      return scoreByPlace([...wins, ...places.filter((i) => !wins.includes(i))]);
    },
  };
};

export const prpNeighbours = {
  id: 'prp-neighbours',
  title: 'PRP neighbours',
  term: 'prp',
  summary: 'each passage and the next one',
  needs: 'logits',
  kind: 'pairwise',
  labels: 2,
  template: PRP,
  takes: [],
  style: { label: 'points', term: 'points', decimals: 0 },
  byPlace: true,
  plannedCalls: (n) => ({ calls: 2 * Math.max(0, n - 1), upperBound: false }),
  schedule: { name: 'neighbours', title: 'Neighbours', begin },
  run: runSchedule(begin),
} as const satisfies MethodDescriptor;
