/** The state of the BM25 lesson, its link, and what its tasks ask. */
import type { Judged, Task } from '../frame/lesson.ts';
import { fixed, numberOf, ordinal } from '../frame/numbers.ts';
import { PASSAGES, QUERY } from './example.ts';
import { type Explanation, explain, LESSON_PARAMS } from './model.ts';

export interface Bm25State {
  readonly query: string;
  readonly passages: readonly string[];
  readonly k1: number;
  readonly b: number;
  /** Index of the passage whose sum is written out. */
  readonly passage: number;
  /** The term whose points are on the curves; one that the query lacks stands for its first. */
  readonly term: string;
  /** The guess at the first passage; undefined: still to be made; empty: not made, but shown. */
  readonly first: string | undefined;
  /** The guess about “the and of”. */
  readonly frequent: string | undefined;
}

export const K1 = { min: 0, max: 4, step: 0.05 } as const;
export const B = { min: 0, max: 1, step: 0.05 } as const;
/** The query of words that stand everywhere. */
export const FREQUENT = 'the and of';
const MOST_PASSAGES = 8;
const LONGEST = 1000;

export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** Link: `q`, `p` once for each passage, `k1`, `b`; `shown=1` opens without the question. */
export function begin(params: URLSearchParams): Bm25State {
  const own = params.getAll('p').map((text) => text.trim().slice(0, LONGEST));
  const passages = own.filter((text) => text !== '').slice(0, MOST_PASSAGES);
  return {
    query: params.get('q')?.slice(0, LONGEST) ?? QUERY,
    passages: passages.length >= 2 ? passages : PASSAGES,
    k1: numberOf(params, 'k1', K1.min, K1.max, LESSON_PARAMS.k1),
    b: numberOf(params, 'b', B.min, B.max, LESSON_PARAMS.b),
    passage: 0,
    term: '',
    first: params.get('shown') === '1' ? '' : undefined,
    frequent: undefined,
  };
}

export function link(state: Bm25State): URLSearchParams {
  const params = new URLSearchParams();
  if (state.query !== QUERY) params.set('q', state.query);
  if (state.passages !== PASSAGES) for (const text of state.passages) params.append('p', text);
  if (state.k1 !== LESSON_PARAMS.k1) params.set('k1', String(state.k1));
  if (state.b !== LESSON_PARAMS.b) params.set('b', String(state.b));
  if (state.first !== undefined) params.set('shown', '1');
  return params;
}

export const explained = ({ passages, query, k1, b }: Bm25State): Explanation =>
  explain(passages, query, { ...LESSON_PARAMS, k1, b });

/** What is still to be guessed before the figure shows it. */
export function asked(state: Bm25State): 'first' | 'frequent' | undefined {
  if (state.first === undefined) return 'first';
  if (state.query.trim().toLowerCase() === FREQUENT && state.frequent === undefined) return 'frequent';
  return undefined;
}

/** A passage comes first, with a score of its own. */
function leads(state: Bm25State, index: number): Judged {
  const { order, passages } = explained(state);
  const name = letterOf(index);
  const place = order.indexOf(index);
  // With passages of one's own there may be fewer.
  if (place < 0) return { done: false, remark: `There is no passage ${name} now.` };
  const score = passages[index]!.score;
  const ahead = passages[order[0]!]!.score - score;
  if (place === 0 && score > 0) return { done: true, remark: `${name} is first.` };
  if (score === 0) return { done: false, remark: `${name} scores 0.` };
  return {
    done: false,
    remark: `${name} is ${ordinal(place)}, ${fixed(ahead, 3)} behind ${letterOf(order[0]!)}.`,
  };
}

/** What else was changed, though the task allows only one thing. */
function unlessMoved(judged: Judged, moved: readonly (string | false)[]): Judged {
  const what = moved.filter((part) => part !== false);
  return what.length === 0 ? judged : { done: false, remark: `${judged.remark} But ${what.join(', and ')}.` };
}

const { k1: K1_START, b: B_START } = LESSON_PARAMS;
const k1Moved = ({ k1 }: Bm25State) => k1 !== K1_START && `k1 is not at ${fixed(K1_START)}`;
const bMoved = ({ b }: Bm25State) => b !== B_START && `b is not at ${fixed(B_START)}`;
const queryMoved = ({ query }: Bm25State) => query !== QUERY && `the query is not “${QUERY}”`;
const corpusMoved = ({ passages }: Bm25State) =>
  passages !== PASSAGES && 'these are not the lesson’s own passages (Edit the passages brings them back)';
/** Nothing is done behind a veil. */
const veiled: Judged = { done: false, remark: 'First answer the question in the figure.' };

export const tasks: readonly Task<Bm25State>[] = [
  {
    id: 'k1',
    text: 'Make passage C first by changing only k1.',
    hints: [
      'C says “brakes” four times. Which curve says what a fourth time is worth?',
      'Drag the round handle on the first curve up, so that repetition counts for more.',
      'Focus the handle k1 and press the arrow up until k1 is about 2.5. Leave b at 0.75.',
    ],
    judge: (state) =>
      asked(state)
        ? veiled
        : unlessMoved(leads(state, 2), [bMoved(state), queryMoved(state), corpusMoved(state)]),
  },
  {
    id: 'b',
    text: 'Put k1 back to 1.20. Now make the long passage D first by changing only b.',
    hints: [
      'D has the words most often, and is held back because it is long. Which curve does that?',
      'Drag the handle on the line of lengths down, until it is nearly level.',
      'Set k1 to 1.20 and b to 0.25 or less: all passages then count as almost equally long.',
    ],
    judge: (state) =>
      asked(state)
        ? veiled
        : unlessMoved(leads(state, 3), [k1Moved(state), queryMoved(state), corpusMoved(state)]),
  },
  {
    id: 'synonym',
    text: 'Passage E answers the question in other words, and scores 0. Change the query until E is first.',
    hints: [
      'BM25 sees letters, not meaning. Which words does E have that the others lack?',
      'E says “squealing”. What if the query said it too?',
      'Type “squealing brakes” as the query.',
    ],
    judge: (state) => (asked(state) ? veiled : unlessMoved(leads(state, 4), [corpusMoved(state)])),
  },
];

export function inWords(state: Bm25State): readonly string[] {
  const waiting = asked(state);
  const { terms, passages, order } = explained(state);
  const setting = `Query “${state.query}”, k1 ${fixed(state.k1)}, b ${fixed(state.b)}.`;
  if (waiting) return [setting, 'The ranking is shown once you have said what you expect.'];
  return [
    setting,
    terms
      .map(
        ({ word, matching, idf }) =>
          `“${word}” is in ${matching} of ${passages.length} passages: idf ${fixed(idf)}`,
      )
      .join('; ') + '.',
    ...order.map((index, place) => {
      const { score, parts, length } = passages[index]!;
      const sum = parts
        .map((p) => `${p.term} ${fixed(p.contribution, 3)} (${p.frequency} times)`)
        .join(' plus ');
      return `${ordinal(place)}: passage ${letterOf(index)}, ${length} words, score ${fixed(score, 3)}${sum && `, which is ${sum}`}.`;
    }),
  ];
}
