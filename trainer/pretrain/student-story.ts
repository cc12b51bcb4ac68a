/**
 * What the cards of the embedded pair say of its results: what the base can do by comparing and by judging alone, and
 * what the student has of it. Worked out from the results, so that the words cannot say more than they do.
 */
import type { Comparison } from '../../src/checkpoint/ranker-card.ts';
import { againstBase, verdict } from '../../src/checkpoint/ranker-card-results.ts';
import { signed } from '../cli/markdown.ts';
import { count } from '../cli/progress.ts';
import { METHODS } from './evaluate/comparisons.ts';

/** How both were made, for both descriptions. */
export const MADE =
  'The start is wired by hand to compare words (src/t5/init-wired.ts) and then trained. Soft labels come ' +
  'from the sentence encoder all-MiniLM-L6-v2, and so do the start values of the word vectors (its vectors of ' +
  'single pieces, reduced); its own training data include MS MARCO, Natural Questions and Stack Exchange. ' +
  'Nothing was learnt from articles, diseases and sentences that are held out, nor from any passage that has thirteen ' +
  'words in a row in common with them, with TREC DL21, Cranfield, SciFact or a sample. ' +
  'A demonstration model of 1.9 M parameters: it reads English, the first 256 word pieces of a passage (about 160 ' +
  'words; it was trained and evaluated on 128), and is no match for a large model.';

/** Of the labels that the student learnt from. */
export interface LearntFrom {
  readonly queries: number;
  readonly depth: number;
  /** Passages of these that are another query's. */
  readonly random: number;
  /** Pairs of a list that the teacher compared; absent: all. */
  readonly pairs?: number | undefined;
  /** Share of the base's steps that ask Yes / No, where only whether a passage answers at all; absent: on lists. */
  readonly answerShare?: number | undefined;
}

/** What the base is, and why its Yes / No is what it is, in two sentences. */
export function baseDescription(
  { answerShare }: Pick<LearntFrom, 'answerShare'>,
  comparisons: readonly Comparison[],
): string {
  const made =
    'A small T5 trained from scratch on two questions: which of two passages is more relevant (A / B), and ' +
    'whether one is (Yes / No). It is teacher and base at once.';
  return [made, ...reason(answerShare), ...teacherText(comparisons)].join(' ');
}

export function studentDescription(learnt: LearntFrom, comparisons: readonly Comparison[]): string {
  const { queries, depth, random, pairs, answerShare } = learnt;
  const foreign = random > 0 ? ` (${random} of them another query’s)` : '';
  const compared = pairs === undefined ? '' : `, ${pairs} pairs of each list compared in both orders`;
  return [
    `The demo teacher after RankNet on its own pairwise decisions about ${count(queries)} queries that no ` +
      `earlier stage saw, with ${depth} passages of BM25 each${foreign}${compared}; no label reaches it. One call a ` +
      `passage instead of one for each ordered pair.`,
    ...reason(answerShare),
    ...baseText(comparisons),
    ...levelText(comparisons),
  ].join(' ');
}

/** The whole description in the embedded student's card. */
export function embeddedDescription(...story: Parameters<typeof studentDescription>): string {
  return `${studentDescription(...story)} ${MADE}`;
}

/** Why a base may compare better than it judges: said only of one that was trained so. */
function reason(answerShare: number | undefined): string[] {
  if (answerShare === undefined) return [];
  return [
    `The base was taught to compare: ${percent(1 - answerShare)} of its steps ask which of two passages of one query is ` +
      `better. It was asked Yes or No on the rest alone, and only to tell a passage that answers a query from one that ` +
      `answers another query, which says little about an order among passages that are all about the query.`,
  ];
}

/** The base by comparing against its own Yes / No question. */
function teacherText(comparisons: readonly Comparison[]): string[] {
  const found = pooled(comparisons, METHODS.teacher, METHODS.relevance);
  if (!found) return [];
  return [
    `By comparing, its nDCG@10 is ${stands(found)} that of its own Yes / No question (difference ${interval(found)} over ` +
      `${count(found.queries)} queries).`,
  ];
}

/** The student against the base's own Yes / No question, which costs as many calls. */
function baseText(comparisons: readonly Comparison[]): string[] {
  const ndcg = againstBase({ comparisons }, 'ndcg@10');
  if (!ndcg) return [];
  const tau = againstBase({ comparisons }, 'kendall-tau');
  const nearer =
    tau && verdict(tau) === 'higher'
      ? ` Its order is nearer to the teacher’s: its τ is higher by ${interval(tau)}.`
      : '';
  return [
    `Its nDCG@10 is ${stands(ndcg)} that of the base’s own Yes / No question, which takes as many calls (difference ` +
      `${interval(ndcg)} over ${count(ndcg.queries)} queries).${nearer}`,
  ];
}

/** The student against what it learnt from, and against the best that one supervised call does. */
function levelText(comparisons: readonly Comparison[]): string[] {
  const teacher = pooled(comparisons, METHODS.student, METHODS.teacher);
  const supervised = pooled(comparisons, METHODS.student, METHODS.supervised);
  return [
    ...(teacher ? [`Against the teacher’s PRP: ${interval(teacher)}.`] : []),
    ...(supervised
      ? [
          `Against a model of the same size whose Yes / No was trained on lists of soft labels: ${interval(supervised)}.`,
        ]
      : []),
  ];
}

const pooled = (comparisons: readonly Comparison[], method: string, against: string) =>
  comparisons.find((one) => one.method === method && one.against === against && one.metric !== 'kendall-tau');

const stands = (one: Comparison): string => {
  const clear = verdict(one);
  return clear === 'not clear' ? 'not measurably different from' : `measurably ${clear} than`;
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const interval = ({ mean, low, high }: Comparison): string =>
  `${signed(mean, 3)}, 95 % interval ${signed(low, 3)} to ${signed(high, 3)}`;
