import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { Comparison } from '../../src/checkpoint/ranker-card.ts';
import { againstBase, verdict } from '../../src/checkpoint/ranker-card-results.ts';
import { modelCard } from '../checkpoint/model-card.ts';
import { METHODS } from './evaluate/comparisons.ts';
import { baseDescription, embeddedDescription, studentDescription } from './student-story.ts';

const against = (method: string, other: string, mean: number, metric?: Comparison['metric']): Comparison => ({
  set: 'all sets',
  queries: 1253,
  method,
  against: other,
  mean,
  low: mean - 0.01,
  high: mean + 0.01,
  metric,
});
const learnt = { queries: 10400, depth: 8, random: 1 };
const sparse = { queries: 3000, depth: 20, random: 3, pairs: 60, answerShare: 0.05 };

describe('studentDescription', () => {
  it('says how the student stands beside the base’s own question, in the words its interval allows', () => {
    const text = (mean: number, tau = 0.05) =>
      studentDescription(learnt, [
        against(METHODS.student, METHODS.relevance, mean),
        against(METHODS.student, METHODS.relevance, tau, 'kendall-tau'),
      ]);
    expect(text(0.001)).toContain(
      'not measurably different from that of the base’s own Yes / No question, which takes as many calls ' +
        '(difference +0.001, 95 % interval −0.009 to +0.011 over 1,253 queries)',
    );
    expect(text(0.02)).toContain('measurably higher than that of the base’s own');
    expect(text(-0.02)).toContain('measurably lower than that of the base’s own');
    expect(text(0.001)).toContain('nearer to the teacher’s');
    expect(text(0.001, 0.005)).not.toContain('nearer');
  });

  it('says what it has of its teacher, and what a supervised model of its size does', () => {
    const text = studentDescription(learnt, [
      against(METHODS.student, METHODS.teacher, -0.002),
      against(METHODS.student, METHODS.supervised, -0.03),
    ]);
    expect(text).toContain('Against the teacher’s PRP: −0.002, 95 % interval −0.012 to +0.008.');
    expect(text).toContain('Yes / No was trained on lists of soft labels: −0.030');
    expect(studentDescription(learnt, [])).not.toContain('Against');
  });

  it('gives the reason of a base that was taught to compare, and says it of no other', () => {
    const text = studentDescription(sparse, []);
    expect(text).toContain(
      '20 passages of BM25 each (3 of them another query’s), 60 pairs of each list compared',
    );
    expect(text).toContain('95 % of its steps ask which of two passages of one query is better');
    expect(studentDescription(learnt, [])).not.toContain('taught to compare');
  });
});

describe('baseDescription', () => {
  it('says what comparing gives over judging alone, whichever way it came out', () => {
    const text = (mean: number) =>
      baseDescription(sparse, [against(METHODS.teacher, METHODS.relevance, mean)]);
    expect(text(0.04)).toContain(
      'By comparing, its nDCG@10 is measurably higher than that of its own Yes / No question (difference +0.040',
    );
    expect(text(0.004)).toContain('not measurably different from that of its own Yes / No question');
    expect(text(-0.04)).toContain('measurably lower than');
    expect(text(0.04)).toContain('taught to compare');
    expect(baseDescription({}, [])).not.toContain('taught to compare');
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
    expect(card.description).toBe(embeddedDescription(learnt, card.comparisons ?? []));
    // A wording that the base never saw ranks backwards: no row of the table, for its distance is no gain.
    expect(card.evaluation.filter(({ method }) => method.includes('control'))).toEqual([]);
    // README.md and Help say so in their own words.
    expect(verdict(againstBase(card, 'ndcg@10')!)).toBe('not clear');
    expect(verdict(againstBase(card, 'kendall-tau')!)).toBe('higher');
    expect(card.provenance.labels?.source).toContain('10,400 queries × 8 passages');
  });
});
