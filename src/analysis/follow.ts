/** One passage's games: its ordered comparisons with each other passage, how they add up (paper, Eq. 5), and its upsets. */
import type { PairDecision } from './decided-pairs.ts';

/** A game from the followed passage's side. */
export interface Side {
  /** 1: it won; 0: it lost; ½: equal logits. */
  readonly points: 0 | 0.5 | 1;
  /** Its label's logit less the other's. */
  readonly margin: number;
}

export interface Meeting {
  readonly opponent: number;
  /** The opponent's place in the order, from 1. */
  readonly place: number;
  /** With the followed passage shown as A; undefined where it was not asked. */
  readonly asA: Side | undefined;
  readonly asB: Side | undefined;
  /** Of both games: 0 to 2, and how many were asked. */
  readonly points: number;
  readonly asked: number;
  /** It beat a passage that is ranked above it, or lost to one below. */
  readonly upset: 'beat-higher' | 'lost-to-lower' | undefined;
  /** Both games were asked and name two winners. */
  readonly contradictory: boolean;
}

export interface Followed {
  readonly position: number;
  /** Its place in the order, from 1. */
  readonly place: number;
  /** Upsets first, then by the opponent's place. */
  readonly meetings: readonly Meeting[];
  /** Σ of the meetings' points: Eq. 5's score where all games were asked. */
  readonly points: number;
  /** Games that were asked, of 2(n − 1). */
  readonly games: number;
  readonly of: number;
}

/**
 * @param decisionAt the decision with the first shown as A, the second as B
 * @param order candidate positions, best first
 */
export function followPassage(
  decisionAt: (a: number, b: number) => PairDecision | undefined,
  order: readonly number[],
  position: number,
): Followed {
  const place = order.indexOf(position) + 1;
  const meetings = order.flatMap((opponent, i) =>
    opponent === position ? [] : [meet(decisionAt, position, opponent, i + 1, place)],
  );
  const upsetsFirst = meetings.toSorted(
    (one, other) => Number(other.upset !== undefined) - Number(one.upset !== undefined),
  );
  return {
    position,
    place,
    meetings: upsetsFirst,
    points: meetings.reduce((sum, { points }) => sum + points, 0),
    games: meetings.reduce((sum, { asked }) => sum + asked, 0),
    of: 2 * (order.length - 1),
  };
}

function meet(
  decisionAt: (a: number, b: number) => PairDecision | undefined,
  position: number,
  opponent: number,
  place: number,
  own: number,
): Meeting {
  const forward = decisionAt(position, opponent);
  const backward = decisionAt(opponent, position);
  const asA: Side | undefined = forward && {
    points: forward.preference,
    margin: forward.logitA - forward.logitB,
  };
  const asB: Side | undefined = backward && {
    points: (1 - backward.preference) as Side['points'],
    margin: backward.logitB - backward.logitA,
  };
  const sides = [asA, asB].filter((side) => side !== undefined);
  const points = sides.reduce((sum, side) => sum + side.points, 0);
  const half = sides.length / 2;
  const upset =
    points > half && place < own ? 'beat-higher' : points < half && place > own ? 'lost-to-lower' : undefined;
  return {
    opponent,
    place,
    asA,
    asB,
    points,
    asked: sides.length,
    upset,
    contradictory: sides.length === 2 && asA?.points !== asB?.points,
  };
}

/** Passages that two orders put on different sides of one passage, and what the games say of them. */
export interface Parting {
  /** The first order has them below the passage, the second above: what it gained in the first. */
  readonly gained: readonly number[];
  /** The other way round. */
  readonly lost: readonly number[];
}

/** Which passages stand on the other side of `position` in `order` than in `other`. */
export function partingOf(order: readonly number[], other: readonly number[], position: number): Parting {
  const above = (list: readonly number[]): ReadonlySet<number> =>
    new Set(list.slice(0, list.indexOf(position)));
  const here = above(order);
  const there = above(other);
  return {
    gained: order.filter((one) => there.has(one) && !here.has(one)),
    lost: order.filter((one) => here.has(one) && !there.has(one)),
  };
}
