import { describe, expect, it } from 'vitest';
import { ranksOf } from './labels.ts';
import { bestStep, type ValidationList, validate, valuesOf } from './validate.ts';

const list = (
  queryId: string,
  teacherScores: readonly number[],
  grades?: Record<string, number>,
): ValidationList => ({
  queryId,
  passageIds: teacherScores.map((_, i) => `p${i}`),
  prompts: teacherScores.map((_, i) => Int32Array.of(i, 1)),
  ranks: ranksOf(teacherScores),
  teacherScores,
  tokens: 2 * teacherScores.length,
  cut: 0,
  grades: grades ? new Map(Object.entries(grades)) : undefined,
});

describe('validation', () => {
  it('counts the pairs that the teacher orders', () => {
    // Teacher: p2 > p0 = p1. Student: p0 > p2 > p1, then the same scores for all.
    const lists = [list('a', [1, 1, 2]), list('b', [2, 1])];
    const values = valuesOf(lists, [
      [3, 1, 2],
      [1, 1],
    ]);
    expect(values.teacherAgreement).toBeCloseTo(1 / 3, 12);
    // τ-b of list a: (1 − 1) / √(2 · 3) = 0; list b has none and counts 0.
    expect(values.kendallTau).toBe(0);
    expect('ndcg10' in values).toBe(false);
    const same = valuesOf(lists, [
      [0, 0, 1],
      [1, 0],
    ]);
    expect(same.teacherAgreement).toBe(1);
    expect(same.kendallTau).toBeCloseTo(1, 12);
  });

  it('has nDCG@10 of the judged queries, ties by id descending as trec_eval', () => {
    const lists = [list('a', [2, 1], { p0: 1 }), list('b', [2, 1])];
    expect(
      valuesOf(lists, [
        [1, 2],
        [0, 1],
      ]).ndcg10,
    ).toBeCloseTo(1 / Math.log2(3), 12);
    expect(
      valuesOf(lists, [
        [1, 1],
        [0, 1],
      ]).ndcg10,
    ).toBeCloseTo(1 / Math.log2(3), 12);
    expect(
      valuesOf(lists, [
        [2, 1],
        [0, 1],
      ]).ndcg10,
    ).toBe(1);
  });

  it('gives every list its own scores, however they are grouped', async () => {
    const lists = [3, 2, 4].map((n, q) => ({
      ...list(
        `q${q}`,
        Array.from({ length: n }, (_, i) => i),
      ),
      tokens: 9000,
    }));
    const asked: number[] = [];
    const values = await validate(lists, async (prompts) => {
      asked.push(prompts.length);
      return Float32Array.from(prompts, ([i]) => i!);
    });
    expect(asked).toEqual([3, 2, 4]);
    expect(values.teacherAgreement).toBe(1);
  });

  it('chooses the first of the best', () => {
    const points = [0.5, 0.7, 0.7].map((value, step) => ({
      step,
      values: { teacherAgreement: value, ndcg10: 1 - value },
    }));
    expect(bestStep(points, 'agreement')).toEqual({ step: 1, value: 0.7 });
    expect(bestStep(points, 'ndcg')).toEqual({ step: 0, value: 0.5 });
    expect(bestStep(points, 'last')).toBeUndefined();
  });
});
