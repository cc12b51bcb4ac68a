/**
 * Signs that a ranking is not an answer: a model that was never taught the prompt, a wrong checkpoint or
 * passages without a difference still give an order. Each rule is set so that a model that answers, however
 * badly, hardly ever meets it by chance; what it leaves out (short lists) it says nothing about.
 *
 * | doubt         | rule                                                                | by chance            |
 * |---------------|---------------------------------------------------------------------|----------------------|
 * | same-scores   | 3 or more scores that lie within a thousandth of a logit            | never                |
 * | same-logits   | 3 or more pairs, both labels equally likely in every question       | never                |
 * | one-position  | 9 or more pairs in both orders, 98 % won by the place in the prompt | below 0.2 %, where a judge contradicts itself in half of the pairs |
 * | few-winners   | 9 or more pairs of which none has a winner (the two orders contradict each other), or 30 or more of which at most a fifth have one | likewise |
 * | saturated     | 30 or more ordered calls, 98 % of which have P(A) within a thousandth of 0 or 1 | not by chance |
 * | malformed     | 3 or more answers that list passages, most of them no whole list     | never                |
 * | labels-unlikely | 3 or more answers, the labels' median probability below 1 %       | never                |
 * | same-order    | the input's order: 8 or more scores that fall, or 12 or more winners, each the earlier one | 1 in 40,320; 1 in 4,096 |
 *
 * `labels-unlikely` needs the log-sum-exp over the vocabulary, which only relevance generation by true
 * probabilities asks for: of other rankings nothing is known about it. `same-order` is what a model does
 * that agrees with the first stage throughout, `saturated` one that is never in doubt: worth a look, not a fault.
 */
import { positionBias, summarisePairs } from './analysis.ts';
import { type MethodId, methodNamed } from './methods/registry.ts';
import { PairTable } from './pair-table.ts';
import { scoresAlone } from './template.ts';
import type { Decision, Listing, ScoredPassage } from './types.ts';

export type Doubt =
  | { readonly kind: 'same-scores'; readonly passages: number; readonly score: number }
  | { readonly kind: 'same-logits'; readonly pairs: number }
  /** `share` of the decisions went to passage A ('first') or B. */
  | {
      readonly kind: 'one-position';
      readonly position: 'first' | 'second';
      readonly share: number;
      readonly decisions: number;
    }
  /** Pairs whose two orders name the same winner, of those asked in both. */
  | { readonly kind: 'few-winners'; readonly winners: number; readonly pairs: number }
  /** `share` of the ordered calls are surer than `SATURATED` either way. */
  | { readonly kind: 'saturated'; readonly share: number; readonly calls: number }
  /** Median over the passages of what the labels have together. */
  | { readonly kind: 'labels-unlikely'; readonly probability: number }
  /** Answers that were no whole list of what was shown, of all that list passages. */
  | { readonly kind: 'malformed'; readonly malformed: number; readonly answers: number }
  | { readonly kind: 'same-order'; readonly passages: number };

export type DoubtKind = Doubt['kind'];

/** A finished ranking and the answers it rests on. Candidates are positions in first-stage order. */
export interface Ranked {
  readonly method: MethodId;
  readonly order: readonly number[];
  /** scores[i] belongs to order[i]. */
  readonly scores: readonly number[];
  readonly scored: readonly Pick<ScoredPassage, 'logits' | 'logSumExp'>[];
  readonly decisions: PairTable | readonly Pick<Decision, 'a' | 'b' | 'preference'>[];
  /** Logit A − logit B of the decisions, where they are known: without them nothing is said of saturation. */
  readonly margins?: readonly number[];
  /** Of methods that put windows in order. */
  readonly listed?: readonly Pick<Listing, 'malformed'>[];
}

export const SAME_LOGITS = 1e-3;
/** logit(.999): further apart, two logits say "certain" and no more. */
export const SATURATED = Math.log(999);
const ALL_SATURATED = 0.98;
const FEW = 3;
/** What a sliding window compares of ten passages when nothing ever moves. */
const ENOUGH_PAIRS = 9;
const ONE_POSITION = 0.98;
/** The embedded teacher has a winner in 60 % to 96 % of 45 pairs, the student, never taught to compare, in 0 % to 42 %. */
const MANY_PAIRS = 30;
const FEW_WINNERS = 0.2;
const UNLIKELY = 0.01;
const ORDER_SCORES = 8;
const ORDER_WINNERS = 12;

