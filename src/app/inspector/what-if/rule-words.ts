/** Rules and schedules in words, and who changes places between two orders. Pure. */

import type { RuleId, ScheduleId } from '../../../analysis/what-if.ts';
import type { ReplayChoices } from '../../../ranking/schedules/choices.ts';
import { formatDecimals } from '../../ui/numbers.ts';

export const SCHEDULE_TITLES: Readonly<Record<ScheduleId, string>> = {
  allPairs: 'All pairs',
  heapsort: 'Heapsort',
  sliding: 'Sliding window',
  topk: 'Exact top k',
};

interface RuleWords {
  readonly title: string;
  readonly sentence: string;
}

export const RULE_WORDS: Readonly<Record<Exclude<RuleId, 'allPairs'>, RuleWords>> = {
  expectedWins: {
    title: 'Wins (Eq. 5)',
    sentence:
      'One point for each ordered call that a passage wins, half for a tie and for a call that was never made.',
  },
  copeland: {
    title: 'Copeland (hard wins)',
    sentence:
      'One point for each passage that is beaten in both orders, half where the two orders contradict each other.',
  },
  softBorda: {
    title: 'Soft Borda',
    sentence:
      'The sum of the probabilities of winning: a close call counts nearly as much for the loser as for the winner.',
  },
  bradleyTerry: {
    title: 'Bradley–Terry',
    sentence:
      'The strengths under which these decisions are most likely, the advantage of standing first (γ) taken out. On a complete table it orders as the wins do; it earns its place where calls are missing.',
  },
  tiers: {
    title: 'Tiers from cycles',
    sentence:
      'Passages that beat each other in rings share a tier: everything in a tier beats everything in the tiers below. Within a tier the wins decide.',
  },
  singleDirection: {
    title: 'Single direction',
    sentence:
      'One call a pair instead of two, BM25’s better passage always shown first: half the calls, and the position bias stays in.',
  },
  randomDirection: {
    title: 'Random direction',
    sentence: 'One call a pair, a coin decides who is shown first: half the calls, the bias becomes noise.',
  },
  heapsort: {
    title: 'Heapsort',
    sentence: 'A heap of the passages, the best taken out again and again.',
  },
  sliding: {
    title: 'Sliding window',
    sentence: 'A window of two slides up the list; each pass carries the next best passage to the top.',
  },
  topk: {
    title: 'Exact top k',
    sentence:
      'All pairs without the calls that can no longer change the first k; below them passages stand by what is known.',
  },
};

/** With the choice that it was replayed with. */
export function ruleTitle(id: RuleId, { passes, top }: ReplayChoices): string {
  if (id === 'allPairs') return SCHEDULE_TITLES.allPairs;
  const { title } = RULE_WORDS[id];
  if (id === 'sliding') return `${title}, ${passes} ${passes === 1 ? 'pass' : 'passes'}`;
  return id === 'topk' ? `${title}, k = ${top}` : title;
}

export interface Placed {
  readonly index: number;
  /** From 0. */
  readonly place: number;
  /** Places up (above 0) or down from the other order. */
  readonly moved: number;
}

/** An order with how far each passage has moved from another. */
export function placesFrom(order: readonly number[], from: readonly number[]): Placed[] {
  const before = new Map(from.map((index, place) => [index, place]));
  return order.map((index, place) => ({ index, place, moved: (before.get(index) ?? place) - place }));
}

export const movedIn = (placed: readonly Placed[]): number =>
  placed.filter(({ moved }) => moved !== 0).length;

/** `↑2`, `↓1`, nothing. */
export const movedText = (moved: number): string =>
  moved === 0 ? '' : moved > 0 ? `↑${moved}` : `↓${-moved}`;

export const movedWords = (moved: number): string =>
  moved === 0 ? 'same place' : `${Math.abs(moved)} ${moved > 0 ? 'up' : 'down'}`;

/** `.83`, `1`, `–`. */
export const figure = (value: number | undefined, digits = 3): string => formatDecimals(value, digits);
