/** Orders of candidates. A candidate is its position in first-stage order, from 0. */

/** A full permutation, best first; `scores[i]` belongs to `order[i]`. */
export interface Ranking {
  readonly order: readonly number[];
  readonly scores: readonly number[];
}

/** Candidates by score, highest first; equal scores keep first-stage order (the sort is by index then). */
export function rankByScore(scores: readonly number[]): Ranking {
  const order = scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
  return { order, scores: order.map((index) => scores[index]!) };
}

/**
 * The best ranking while only some candidates have a score (NaN = none yet): those without keep their
 * first-stage place, those with one are put in order among the places they hold. So a ranking begins
 * as the first stage's, never lifts a passage just because it was read first, and ends as `rankByScore`.
 */
export function rankPartially(scores: readonly number[]): Ranking {
  const scored = scores.map((_, index) => index).filter((index) => !Number.isNaN(scores[index]));
  const best = scored.toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  const order = scores.map((_, index) => index);
  scored.forEach((place, i) => {
    order[place] = best[i]!;
  });
  return { order, scores: order.map((index) => scores[index]!) };
}

/** The scores of a bare order, for exports that need a number: n for the best down to 1. */
export function scoreByPlace(order: readonly number[]): Ranking {
  return { order: [...order], scores: order.map((_, place) => order.length - place) };
}
