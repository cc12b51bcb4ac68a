/** The state of the lesson on comparing two passages, its link, and what its tasks ask. */
import { embeddedPairwise } from '../../../ranking/embedded-templates.ts';
import type { Decision } from '../../../ranking/types.ts';
import { type AnswerBook, answerTo, type LessonQuestion } from '../../../state/learn/lesson-answers.ts';
import type { Judged, Task } from '../frame/lesson.ts';
import { nameOf, PASSAGES } from '../model/example.ts';
import { placeOf, putTexts, type Texts, textsOf } from '../model/own-passages.ts';

export const TEMPLATE = embeddedPairwise;

export interface ComparingState extends Texts {
  /** Indices of the passages shown as A and as B; the same one twice is allowed. */
  readonly a: number;
  readonly b: number;
  /** Pairs that the reader has chosen, each as `a b` in the order chosen. */
  readonly visited: readonly string[];
  /** The guess at the second order's answer; undefined: still to be made; empty: not made, but shown. */
  readonly swapped: string | undefined;
  readonly answers: AnswerBook;
}

/** Link: `q`, `p` once for each passage, `a` and `b` (p1 …); `shown=1` opens without the question. */
export function begin(params: URLSearchParams): ComparingState {
  const texts = textsOf(params);
  const count = texts.passages.length;
  return {
    ...texts,
    a: placeOf(params, 'a', count, 0),
    b: placeOf(params, 'b', count, 1),
    visited: [],
    swapped: params.get('shown') === '1' ? '' : undefined,
    answers: {},
  };
}

export function link(state: ComparingState): URLSearchParams {
  const params = new URLSearchParams();
  putTexts(params, state);
  if (state.a !== 0) params.set('a', nameOf(state.a));
  if (state.b !== 1) params.set('b', nameOf(state.b));
  if (state.swapped !== undefined) params.set('shown', '1');
  return params;
}

/** The change that choosing a pair is. */
export const visit = (
  { visited }: ComparingState,
  a: number,
  b: number,
): Pick<ComparingState, 'a' | 'b' | 'visited'> => {
  const pair = `${a} ${b}`;
  return { a, b, visited: visited.includes(pair) ? visited : [...visited, pair] };
};

export const questionOf = ({ query, passages }: Texts, a: number, b: number): LessonQuestion => ({
  template: TEMPLATE,
  query,
  passages: [passages[a]!, passages[b]!],
});

