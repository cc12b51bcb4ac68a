/** Losses of lists: RankNet against allRank's numbers, gradients against central differences, and their edges. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOSSES, type LossName, listLoss, type TeacherOpinion } from './list-loss.ts';

const path = resolve(import.meta.dirname, '../../../shared/reference/ranknet/vectors.json');

interface RankNetCase {
  readonly name: string;
  readonly y_pred: number[];
  readonly y_true: number[];
  readonly expected: number;
  /** Of the pairs in the order (0, 1), (0, 2), (1, 2); absent: 1 each. */
  readonly weights?: number[];
}

/** allRank weighs pairs before it takes their mean; here each pair is a list of its own. */
function weightedMean({ y_pred, y_true, weights = [] }: RankNetCase): number {
  const pairs = y_true.flatMap((_, i) => y_true.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));
  const terms = pairs.map(([i, j], p) => {
    const opinion = { ranks: [-y_true[i]!, -y_true[j]!], teacherScores: [y_true[i]!, y_true[j]!] };
    return weights[p]! * listLoss('ranknet', [y_pred[i]!, y_pred[j]!], opinion).loss;
  });
  return terms.reduce((sum, term) => sum + term, 0) / pairs.length;
}

describe.skipIf(!existsSync(path))(
  'RankNet equals allRank (skipped without ../shared/reference/ranknet)',
  () => {
    const cases = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).ranknet as RankNetCase[]) : [];
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      // A higher grade is a better (smaller) rank; −1 marks padding.
      const ranks = one.y_true.map((grade) => (grade < 0 ? Number.NaN : -grade));
      const opinion = { ranks, teacherScores: one.y_true };
      const loss = one.weights ? weightedMean(one) : listLoss('ranknet', one.y_pred, opinion).loss;
      expect(Math.abs(loss - one.expected)).toBeLessThan(1e-12);
    });
  },
);

/** A list: student's scores, teacher's scores with ties, and some items without a rank. */
const lists = fc
  .array(
    fc.record({
      score: fc.double({ min: -4, max: 4, noNaN: true }),
      teacher: fc.integer({ min: 0, max: 6 }),
      ranked: fc.integer({ min: 0, max: 7 }).map((k) => k > 0),
    }),
    { minLength: 0, maxLength: 9 },
  )
  .map((items) => ({
    scores: items.map(({ score }) => score),
    opinion: opinionOf(
      items.map(({ teacher, ranked }) => (ranked ? 7 - teacher : Number.NaN)),
      items.map(({ teacher }) => teacher),
    ),
  }));

/** A teacher who is surer of what is farther apart, and was not asked about ties and what has no rank. */
function opinionOf(ranks: readonly number[], teacherScores: readonly number[]): TeacherOpinion {
  const probabilities = ranks.flatMap((a, i) =>
    ranks.map((b, j) =>
      Number.isFinite(a - b) && a !== b
        ? 1 / (1 + Math.exp(teacherScores[j]! - teacherScores[i]!))
        : Number.NaN,
    ),
  );
  return { ranks, teacherScores, probabilities };
}

const firstBetter: TeacherOpinion = {
  ranks: [1, 2],
  teacherScores: [1, 0],
  probabilities: [Number.NaN, 1, 0, Number.NaN],
};

const STEP = 1e-5;
/** The hinge has no slope at its corner, and a difference across it measures neither side. */
const awayFromCorner = (scores: readonly number[]) =>
  scores.every((a) => scores.every((b) => Math.abs(Math.abs(a - b) - 1) > 4 * STEP));

const settings = { temperature: 0.7, margin: 1 };

