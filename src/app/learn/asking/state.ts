/** The state of the lesson on asking a model about one passage, its link, and what its tasks ask. */
import { meanLogLikelihood } from '../../../inference/ranker-model.ts';
import { saidRelevant } from '../../../ranking/pointwise.ts';
import { QUERY_GENERATION } from '../../../ranking/presets.ts';
import type { PointwiseTemplate } from '../../../ranking/template.ts';
import { type AnswerBook, answerTo, type LessonQuestion } from '../../../state/learn/lesson-answers.ts';
import type { Judged, Task } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { nameOf, PASSAGES, QUERY } from '../model/example.ts';
import { differenceOf, LONGEST, placeOf, putTexts, type Texts, textsOf } from '../model/own-passages.ts';
import { problemsOf, TAUGHT, templateWith, WORDINGS, type WordingName } from './wordings.ts';

export interface AskingState extends Texts {
  readonly part: 'one' | 'wordings' | 'likelihood';
  /** Index of the passage that is asked about. */
  readonly passage: number;
  /** The second wording. */
  readonly wording: WordingName;
  /** The reader's own wording, while it is chosen. */
  readonly own: string;
  /** Indices of passages chosen in the drawing, at most two. */
  readonly chosen: readonly number[];
  /** The guess at the answer; undefined: still to be made; empty: not made, but shown. */
  readonly said: string | undefined;
  /** The guess at how many Yes another wording leaves. */
  readonly left: string | undefined;
  /** The guess at the passage that makes the query likeliest. */
  readonly likeliest: string | undefined;
  readonly answers: AnswerBook;
}

/** What stands in the address for a part. */
const PARTS = ['one', 'wordings', 'likelihood'] as const;

/** Link: `q`, `p` once for each passage, `at` (p1 …), `part`, `wording` or `own`; `shown=1` opens without questions. */
export function begin(params: URLSearchParams): AskingState {
  const texts = textsOf(params);
  const own = params.get('own')?.slice(0, LONGEST) ?? '';
  const named = WORDINGS.find(({ value }) => value === params.get('wording'))?.value;
  const guess = params.get('shown') === '1' ? '' : undefined;
  return {
    ...texts,
    part: PARTS.find((part) => part === params.get('part')) ?? 'one',
    passage: placeOf(params, 'at', texts.passages.length, 0),
    wording: own ? 'own' : (named ?? 'paper'),
    own: own || WORDINGS[0].text,
    chosen: [],
    said: guess,
    left: guess,
    likeliest: guess,
    answers: {},
  };
}

export function link(state: AskingState): URLSearchParams {
  const params = new URLSearchParams();
  putTexts(params, state);
  if (state.part !== 'one') params.set('part', state.part);
  if (state.passage !== 0) params.set('at', nameOf(state.passage));
  if (state.wording === 'own') params.set('own', state.own);
  else if (state.wording !== 'paper') params.set('wording', state.wording);
  const shown = { one: state.said, wordings: state.left, likelihood: state.likeliest }[state.part];
  if (shown !== undefined) params.set('shown', '1');
  return params;
}

export const secondText = ({ wording, own }: AskingState): string =>
  WORDINGS.find(({ value }) => value === wording)?.text ?? own;

/** The second wording as a template; undefined while it cannot be asked. */
export function secondTemplate(state: AskingState): PointwiseTemplate | undefined {
  const text = secondText(state);
  return problemsOf(text).length === 0 ? templateWith(text) : undefined;
}

export const questionOf = (
  { query, passages }: Texts,
  passage: number,
  template: PointwiseTemplate = TAUGHT,
): LessonQuestion => ({ template, query, passages: [passages[passage]!] });

/** How likely the query is after the passage. */
export const likelihoodQuestion = ({ query, passages }: Texts, passage: number): LessonQuestion => ({
  template: QUERY_GENERATION,
  query,
  passages: [passages[passage]!],
});

/** Tokens of the lesson's model. */
export const VOCABULARY = 8192;
/** Eq. 3 for one who writes any token as gladly as any other. */
export const BLIND = -Math.log(VOCABULARY);

export interface Likely {
  readonly index: number;
  /** Eq. 3: the mean over the query's tokens. */
  readonly mean: number;
  readonly tokens: number;
}

