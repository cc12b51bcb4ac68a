/** The health of a judge as facts: what would show that it gives no answers, with its figure, rule and cells. */
import type { JudgeReport } from '../../analysis/judge-report.ts';
import { doubtText } from '../../ranking/doubt-words.ts';
import type { DoubtKind } from '../../ranking/doubts.ts';
import { decimals, type Fact } from './judge-facts.ts';

/**
 * @param labelProbability what the labels had of the vocabulary, where a run asked for it (the student's, by true
 *   probabilities): of pairs it is never asked
 */
export function healthFacts(report: JudgeReport, n: number, labelProbability?: number): Fact[] {
  const { health, doubts, asked } = report;
  const cells = (calls: readonly (readonly [number, number])[]): number[] => calls.map(([a, b]) => a * n + b);
  /** The doubt's own sentence, where there is one of these kinds. */
  const doubtful = (...kinds: DoubtKind[]): string | undefined => {
    const doubt = doubts.find(({ kind }) => kinds.includes(kind));
    return doubt && doubtText(doubt, { input: 'BM25' });
  };
  const share = (part: number): string => (asked === 0 ? '–' : decimals(part / asked));
  const { margins } = health;
  const firstHeavy = health.wonByFirst.length >= health.wonBySecond.length;
  const bySide = firstHeavy ? health.wonByFirst : health.wonBySecond;
  return [
    {
      id: 'health-equal',
      title: 'Constant scores',
      value: `${health.equal.length} of ${asked}`,
      detail: margins && `logit A − logit B from ${decimals(margins.least)} to ${decimals(margins.greatest)}`,
      doubt: doubtful('same-logits'),
      definition:
        'Calls in which both labels got the same logit: a judge that cannot tell its answers apart leaves the order as it was.',
      formula: '|logit A − logit B| < .001; doubtful where it is so in every pair',
      cells: cells(health.equal),
    },
    {
      id: 'health-saturated',
      title: 'Saturated answers',
      value: share(health.saturated.length),
      detail: `${health.saturated.length} of ${asked} calls surer than .999`,
      doubt: doubtful('saturated'),
      definition:
        'Calls with P(A) within a thousandth of 0 or 1: where nearly all are, probabilities no longer say which calls were narrow.',
      formula: '|logit A − logit B| > 6.9; doubtful from 98 % of 30 calls on',
      cells: cells(health.saturated),
    },
    {
      id: 'health-labels',
      title: 'Probability on the labels',
      value: labelProbability === undefined ? 'not asked' : decimals(labelProbability),
      detail:
        labelProbability === undefined
          ? 'pairs are compared by the labels’ logits alone'
          : 'median of the student’s answers',
      doubt: doubtful('labels-unlikely'),
      definition:
        'What the labels have together of the whole vocabulary’s probability. It is measured only where true probabilities are asked for (relevance generation, Eq. 2); for pairs it is not known.',
      formula: 'Σ labels exp(logit − log Σ vocabulary exp(logit)); doubtful below .01',
      cells: [],
    },
    {
      id: 'health-position',
      title: 'Answers by position',
      value: share(bySide.length),
      detail: `won by the passage shown ${firstHeavy ? 'first' : 'second'}, ${bySide.length} of ${asked} calls`,
      doubt: doubtful('one-position', 'few-winners'),
      definition:
        'Whether the place in the prompt decides instead of the passages: over both orders, a judge that reads them names the first half of the time.',
      formula: 'doubtful from 98 % of 9 pairs on, or where at most a fifth of 30 pairs has a winner',
      cells: cells(bySide),
    },
    {
      id: 'health-order',
      title: 'Order of the input',
      value: health.moved === 0 ? 'unchanged' : `${health.moved} of ${n} moved`,
      detail: `τ with BM25 ${decimals(health.tauWithInput)}`,
      doubt: doubtful('same-order'),
      definition:
        'Whether the order that came out is the one that went in: a judge that says nothing leaves it, and so does one that agrees with it.',
      formula: 'doubtful where 12 or more winners are each the earlier one and nothing moved',
      cells: [],
    },
  ];
}