/** What the figure shows answers to: both orders of the pair in sight, and of all that were chosen. */
export function wantedOf(state: ComparingState): readonly LessonQuestion[] {
  const pairs = new Set(pairsOf(state).flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  return [...pairs].map((pair) => {
    const [a, b] = pair.split(' ').map(Number);
    return questionOf(state, a!, b!);
  });
}

/** The pair in sight, and those that were chosen. */
function pairsOf({ a, b, visited }: ComparingState): readonly (readonly [number, number])[] {
  return [...new Set([`${a} ${b}`, ...visited])].map(
    (pair) => pair.split(' ').map(Number) as [number, number],
  );
}

/** The answer to one order, as a decision of the judge; undefined while there is none. */
export function decisionOf(state: ComparingState, a: number, b: number): Decision | undefined {
  const answer = answerTo(state.answers, questionOf(state, a, b));
  if (!answer) return undefined;
  const [logitA = Number.NaN, logitB = Number.NaN] = answer.logits;
  const preference = logitA === logitB ? 0.5 : logitA > logitB ? 1 : 0;
  const { tokens, ms, recorded } = answer;
  return { a, b, logitA, logitB, preference, tokens, ms, cached: recorded, cuts: [] };
}

/** Decisions of different passages that were asked, both orders. */
export function decisionsOf(state: ComparingState): readonly Decision[] {
  const found = new Map<string, Decision>();
  for (const [a, b] of pairsOf(state)) {
    if (a === b) continue;
    for (const decision of [decisionOf(state, a, b), decisionOf(state, b, a)]) {
      if (decision) found.set(`${decision.a} ${decision.b}`, decision);
    }
  }
  return [...found.values()];
}

export interface Verdict {
  readonly kind: 'waiting' | 'same' | 'contradiction' | 'strict';
  /** Name of the passage that wins both orders. */
  readonly winner?: string;
  readonly words: string;
}

const letterOf = ({ preference }: Decision): string =>
  preference === 0.5 ? 'neither' : preference === 1 ? 'A' : 'B';

const winnerOf = ({ a, b, preference }: Decision): string | undefined =>
  preference === 0.5 ? undefined : nameOf(preference === 1 ? a : b);

/** What both orders of the pair in sight say together. */
export function verdictOf(state: ComparingState): Verdict {
  const { a, b } = state;
  const [one, other] = [decisionOf(state, a, b), decisionOf(state, b, a)];
  if (!one || !other) return { kind: 'waiting', words: 'The judge has not answered yet.' };
  if (a === b) {
    return {
      kind: 'same',
      words: `${nameOf(a)} twice: the judge prefers ${letterOf(one)}, though A and B are the same.`,
    };
  }
  const [first, second] = [winnerOf(one), winnerOf(other)];
  if (first !== undefined && first === second) {
    return { kind: 'strict', winner: first, words: `${first} wins in both orders.` };
  }
  const letter = letterOf(one);
  const said =
    letter === letterOf(other)
      ? `${letter} wins whichever passage stands there`
      : `the orders say ${letter} and ${letterOf(other)}`;
  return { kind: 'contradiction', words: `${nameOf(a)} and ${nameOf(b)} contradict: ${said}.` };
}

const veiled: Judged = { done: false, remark: 'First answer the question in the figure.' };

/** Letters that win where a chosen passage is shown twice. */
function lettersTwice(state: ComparingState): ReadonlySet<string> {
  const twice = state.visited.filter((pair) => new Set(pair.split(' ')).size === 1);
  const decisions = twice.map((pair) => Number(pair.split(' ')[0])).map((i) => decisionOf(state, i, i));
  return new Set(decisions.flatMap((decision) => (decision ? [letterOf(decision)] : [])));
}

const isVisited = ({ a, b, visited }: ComparingState): boolean => visited.includes(`${a} ${b}`);

export const tasks: readonly Task<ComparingState>[] = [
  {
    id: 'contradiction',
    text: 'Find two passages about which the judge contradicts itself.',
    hints: [
      'It is sure where one passage fits much better. Where will it be in doubt?',
      'Try the passages in the middle: those that touch on the question without answering it.',
      'Choose p3 as A and p4 as B.',
    ],
    judge: (state) => {
      if (state.swapped === undefined) return veiled;
      const { kind, words } = verdictOf(state);
      if (kind !== 'contradiction' || isVisited(state))
        return { done: kind === 'contradiction', remark: words };
      return { done: false, remark: `${words} The link has brought you here: choose the pair yourself.` };
    },
  },
  {
    id: 'twice',
    text: 'Show one passage as both A and B: only the place differs. Find one that wins as A, and one that wins as B.',
    hints: [
      'Choose the same passage on both sides.',
      'Its liking for a place depends on the passage. Try one that fits the query, and one that does not.',
      'Choose p1 on both sides, then p6 on both sides.',
    ],
    judge: (state) => {
      if (state.swapped === undefined) return veiled;
      const letters = lettersTwice(state);
      if (letters.size === 0) return { done: false, remark: 'A and B have not been the same passage yet.' };
      const done = state.a === state.b && letters.has('A') && letters.has('B');
      return { done, remark: `So far the same passage twice has brought ${[...letters].join(' and ')}.` };
    },
  },
  {
    id: 'settle',
    text: 'p3 and p4 contradict. Change a text until one of them wins both orders.',
    hints: [
      'A contradiction is doubt. Make one of the two fit the query better, or worse.',
      'What made a passage look relevant in lesson 2?',
      'Choose p3 and p4, and add “Why does a moving bike stay upright?” to the end of p4.',
    ],
    judge: (state, start) => {
      if (state.swapped === undefined) return veiled;
      if ([state.a, state.b].toSorted().join() !== '2,3') {
        return { done: false, remark: 'Show p3 and p4.' };
      }
      if (state.passages[2] === undefined || state.passages[3] === undefined) return veiled;
      const changed = [2, 3].some((i) => state.passages[i] !== PASSAGES[i]);
      const { kind, words } = verdictOf(state);
      const touched = state.passages !== start.passages;
      return {
        done: kind === 'strict' && changed && touched,
        remark: changed ? words : `${words} Neither text is changed.`,
      };
    },
  },
];

/** How often the passage in the first place has won, of what was asked. */
export function firstPlace(decisions: readonly Decision[]): string {
  const won = decisions.filter(({ preference }) => preference === 1).length;
  return `${decisions.length} answers so far; A won ${won}`;
}

export function inWords(state: ComparingState): readonly string[] {
  const { a, b, query, passages } = state;
  const shown = `The query is “${query}”. Passage A is ${nameOf(a)}: “${passages[a]}” Passage B is ${nameOf(b)}: “${passages[b]}”`;
  const one = decisionOf(state, a, b);
  const first = one
    ? `With ${nameOf(a)} as A the judge says ${letterOf(one)}.`
    : 'The judge has not answered yet.';
  if (!one) return [shown, first];
  if (state.swapped === undefined) {
    return [shown, first, 'The other order is shown once you have said what you expect.'];
  }
  return [shown, first, verdictOf(state).words, `${firstPlace(decisionsOf(state))}.`];
}
