/** Signs of whether a judge answers at all: figures behind the doubts of src/ranking/doubts.ts, with the calls that show them. */
import { kendallTauB } from '../evaluation/correlation.ts';
import { SAME_LOGITS, SATURATED } from '../ranking/doubts.ts';
import { placesOf } from './consistency.ts';
import type { DecidedPairs } from './decided-pairs.ts';

type Calls = readonly (readonly [a: number, b: number])[];

export interface Health {
  /** Ordered calls whose two labels have the same logit, up to what no answer should rest on. */
  readonly equal: Calls;
  /** Ordered calls with P(A) within a thousandth of 0 or 1. */
  readonly saturated: Calls;
  /** Least and greatest logit A − logit B; undefined without a call. */
  readonly margins: { readonly least: number; readonly greatest: number } | undefined;
  /** Ordered calls that the passage shown first won, and those it lost. */
  readonly wonByFirst: Calls;
  readonly wonBySecond: Calls;
  /** Places in which the order differs from the input's (first stage's), and Kendall's τ between the two. */
  readonly moved: number;
  readonly tauWithInput: number | undefined;
}

/** @param order candidates, best first; the input's order is 0, 1, 2 … */
export function healthOf(pairs: DecidedPairs, order: readonly number[]): Health {
  const asked = [...pairs.asked()];
  const margins = asked.map(([a, b]) => pairs.margin(a, b));
  const where = (holds: (margin: number) => boolean): Calls => asked.filter((_, i) => holds(margins[i]!));
  return {
    equal: where((margin) => Math.abs(margin) < SAME_LOGITS),
    saturated: where((margin) => Math.abs(margin) > SATURATED),
    margins:
      margins.length === 0
        ? undefined
        : {
            least: margins.reduce((least, margin) => Math.min(least, margin)),
            greatest: margins.reduce((most, margin) => Math.max(most, margin)),
          },
    wonByFirst: where((margin) => margin > 0),
    wonBySecond: where((margin) => margin < 0),
    moved: order.filter((index, place) => index !== place).length,
    tauWithInput: kendallTauB(
      order.map((_, index) => index),
      placesOf(order),
    ),
  };
}
