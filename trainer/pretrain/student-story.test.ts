import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { Comparison, EvaluationRow } from '../../src/checkpoint/ranker-card.ts';
import { againstBase, verdict } from '../../src/checkpoint/ranker-card-results.ts';
import { modelCard } from '../checkpoint/model-card.ts';
import { METHODS } from './evaluation.ts';
import { embeddedDescription, studentDescription, withoutControl } from './student-story.ts';

const row = (set: string, method: string, ndcg10: number, kendallTau?: number): EvaluationRow => ({
  set,
  method,
  queries: 10,
  ndcg10,
  callsPerQuery: 10,
  kendallTau,
});
const pair = (set: string, control: number, random: number, tau?: number) => [
  row(set, METHODS.control, control, tau),
  row(set, METHODS.random, random),
];
const against = (other: string, mean: number, metric?: 'kendall-tau'): Comparison => ({
  set: 'all sets',
  queries: 1253,
  method: METHODS.student,
  against: other,
  mean,
  low: mean - 0.01,
  high: mean + 0.01,
  metric: metric ? metric : undefined,
});
const learnt = { queries: 10400, depth: 8, random: 1 };
const say = (rows: readonly EvaluationRow[], comparisons: readonly Comparison[] = []): string =>
  studentDescription(learnt, rows, comparisons);

describe('studentDescription', () => {
  it('says of a control below random order that it is, and on how many sets', () => {
    const both = say([...pair('a', 0.27, 0.33, -0.2), ...pair('b', 0.28, 0.37, -0.4)]);
    expect(both).toContain('ranks below random order on all 2 sets (a: nDCG@10 0.270 against 0.330)');
    expect(both).toContain('leans to the reverse of the teacher’s order (τ −0.40 to −0.20)');
    expect(both).toContain('not counted as gain');
    const one = say([...pair('a', 0.4, 0.33, -0.2), ...pair('b', 0.28, 0.37, 0.1)]);
    expect(one).toContain('on 1 of 2 sets (b: ');
    expect(one).not.toContain('reverse');
    expect(say(pair('a', 0.4, 0.33))).toContain('ranks no worse than random order');
    expect(say([])).not.toContain('control');
  });

  it('says how the student stands beside the base’s own question, in the words its interval allows', () => {
    const text = (mean: number, tau = 0.05) =>
      say([], [against(METHODS.relevance, mean), against(METHODS.relevance, tau, 'kendall-tau')]);
    expect(text(0.001)).toContain(
      'not measurably different from that of the base’s own Yes / No question, which takes as many calls ' +
        '(difference +0.001, 95 % interval −0.009 to +0.011 over 1,253 queries)',
    );
    expect(text(0.02)).toContain('measurably higher than that of the base’s own');
    expect(text(-0.02)).toContain('measurably lower than that of the base’s own');
    expect(text(0.001)).toContain('nearer to the teacher’s');
    expect(text(0.001, 0.005)).not.toContain('nearer');
  });
});

describe('withoutControl', () => {
  it('drops what is measured from the control, and nothing else', () => {
    const kept = against(METHODS.bm25, 0.05);
    expect(withoutControl([against(METHODS.control, 0.3), kept])).toEqual([kept]);
  });
});

describe('the embedded models’ cards', () => {
  const file = (model: string, name: string) =>
    readFileSync(fileURLToPath(new URL(`../../public/models/${model}/${name}`, import.meta.url)), 'utf8');

  it.each(['demo-teacher', 'demo-student'])('%s: README.md is what export writes of ranker.json', (model) => {
    const card = parseRankerCard(file(model, 'ranker.json'), model);
    expect(file(model, 'README.md')).toBe(modelCard(card));
  });

  it('the student’s description is what its own results say', () => {
    const card = parseRankerCard(file('demo-student', 'ranker.json'), 'demo-student');
    expect(card.description).toBe(embeddedDescription(learnt, card.evaluation, card.comparisons ?? []));
    expect(withoutControl(card.comparisons ?? [])).toEqual(card.comparisons);
    // README.md and Help say so in their own words.
    expect(verdict(againstBase(card, 'ndcg@10')!)).toBe('not clear');
    expect(verdict(againstBase(card, 'kendall-tau')!)).toBe('higher');
    expect(card.provenance.labels?.source).toContain('10,400 queries × 8 passages');
  });
});
