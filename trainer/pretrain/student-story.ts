/**
 * What the card of the embedded student says of its own results: how it stands beside the base's own question,
 * and what the control is worth. Worked out from the results, so that the words cannot say more than they do.
 */
import type { Comparison, EvaluationRow } from '../../src/checkpoint/ranker-card.ts';
import { againstBase, verdict } from '../../src/checkpoint/ranker-card-results.ts';
import { signed } from '../cli/markdown.ts';
import { count } from '../cli/progress.ts';
import { METHODS } from './evaluation.ts';

/** How both were made, for both descriptions. */
export const MADE =
  'The start is wired by hand to compare words (src/t5/init-wired.ts) and then trained. Soft labels come ' +
  'from the sentence encoder all-MiniLM-L6-v2, and so do the start values of the word vectors (its vectors of ' +
  'single pieces, reduced); its own training data include MS MARCO, Natural Questions and Stack Exchange. ' +
  'Nothing was learnt from articles, diseases and sentences that are held out, nor from any passage that has thirteen ' +
  'words in a row in common with them, with TREC DL21, Cranfield, SciFact or a sample. ' +
  'A demonstration model of 1.9 M parameters: it reads English, about the first hundred words of a passage, ' +
  'and is no match for a large model.';

/** Of the labels that the student learnt from. */
export interface LearntFrom {
  readonly queries: number;
  readonly depth: number;
  /** Passages of these that are another query's. */
  readonly random: number;
}

export function studentDescription(
  { queries, depth, random }: LearntFrom,
  rows: readonly EvaluationRow[],
  comparisons: readonly Comparison[],
): string {
  const foreign = random > 0 ? ` (${random} of them another query’s)` : '';
  return [
    `The demo teacher after RankNet on its own pairwise decisions about ${count(queries)} queries that no ` +
      `earlier stage saw, with ${depth} passages of BM25 each${foreign}; no label reaches it. One call a passage ` +
      `instead of one for each ordered pair.`,
    ...baseText(comparisons),
    ...controlText(rows),
  ].join(' ');
}

/** The whole description in the embedded student's card. */
export function embeddedDescription(...story: Parameters<typeof studentDescription>): string {
  return `${studentDescription(...story)} ${MADE}`;
}

/**
 * The distance to a control that never saw the wording it is asked with says nothing of what distillation gave:
 * such differences are not counted.
 */
export function withoutControl(comparisons: readonly Comparison[]): Comparison[] {
  return comparisons.filter(({ method, against }) => ![method, against].includes(METHODS.control));
}

/** The student against the base's own Yes / No question, which costs as many calls. */
function baseText(comparisons: readonly Comparison[]): string[] {
  const ndcg = againstBase({ comparisons }, 'ndcg@10');
  if (!ndcg) return [];
  const clear = verdict(ndcg);
  const tau = againstBase({ comparisons }, 'kendall-tau');
  const nearer =
    tau && verdict(tau) === 'higher'
      ? ` Its order is nearer to the teacher’s: its τ is higher by ${interval(tau)}.`
      : '';
  const stands = clear === 'not clear' ? 'not measurably different from' : `measurably ${clear} than`;
  return [
    `Its nDCG@10 is ${stands} that of the base’s own Yes / No question, which takes as many calls (difference ` +
      `${interval(ndcg)} over ${count(ndcg.queries)} queries).${nearer}`,
  ];
}

/** The base under the student's wording against a random order. */
function controlText(rows: readonly EvaluationRow[]): string[] {
  const sets = [...new Set(rows.map(({ set }) => set))];
  const pairs = sets.flatMap((set) => {
    const of = (method: string) => rows.find((row) => row.set === set && row.method === method);
    const [control, random] = [of(METHODS.control), of(METHODS.random)];
    return control && random ? [{ set, control, random }] : [];
  });
  const below = pairs.filter(({ control, random }) => control.ndcg10 < random.ndcg10);
  const [first] = below;
  if (pairs.length === 0) return [];
  const known = 'The base never saw that wording, so the distance to it is not counted as gain.';
  const what = "The control in the table, the base under the student's wording,";
  if (!first) return [`${what} ranks no worse than random order. ${known}`];
  const many = below.length === pairs.length ? `all ${pairs.length}` : `${below.length} of ${pairs.length}`;
  const taus = below.flatMap(({ control: { kendallTau } }) => (kendallTau === undefined ? [] : [kendallTau]));
  const reversed =
    taus.length > 0 && Math.max(...taus) < 0
      ? ` and leans to the reverse of the teacher’s order (τ ${range(Math.min(...taus), Math.max(...taus))})`
      : '';
  return [
    `${what} ranks below random order on ${many} sets (${first.set}: nDCG@10 ${first.control.ndcg10.toFixed(3)} against ` +
      `${first.random.ndcg10.toFixed(3)})${reversed}. ${known}`,
  ];
}

const range = (low: number, high: number): string =>
  low === high ? signed(low, 2) : `${signed(low, 2)} to ${signed(high, 2)}`;

const interval = ({ mean, low, high }: Comparison): string =>
  `${signed(mean, 3)}, 95 % interval ${signed(low, 3)} to ${signed(high, 3)}`;