describe.each(LOSSES)('%s', (kind) => {
  it('has the gradient that central differences measure, within 1e-8', () => {
    fc.assert(
      fc.property(lists, ({ scores, opinion }) => {
        fc.pre(kind !== 'margin' || awayFromCorner(scores));
        const lossAt = (values: readonly number[]) => listLoss(kind, values, opinion, settings).loss;
        const { gradient } = listLoss(kind, scores, opinion, settings);
        for (const i of scores.keys()) {
          const moved = (by: number) => lossAt(scores.with(i, scores[i]! + by));
          expect(Math.abs((moved(STEP) - moved(-STEP)) / (2 * STEP) - gradient[i]!)).toBeLessThan(1e-8);
        }
      }),
      { seed: 7 },
    );
  });

  it('does not change when all scores are shifted', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: -50, max: 50 }), ({ scores, opinion }, by) => {
        fc.pre(kind !== 'margin' || awayFromCorner(scores));
        const here = listLoss(kind, scores, opinion);
        const there = listLoss(
          kind,
          scores.map((score) => score + by),
          { ...opinion, teacherScores: Array.from(opinion.teacherScores, (score) => score + by) },
        );
        expect(Math.abs(there.loss - here.loss)).toBeLessThan(1e-12);
        for (const [i, slope] of there.gradient.entries()) {
          expect(Math.abs(slope - here.gradient[i]!)).toBeLessThan(1e-12);
        }
      }),
      { seed: 7 },
    );
  });

  it.each([
    ['an empty list', []],
    ['one item', [1]],
    ['equal ranks', [2, 2, 2]],
    ['one item with a rank', [1, Number.NaN, Number.NaN]],
  ])('is 0 and pulls at nothing for %s', (_name, ranks) => {
    const scores = ranks.map((_, i) => i - 0.5);
    const opinion = opinionOf(
      ranks,
      ranks.map((rank) => -rank),
    );
    const { loss, gradient } = listLoss(kind, scores, opinion);
    expect(loss).toBe(0);
    expect([...gradient]).toEqual(ranks.map(() => 0));
  });

  it('stays finite and right for large scores', () => {
    for (const size of [1e3, 1e6, 1e30]) {
      const { loss, gradient } = listLoss(kind, [-size, size], firstBetter);
      expect(loss / (2 * size)).toBeCloseTo(expectedPull(kind), 2);
      expect(gradient[0]!).toBeCloseTo(-expectedPull(kind), 6);
      expect(gradient[1]!).toBeCloseTo(expectedPull(kind), 6);
      const right = listLoss(kind, [size, -size], firstBetter);
      if (kind !== 'listnet') expect(Math.abs(right.loss) + Math.abs(right.gradient[0]!)).toBe(0);
    }
  });
});

/** How hard two items in the wrong order, far apart, are pulled: listnet's target leaves the worse one a share. */
const expectedPull = (kind: LossName) => (kind === 'listnet' ? 1 / (1 + Math.exp(-2)) : 1);

describe('targets', () => {
  it('listnet does not depend on the scale of the teacher, and is the cross-entropy by hand', () => {
    const scores = [0.3, -1, 2];
    const here = listLoss('listnet', scores, opinionOf([1, 2, 3], [4, 2, 0]));
    expect(listLoss('listnet', scores, opinionOf([1, 2, 3], [90, 50, 10])).loss).toBeCloseTo(here.loss, 12);
    const spread = Math.sqrt(1.5);
    const powers = [Math.exp(spread), 1, Math.exp(-spread)];
    const total = powers.reduce((a, b) => a + b);
    const logTotal = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0));
    const expected = scores.reduce((sum, score, i) => sum + (powers[i]! / total) * (logTotal - score), 0);
    expect(here.loss).toBeCloseTo(expected, 12);
  });

  it('softmax aims at the shares of the gains', () => {
    const { gradient } = listLoss('softmax', [0, 0, 0, 0], opinionOf([1, 2, 3, 4], [5, 3, 2, 2]));
    expect([...gradient]).toEqual([0.25 - 0.75, 0.25 - 0.25, 0.25, 0.25]);
  });

  it('ranknet-soft is smallest where the student is as sure as the teacher', () => {
    const probabilities = [Number.NaN, 0.8, 0.2, Number.NaN];
    const at = (lead: number) =>
      listLoss('ranknet-soft', [lead, 0], { ranks: [1, 2], teacherScores: [1, 0], probabilities });
    const same = at(Math.log(4));
    expect(same.gradient[0]!).toBeCloseTo(0, 12);
    expect(same.loss).toBeCloseTo(-0.8 * Math.log(0.8) - 0.2 * Math.log(0.2), 12);
    expect(at(3).gradient[0]!).toBeGreaterThan(0);
    expect(() => listLoss('ranknet-soft', [1, 0], { ranks: [1, 2], teacherScores: [1, 0] })).toThrow(
      RangeError,
    );
  });

  it('margin counts a pair until the better score leads by the margin', () => {
    const { loss, gradient } = listLoss('margin', [2, 1.5, 0], opinionOf([1, 2, 3], [3, 2, 1]), {
      margin: 1,
    });
    expect(loss).toBeCloseTo(0.5 / 3, 12);
    expect([...gradient]).toEqual([-1 / 3, 1 / 3, 0]);
  });
});
