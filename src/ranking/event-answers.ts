/** What all events with answers have in common, whatever was asked. */
import type { Truncation } from '../inference/scorer.ts';
import type { AnswerCost, RankingEvent } from './types.ts';

/** The answers that an event carries; none for the others. */
export function answersIn(event: RankingEvent): readonly AnswerCost[] {
  switch (event.type) {
    case 'scored':
    case 'decided':
    case 'compared':
    case 'listed':
      return event.items;
    case 'planned':
    case 'ranking':
    case 'done':
      return [];
  }
}

/** A candidate's position, and what was cut of its text. */
export type CutPassage = readonly [candidate: number, cut: Truncation];

/** What was cut of which passages in an event's answers. Cuts of the query are not among them. */
export function cutPassagesIn(event: RankingEvent): readonly CutPassage[] {
  switch (event.type) {
    case 'scored':
      return event.items.flatMap(({ index, cuts }) => passages([index], cuts));
    case 'decided':
      return event.items.flatMap(({ a, b, cuts }) => passages([a, b], cuts));
    case 'compared':
    case 'listed':
      return event.items.flatMap(({ shown, cuts }) => passages(shown, cuts));
    case 'planned':
    case 'ranking':
    case 'done':
      return [];
  }
}

function passages(shown: readonly number[], cuts: readonly Truncation[]): CutPassage[] {
  return cuts.flatMap((cut) => {
    const candidate = shown[placeOf(cut.slot)];
    return candidate === undefined ? [] : [[candidate, cut] as const];
  });
}

/** `passage` and `passage_a` are the first one shown, `passage_b` the second, `passage_3` the third. */
function placeOf(slot: string): number {
  const [, name = ''] = /^passage(?:_(\w+))?$/.exec(slot) ?? [slot, 'none'];
  if (name === '' || name === 'a') return 0;
  return name === 'b' ? 1 : Number(name) - 1;
}