/** Eq. 3 of each passage that was answered, best first. */
export const likelyOf = (state: AskingState): readonly Likely[] =>
  state.passages
    .flatMap((_, index) => {
      const found = answerTo(state.answers, likelihoodQuestion(state, index))?.logProbabilities;
      return found ? [{ index, mean: meanLogLikelihood(found), tokens: found.length }] : [];
    })
    .toSorted((a, b) => b.mean - a.mean);

/** What the figure shows answers to. */
export function wantedOf(state: AskingState, start: AskingState): readonly LessonQuestion[] {
  if (state.part === 'one') return [questionOf(state, state.passage), questionOf(start, state.passage)];
  if (state.part === 'likelihood') return state.passages.map((_, i) => likelihoodQuestion(state, i));
  const second = secondTemplate(state);
  const all = (template: PointwiseTemplate) => state.passages.map((_, i) => questionOf(state, i, template));
  return [...all(TAUGHT), ...(second ? all(second) : [])];
}

export interface Said {
  readonly yes: number;
  readonly no: number;
  /** Whether Yes has the larger logit. */
  readonly isYes: boolean;
  /** Of the two words alone. */
  readonly probability: number;
  /** Eq. 2 with that probability. */
  readonly score: number;
}

/** What the model says to a question, read in all the ways there are; undefined while it has not answered. */
export function saidTo(answers: AnswerBook, question: LessonQuestion): Said | undefined {
  const answer = answerTo(answers, question);
  if (!answer) return undefined;
  const [yes = Number.NaN, no = Number.NaN] = answer.logits;
  // The log-sum-exp over the two words: the probability is shared among them.
  const both = Math.max(yes, no) + Math.log1p(Math.exp(-Math.abs(yes - no)));
  return {
    yes,
    no,
    isYes: yes > no,
    probability: Math.exp(yes - both),
    score: saidRelevant([yes, no], both),
  };
}

export const answerWord = ({ isYes }: Said): 'Yes' | 'No' => (isYes ? 'Yes' : 'No');

/** `Yes, by 0.39`. */
export const saidInWords = (said: Said): string =>
  `${answerWord(said)}, by ${fixed(Math.abs(said.yes - said.no))}`;

/** Adds a passage to those chosen, or takes it off; a third takes the place of the first. */
export const choose = (chosen: readonly number[], index: number): readonly number[] =>
  chosen.includes(index) ? chosen.filter((i) => i !== index) : [...chosen, index].slice(-2);

export interface Slope {
  readonly index: number;
  /** Yes logits under the wording that was taught, and under the other. */
  readonly from: Said | undefined;
  readonly to: Said | undefined;
}

export function slopesOf(state: AskingState): readonly Slope[] {
  const second = secondTemplate(state);
  return state.passages.map((_, index) => ({
    index,
    from: saidTo(state.answers, questionOf(state, index)),
    to: second && saidTo(state.answers, questionOf(state, index, second)),
  }));
}

/** What the chosen two do, in a sentence; `turns` where their order does not survive the wording. */
export function chosenTwo(state: AskingState): { readonly words: string; readonly turns: boolean } {
  const [one, other] = state.chosen.map((index) => slopesOf(state)[index]!);
  if (!one || !other) return { words: 'Choose two passages in the drawing.', turns: false };
  if (!one.from || !other.from || !one.to || !other.to) {
    return { words: 'The model has not answered both wordings yet.', turns: false };
  }
  const before = one.from.yes - other.from.yes;
  const after = one.to.yes - other.to.yes;
  const first = (by: number): string => nameOf(by > 0 ? one.index : other.index);
  const turns = before * after < 0;
  return {
    turns,
    words: `${first(before)} is ahead by ${fixed(Math.abs(before))} with the first wording, ${
      turns ? `and ${first(after)}` : 'and still'
    } by ${fixed(Math.abs(after))} with the second${turns ? ': their order turns round' : ''}.`,
  };
}

const veiled: Judged = { done: false, remark: 'First answer the question in the figure.' };

