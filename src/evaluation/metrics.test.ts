import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMetric } from './metric-names.ts';
import {
  accuracyAt1,
  averagePrecision,
  judgedShare,
  ndcg,
  precision,
  recall,
  reciprocalRank,
  rPrecision,
  success,
} from './metrics.ts';
import { trecDecimals } from './print.ts';
import { ndcgAt } from './summary.ts';

const grades = (entries: Record<string, number>) => new Map(Object.entries(entries));

/** A ranking and judgments over overlapping ids, some unjudged, some judged but not ranked. */
const ranked = fc
  .uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 })
  .chain((ids) =>
    fc.record({
      order: fc.constant(ids.map(String)),
      judged: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -1, max: 3 })), {
        selector: ([id]) => id,
        maxLength: 20,
      }),
      k: fc.integer({ min: 1, max: 25 }),
    }),
  )
  .map(({ order, judged, k }) => ({ order, k, judged: new Map(judged.map(([id, g]) => [String(id), g])) }));

describe('values worked out by hand', () => {
  // Ranking a b c d; grades b = 3, d = 1, x = 2 (not retrieved).
  const order = ['a', 'b', 'c', 'd'];
  const judged = grades({ a: 0, b: 3, d: 1, x: 2 });

  it('nDCG counts grades against the ideal of all judgments', () => {
    const found = 3 / Math.log2(3) + 1 / Math.log2(5);
    const ideal = 3 + 2 / Math.log2(3) + 1 / Math.log2(4);
    expect(ndcg(order, judged)).toBeCloseTo(found / ideal, 12);
    expect(ndcg(order, judged, { k: 2 })).toBeCloseTo(3 / Math.log2(3) / (3 + 2 / Math.log2(3)), 12);
    expect(ndcg(order, judged, { k: 1 })).toBe(0);
  });

  it('the exponential gain is 2^g − 1', () => {
    const found = 7 / Math.log2(3) + 1 / Math.log2(5);
    const ideal = 7 + 3 / Math.log2(3) + 1 / Math.log2(4);
    expect(ndcg(order, judged, { gain: 'exponential' })).toBeCloseTo(found / ideal, 12);
    expect(parseMetric('ndcg_burges').value(order, judged)).toBeCloseTo(found / ideal, 12);
  });

  it('binary measures', () => {
    expect(reciprocalRank(order, judged)).toBe(1 / 2);
    expect(reciprocalRank(order, judged, { k: 1 })).toBe(0);
    expect(averagePrecision(order, judged)).toBeCloseTo((1 / 2 + 2 / 4) / 3, 12);
    expect(precision(order, judged, { k: 5 })).toBe(2 / 5);
    expect(recall(order, judged, { k: 2 })).toBe(1 / 3);
    expect(rPrecision(order, judged)).toBe(1 / 3);
    expect(success(order, judged, { k: 2 })).toBe(1);
    expect(accuracyAt1(order, judged)).toBe(0);
    expect(accuracyAt1(['b'], judged)).toBe(1);
  });

  it('a relevance level of 2 makes grade 1 irrelevant', () => {
    expect(recall(order, judged, { level: 2 })).toBe(1 / 2);
    expect(parseMetric('recall@10-l2').value(order, judged)).toBe(1 / 2);
    expect(parseMetric('recall@10').value(order, judged, 2)).toBe(1 / 2);
  });

  it('what is not judged is not counted as judged', () => {
    expect(judgedShare(order, judged)).toBe(3 / 4);
    expect(judgedShare(order, judged, 2)).toBe(1);
    expect(judgedShare(order, grades({ a: -1 }), 1)).toBe(0);
    expect(ndcgAt(order, judged, [2])).toEqual([{ k: 2, judged: 1, value: expect.any(Number) }]);
    expect(ndcgAt(order, grades({ a: 0 }), [1])[0]).toEqual({ k: 1, judged: 1 });
    expect(ndcgAt(order, grades({}), [1])[0]).toEqual({ k: 1, judged: 0 });
  });
});

describe('properties', () => {
  const names = ['ndcg', 'ndcg_burges', 'map', 'recip_rank', 'precision', 'recall', 'success', 'judged'];

  it('every measure lies in 0…1', () => {
    fc.assert(
      fc.property(ranked, fc.constantFrom(...names), ({ order, judged, k }, name) => {
        const value = parseMetric(`${name}@${k}`).value(order, judged);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('the ideal order has nDCG 1 and average precision 1', () => {
    fc.assert(
      fc.property(ranked, ({ judged, k }) => {
        const ideal = [...judged].sort((a, b) => b[1] - a[1]).map(([id]) => id);
        const any = [...judged.values()].some((grade) => grade > 0) ? 1 : 0;
        expect(ndcg(ideal, judged, { k })).toBeCloseTo(any, 12);
        expect(ndcg(ideal, judged, { k, gain: 'exponential' })).toBeCloseTo(any, 12);
        expect(averagePrecision(ideal, judged)).toBeCloseTo(any, 12);
      }),
    );
  });

  it('moving a worse passage above a better one never raises a measure', () => {
    fc.assert(
      fc.property(ranked, fc.nat(), fc.nat(), ({ order, judged, k }, x, y) => {
        const [i, j] = [x % order.length, y % order.length].sort((a, b) => a - b) as [number, number];
        const grade = (at: number) => Math.max(0, judged.get(order[at]!) ?? 0);
        fc.pre(i < j && grade(i) >= grade(j));
        const worse = [...order];
        [worse[i], worse[j]] = [worse[j]!, worse[i]!];
        for (const measure of [ndcg, averagePrecision, reciprocalRank, precision, recall]) {
          expect(measure(worse, judged, { k })).toBeLessThanOrEqual(measure(order, judged, { k }) + 1e-12);
        }
        if (j < k && grade(i) > grade(j)) {
          expect(ndcg(worse, judged, { k })).toBeLessThan(ndcg(order, judged, { k }));
        }
      }),
    );
  });

  it('success and recall grow with k', () => {
    fc.assert(
      fc.property(ranked, ({ order, judged, k }) => {
        for (const measure of [success, recall, reciprocalRank, averagePrecision]) {
          expect(measure(order, judged, { k: k + 1 })).toBeGreaterThanOrEqual(measure(order, judged, { k }));
        }
      }),
    );
  });
});

describe('names', () => {
  it('reads ranx and trec_eval names as one canonical name', () => {
    const canonical = (name: string) => parseMetric(name).name;
    expect(['ndcg@10', 'ndcg_cut_10', 'NDCG@10'].map(canonical)).toEqual(['ndcg@10', 'ndcg@10', 'ndcg@10']);
    expect(['P_5', 'precision@5', 'mrr@10', 'Rprec', 'map', 'hit_rate@3', 'acc@1'].map(canonical)).toEqual([
      'precision@5',
      'precision@5',
      'recip_rank@10',
      'r_precision',
      'map',
      'success@3',
      'accuracy@1',
    ]);
  });

  it('refuses what it does not know', () => {
    for (const name of ['', 'foo', 'ndcg@0', 'ndcg@', 'precision', 'num_ret@5', 'constructor', 'ndcg@-1']) {
      expect(() => parseMetric(name)).toThrow(/measure/i);
    }
  });
});

it('prints exact ties to the even digit, as C does', () => {
  expect([1 / 32, 3 / 32, 0.00015, 0.5, 1, 0, 2 / 3].map((v) => trecDecimals(v))).toEqual([
    '0.0312',
    '0.0938',
    '0.0001', // the double nearest to 0.00015 is a little below it
    '0.5000',
    '1.0000',
    '0.0000',
    '0.6667',
  ]);
});