/** The gravest doubt about a ranking that has ended; undefined where there is none. */
export const findDoubt = (ranked: Ranked): Doubt | undefined => findDoubts(ranked)[0];

/** All doubts about a ranking that has ended, the gravest first. */
export function findDoubts(ranked: Ranked): Doubt[] {
  const own = scoresAlone(methodNamed(ranked.method).kind) ? [pointwise(ranked)] : doubtsOfPairs(ranked);
  return [listwise(ranked), ...own].filter((doubt) => doubt !== undefined);
}

function listwise({ listed = [] }: Ranked): Doubt | undefined {
  const malformed = listed.filter((one) => one.malformed).length;
  if (listed.length < FEW || 2 * malformed <= listed.length) return undefined;
  return { kind: 'malformed', malformed, answers: listed.length };
}

function pointwise({ order, scores, scored }: Ranked): Doubt | undefined {
  const probabilities = scored.flatMap(({ logits, logSumExp }) =>
    logSumExp === undefined ? [] : [logits.reduce((sum, logit) => sum + Math.exp(logit - logSumExp), 0)],
  );
  if (probabilities.length >= FEW && probabilities.length === scored.length) {
    const probability = median(probabilities);
    if (probability < UNLIKELY) return { kind: 'labels-unlikely', probability };
  }
  // Likelihoods have no labels: their scores alone tell.
  const answers = scored.map(({ logits }) => logits).filter((logits) => logits.length > 0);
  if (scores.length >= FEW && alike(answers.length > 0 ? answers : scores.map((score) => [score]))) {
    return { kind: 'same-scores', passages: scores.length, score: scores[0]! };
  }
  const falling = scores.every((score, i) => i === 0 || score < scores[i - 1]!);
  if (scores.length >= ORDER_SCORES && falling && isInputOrder(order)) {
    return { kind: 'same-order', passages: order.length };
  }
  return undefined;
}

/** What speaks against decisions about pairs, the gravest first. */
export function doubtsOfPairs({
  order,
  decisions,
  margins = [],
}: Pick<Ranked, 'order' | 'decisions' | 'margins'>): Doubt[] {
  const table = decisions instanceof PairTable ? decisions : PairTable.from(order.length, decisions);
  const { compared, even, strict } = summarisePairs(table);
  if (compared >= FEW && even.length === compared) return [{ kind: 'same-logits', pairs: compared }];
  return [
    ...(compared >= ENOUGH_PAIRS ? placeOrNobody(table, compared, strict.length) : []),
    ...saturation(margins),
    ...inputOrder(order, strict),
  ];
}

function placeOrNobody(table: PairTable, compared: number, winners: number): Doubt[] {
  const { share, decisions } = positionBias(table);
  if (share >= ONE_POSITION) return [{ kind: 'one-position', position: 'first', share, decisions }];
  if (share <= 1 - ONE_POSITION) {
    return [{ kind: 'one-position', position: 'second', share: 1 - share, decisions }];
  }
  const most = compared >= MANY_PAIRS ? FEW_WINNERS * compared : 0;
  return winners <= most ? [{ kind: 'few-winners', winners, pairs: compared }] : [];
}

function saturation(margins: readonly number[]): Doubt[] {
  const share = margins.filter((margin) => Math.abs(margin) > SATURATED).length / margins.length;
  return margins.length >= MANY_PAIRS && share >= ALL_SATURATED
    ? [{ kind: 'saturated', share, calls: margins.length }]
    : [];
}

function inputOrder(order: readonly number[], strict: readonly (readonly [number, number])[]): Doubt[] {
  const earlier = strict.every(([winner, loser]) => winner < loser);
  return strict.length >= ORDER_WINNERS && earlier && isInputOrder(order)
    ? [{ kind: 'same-order', passages: order.length }]
    : [];
}

/** Whether all rows of logits are the same, label by label, up to what no order should rest on. */
function alike(rows: readonly (readonly number[])[]): boolean {
  const [first = []] = rows;
  return first.every((_, label) => {
    const values = rows.map((row) => row[label]!);
    return Math.max(...values) - Math.min(...values) < SAME_LOGITS;
  });
}

const isInputOrder = (order: readonly number[]): boolean => order.every((index, place) => index === place);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
