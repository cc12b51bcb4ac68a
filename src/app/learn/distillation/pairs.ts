/** RankNet pair by pair, in the core's own numbers: what each pair of a list costs and how it pulls. */
import { listLoss } from '../../../training/list-loss.ts';

export interface PairLoss {
  /** Places of the list; `better` is what the teacher prefers. */
  readonly better: number;
  readonly worse: number;
  /** By how much the better one's score leads. */
  readonly lead: number;
  /** log(1 + exp(−lead)). */
  readonly loss: number;
  /** How hard the pair pulls, 0 to 1: −d loss / d lead. */
  readonly pull: number;
}

export interface ListParts {
  /** Best first by the teacher. */
  readonly pairs: readonly PairLoss[];
  /** Mean over the pairs. */
  readonly loss: number;
  /** d loss / d score, one for each passage. */
  readonly gradient: readonly number[];
}

/**
 * @param scores the student's
 * @param ranks the teacher's, 1 = best; equal ones make no pair
 */
export function partsOf(scores: readonly number[], ranks: readonly number[]): ListParts {
  const places = ranks.map((_, i) => i).sort((a, b) => ranks[a]! - ranks[b]!);
  const pairs = places.flatMap((better, at) =>
    places.slice(at + 1).flatMap((worse) => {
      if (ranks[better] === ranks[worse]) return [];
      const pair = [scores[better]!, scores[worse]!];
      const { loss, gradient } = listLoss('ranknet', pair, { ranks: [1, 2], teacherScores: [1, 0] });
      return [{ better, worse, lead: pair[0]! - pair[1]!, loss, pull: -gradient[0]! }];
    }),
  );
  const whole = listLoss('ranknet', scores, { ranks, teacherScores: ranks.map((rank) => -rank) });
  return { pairs, loss: whole.loss, gradient: [...whole.gradient] };
}

/** Ranks 1 … n of an order of places. */
export function ranksOf(order: readonly number[]): number[] {
  const ranks = new Array<number>(order.length);
  order.forEach((place, i) => {
    ranks[place] = i + 1;
  });
  return ranks;
}