/** A task about an edit of one of the lesson's own passages. */
function judgeEdit(
  state: AskingState,
  index: number,
  wanted: 'Yes' | 'No',
  problem: (difference: ReturnType<typeof differenceOf>) => string,
): Judged {
  if (state.said === undefined) return veiled;
  const name = nameOf(index);
  const text = state.passages[index];
  if (text === undefined) return { done: false, remark: 'These are not the lesson’s own passages.' };
  if (state.query !== QUERY) return { done: false, remark: `The query is not “${QUERY}”.` };
  const difference = differenceOf(PASSAGES[index]!, text);
  const said = saidTo(state.answers, questionOf(state, index));
  if (!said) {
    const look =
      state.passage === index ? 'The model has not answered yet.' : `Choose ${name} in the figure.`;
    return { done: false, remark: look };
  }
  const now = `The model says ${saidInWords(said)}, to ${name}`;
  if (difference.changed === 0) return { done: false, remark: `${now} as it stands.` };
  const wrong = problem(difference);
  return {
    done: wrong === '' && answerWord(said) === wanted,
    remark: `${now} now.${wrong && ` But ${wrong}.`}`,
  };
}

const words = (count: number): string => (count === 1 ? '1 word' : `${count} words`);

export const tasks: readonly Task<AskingState>[] = [
  {
    id: 'word',
    text: 'p2 holds the answer, and gets a Yes. Turn it into a No by changing one word of p2.',
    hints: [
      'The model goes by words that passage and query share. Which does p2 share with “why does a moving bike stay upright”?',
      'Choose p2 and look at its last sentence.',
      'In p2, write “straight” in place of “upright”.',
    ],
    judge: (state) =>
      judgeEdit(state, 1, 'No', ({ changed }) =>
        changed === 1 ? '' : `${words(changed)} of p2 are changed (“As it was” takes that back)`,
      ),
  },
  {
    id: 'stuff',
    text: 'p6 is about something else, and gets a No. Get a Yes for it without taking a word away.',
    hints: [
      'You may add as much as you like. What would the model like to see there?',
      'A passage that repeats the query looks like one that is about it.',
      'Choose p6 and write “Why does a moving bike stay upright?” in front of it.',
    ],
    judge: (state) =>
      judgeEdit(state, 5, 'Yes', ({ lost }) =>
        lost === 0
          ? ''
          : `${words(lost)} of p6 ${lost === 1 ? 'is' : 'are'} gone (“As it was” brings that back)`,
      ),
  },
  {
    id: 'flip',
    text: 'Under “Two wordings”, find two passages whose order flips with the wording.',
    hints: [
      'Choose a passage that is high with the first wording, and compare it with others.',
      'Which passage stands far above the others on the left, perhaps only for its words? Choose it with p2.',
      'Choose “The paper’s question”, then p1 and p2 in the drawing.',
    ],
    judge: (state) => {
      if (state.part !== 'wordings') return { done: false, remark: 'Look under “Two wordings”.' };
      if (state.left === undefined) return veiled;
      const { words, turns } = chosenTwo(state);
      return { done: turns, remark: words };
    },
  },
];

export function inWords(state: AskingState): readonly string[] {
  const query = `The query is “${state.query}”.`;
  if (state.part === 'one') {
    const name = nameOf(state.passage);
    const asked = `${query} The model is asked about ${name}: “${state.passages[state.passage]}”`;
    if (state.said === undefined) return [asked, 'Its answer is shown once you have said what you expect.'];
    const said = saidTo(state.answers, questionOf(state, state.passage));
    if (!said) return [asked, 'It has not answered yet.'];
    return [
      asked,
      `Logit of Yes ${fixed(said.yes)}, of No ${fixed(said.no)}: it says ${answerWord(said)}. Of the two words Yes has the probability ${fixed(said.probability)}; Eq. 2 gives ${fixed(said.score)}.`,
    ];
  }
  if (state.part === 'likelihood') {
    const asked = `${query} How likely would the model write it, having read each passage?`;
    if (state.likeliest === undefined) return [asked, 'It is shown once you have said what you expect.'];
    const means = likelyOf(state).map(({ index, mean }) => `${nameOf(index)} ${fixed(mean)}`);
    return [asked, `Mean of log p, best first: ${means.join(', ') || 'none yet'}.`];
  }
  const slopes = slopesOf(state);
  const list = (side: 'from' | 'to'): string =>
    slopes
      .flatMap(({ index, [side]: said }) => (said ? [`${nameOf(index)} ${fixed(said.yes)}`] : []))
      .join(', ');
  const first = `${query} Logits of Yes with the wording that the model was taught: ${list('from') || 'none yet'}.`;
  if (state.left === undefined)
    return [first, 'The second wording is shown once you have said what you expect.'];
  return [first, `With “${secondText(state)}”: ${list('to') || 'none yet'}.`, chosenTwo(state).words];
}
