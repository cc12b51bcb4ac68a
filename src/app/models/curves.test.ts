/** Charts of a card: measures that share an axis stand together, and none is lost. */
import { describe, expect, it } from 'vitest';
import { formatValue } from './chart/curve.ts';
import { layOut, linePath, nearestRow } from './chart/layout.ts';
import { lossCurve, validationCurves } from './curves.ts';

const provenance = { data: [], steps: 0, seed: 0, command: '', date: '' };

describe('validationCurves', () => {
  it('puts nDCG@10 beside BM25, agreement apart, and a measure it does not know by itself', () => {
    const curves = validationCurves({
      ...provenance,
      validation: [
        { stage: 'a', step: 10, values: { queries: 30, ndcg10: 0.5, bm25: 0.4, margin: 2 } },
        { stage: 'b', step: 20, values: { ndcg10: 0.6, teacherAgreement: 0.9, kendallTau: 0.8 } },
      ],
    });
    expect(curves.map(({ title, series }) => [title, ...series])).toEqual([
      ['nDCG@10 on validation queries', 'Pointwise', 'BM25'],
      ['Agreement with the teacher', 'Pairs ordered alike', 'Kendall’s τ'],
      ['margin on validation queries', 'margin'],
    ]);
    expect(curves[0]?.rows).toEqual([
      { step: 10, stage: 'a', values: [0.5, 0.4] },
      { step: 20, stage: 'b', values: [0.6, undefined] },
    ]);
    expect(curves[0]?.stages).toEqual([
      { name: 'a', from: 0 },
      { name: 'b', from: 10 },
    ]);
    expect(curves[1]?.rows.map(({ step }) => step)).toEqual([20]);
  });

  it('has no chart where nothing is stated', () => {
    expect(validationCurves(provenance)).toEqual([]);
    expect(validationCurves({ ...provenance, validation: [{ step: 1, values: { queries: 3 } }] })).toEqual(
      [],
    );
    expect(lossCurve(provenance)).toBeUndefined();
    expect(lossCurve({ ...provenance, lossCurve: [] })).toBeUndefined();
  });
});

describe('lossCurve', () => {
  it('is parted where the card says that stages end', () => {
    const curve = lossCurve({
      ...provenance,
      lossCurve: [
        [50, 0.6],
        [100, 0.4],
        [101, 0.9],
        [200, 0.8],
      ],
      stages: [
        { name: 'match', steps: 100 },
        { name: 'distil', steps: 100 },
      ],
    });
    expect(curve?.rows.map(({ stage }) => stage)).toEqual(['match', 'match', 'distil', 'distil']);
    expect(curve?.stages).toEqual([
      { name: 'match', from: 0 },
      { name: 'distil', from: 100 },
    ]);
    expect(linePath(curve!, 0, layOut(curve!, 300))).toMatch(/^M[^M]*L[^ML]*M[^M]*L[^ML]*$/);
  });

  it('is one line where no stages are named', () => {
    const curve = lossCurve({
      ...provenance,
      lossCurve: [
        [50, 0.6],
        [100, 0.4],
      ],
    });
    expect(curve?.rows[0]).toEqual({ step: 50, values: [0.6] });
    expect(linePath(curve!, 0, layOut(curve!, 300))).toMatch(/^M[^M]*$/);
  });
});

describe('a laid out chart', () => {
  const curve = {
    title: 't',
    series: ['one', 'two'],
    stages: [
      { name: 'a', from: 0 },
      { name: 'second', from: 50 },
      { name: 'after', from: 100 },
    ],
    rows: [
      { step: 0, stage: 'a', values: [0.2, undefined] },
      { step: 50, stage: 'a', values: [0.4, 0.1] },
      { step: 100, stage: 'second', values: [undefined, 0.5] },
    ],
  };
  const layout = layOut(curve, 300);
  const { frame, x, y } = layout;

  it('draws low values low and late steps right, inside the frame', () => {
    expect(x(0)).toBe(frame.left);
    expect(x(100)).toBe(frame.right);
    expect(y(0.1)).toBe(frame.bottom);
    expect(y(0.5)).toBe(frame.top);
    expect(linePath(curve, 0, layout)).toBe(
      `M${x(0).toFixed(1)} ${y(0.2).toFixed(1)}L${x(50).toFixed(1)} ${y(0.4).toFixed(1)}`,
    );
  });

  it('marks where a stage begins, names it where there is room, and leaves out what has no points', () => {
    expect(layout.stages).toEqual([
      { name: 'a', x: x(0), named: true },
      { name: 'second', x: x(50), named: true },
    ]);
    expect(layOut(curve, 100).stages.map(({ named }) => named)).toEqual([true, false]);
    expect(layOut({ ...curve, stages: curve.stages.slice(0, 1) }, 300).stages).toEqual([]);
  });

  it('finds the point nearest to the pointer', () => {
    expect(nearestRow(curve, layout, x(0) - 30)).toBe(0);
    expect(nearestRow(curve, layout, x(60))).toBe(1);
    expect(nearestRow(curve, layout, 999)).toBe(2);
  });
});

describe('formatValue', () => {
  it('writes shares as the tables do', () => {
    expect([0.5321, 0, -0.25, 1.5, undefined].map((value) => formatValue(value))).toEqual([
      '.532',
      '.000',
      '−.250',
      '1.500',
      '–',
    ]);
    expect([0, 0.2, 1].map((value) => formatValue(value, 0))).toEqual(['0', '0', '1']);
  });
});
