/** Quantised weights: their bounds, their layout as onnxruntime reads it, and 16-bit sums. */
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { blockForm, int8Form } from '../t5/forms.ts';
import { seededRandom } from '../t5/init-random.ts';
import type { Matrix, MatrixForm } from '../t5/parts.ts';
import { encodeModel } from './encode.ts';
import { Graph } from './graph.ts';
import { BLOCK, MAX_7BIT, MAX_8BIT, quantiseBlocks, quantiseRows, transposed } from './quantise.ts';

const normals = (seed: number, count: number, scale = 1) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => scale * random.normal());
};

/** Rows and columns of a matrix with values as weights have them, some rows scaled far up or down. */
const matrices = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.integer({ min: 1, max: 70 }),
    seed: fc.integer({ min: 1, max: 1e6 }),
    power: fc.integer({ min: -12, max: 12 }),
  })
  .map(({ rows, columns, seed, power }) => ({
    rows,
    columns,
    weight: normals(seed, rows * columns, 10 ** power),
  }));

describe('quantiseRows', () => {
  for (const levels of [MAX_7BIT, MAX_8BIT]) {
    it(`stays within ±${levels} and within half a step of the weight`, () => {
      fc.assert(
        fc.property(matrices, ({ weight, rows, columns }) => {
          const { data, scales } = quantiseRows(weight, rows, columns, levels);
          for (let i = 0; i < weight.length; i++) {
            const scale = scales[Math.floor(i / columns)]!;
            expect(Math.abs(data[i]!)).toBeLessThanOrEqual(levels);
            expect(Math.abs(weight[i]! - data[i]! * scale)).toBeLessThanOrEqual(0.5 * scale * (1 + 1e-4));
          }
          // Every row uses its whole range: a scale too large would pass the bound above.
          for (let row = 0; row < rows; row++) {
            const own = data.subarray(row * columns, (row + 1) * columns);
            expect(Math.max(...own.map(Math.abs))).toBe(levels);
          }
        }),
      );
    });
  }

  it('leaves a row of zeros as zeros', () => {
    const { data, scales } = quantiseRows(new Float32Array(8), 2, 4, MAX_7BIT);
    expect([...data]).toEqual(new Array(8).fill(0));
    expect([...scales]).toEqual([1, 1]);
  });
});

/** Σ a·w as x86 without VNNI computes it: vpmaddubsw sums neighbours into 16 bits, saturating. */
function pairwiseSums(a: Uint8Array, w: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) {
    const pair = a[i]! * w[i]! + (a[i + 1] ?? 0) * (w[i + 1] ?? 0);
    sum += Math.max(-32768, Math.min(32767, pair));
  }
  return sum;
}

const exactSum = (a: Uint8Array, w: Int8Array) => a.reduce((sum, value, i) => sum + value * w[i]!, 0);

describe('int8 products on a CPU that sums pairs in 16 bits', () => {
  // Rows with several weights near the largest, and activations at the ends of their range.
  const weight = normals(3, 8 * 256).map((value) => Math.max(-1, Math.min(1, value)));
  const activations = (most: number) =>
    Array.from({ length: 40 }, (_, i) => {
      const random = seededRandom(100 + i);
      return Uint8Array.from({ length: 256 }, () =>
        random.uniform() < 0.5 ? most : most * random.uniform(),
      );
    });
  const differing = (weightLevels: number, mostActivation: number) => {
    const { data } = quantiseRows(weight, 8, 256, weightLevels);
    const rows = Array.from({ length: 8 }, (_, row) => data.subarray(row * 256, (row + 1) * 256));
    return activations(mostActivation).flatMap((a) =>
      rows.filter((w) => pairwiseSums(a, w) !== exactSum(a, w)),
    ).length;
  };
  const pair = (a: number, w: number) => pairwiseSums(Uint8Array.of(a, a), Int8Array.of(w, w));

  it('7-bit weights never saturate', () => {
    expect(differing(MAX_7BIT, 255)).toBe(0);
    for (const w of [MAX_7BIT, -MAX_7BIT]) expect(pair(255, w)).toBe(2 * 255 * w);
  });

  it('7-bit activations (1 to 127) never saturate with 8-bit weights', () => {
    expect(differing(MAX_8BIT, 2 * MAX_7BIT + 1)).toBe(0);
    for (const w of [MAX_8BIT, -MAX_8BIT]) expect(pair(127, w)).toBe(2 * 127 * w);
  });

  it('8 bits on both sides do: the emulation notices', () => {
    expect(differing(MAX_8BIT, 255)).toBeGreaterThan(100);
    expect(pair(255, MAX_8BIT)).toBe(32767);
  });
});

/** Runs x [rows × columns] through a matrix in the given form. */
async function applied(form: MatrixForm, x: Float32Array, matrix: Matrix): Promise<Float32Array> {
  const g = new Graph();
  const rows = x.length / matrix.columns;
  g.output(form.apply(g, g.input('x', 'float32', [rows, matrix.columns]), matrix), 'y');
  const session = await ort.InferenceSession.create(encodeModel(g), { intraOpNumThreads: 1 });
  const out = await session.run({ x: new ort.Tensor('float32', x, [rows, matrix.columns]) });
  await session.release();
  return out.y!.data as Float32Array;
}

async function looked(form: MatrixForm, ids: readonly number[], matrix: Matrix): Promise<Float32Array> {
  const g = new Graph();
  const table = form.table(g, matrix);
  g.output(table(g, g.input('ids', 'int32', [ids.length])), 'y');
  const session = await ort.InferenceSession.create(encodeModel(g), { intraOpNumThreads: 1 });
  const out = await session.run({ ids: new ort.Tensor('int32', Int32Array.from(ids), [ids.length]) });
  await session.release();
  return out.y!.data as Float32Array;
}

/** x Wᵀ in double precision. */
function product(x: Float32Array, weight: ArrayLike<number>, rows: number, columns: number): number[] {
  return Array.from({ length: x.length / columns }, (_, i) =>
    Array.from({ length: rows }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += x[i * columns + k]! * weight[j * columns + k]!;
      return sum;
    }),
  ).flat();
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

/** The weights that a block-quantised matrix stands for, unpacked by the book. */
function unpacked(weight: Float32Array, rows: number, columns: number, bits: 4 | 8): Float64Array {
  const { data, scales, blocks, bytesPerBlock } = quantiseBlocks(weight, rows, columns, bits);
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const block = row * blocks + Math.floor(column / BLOCK);
      const place = column % BLOCK;
      const byte = data[block * bytesPerBlock + (bits === 8 ? place : place >> 1)]!;
      const q = bits === 8 ? byte : place % 2 === 0 ? byte & 15 : byte >> 4;
      out[row * columns + column] = (q - 2 ** (bits - 1)) * scales[block]!;
    }
  }
  return out;
}

describe('quantiseBlocks', () => {
  for (const bits of [8, 4] as const) {
    // 4 bits have one level more below zero: a value opposite to the extreme may be a whole step off.
    const steps = bits === 8 ? 0.5 : 1;
    it(`${bits} bits: every weight within ${steps} of a step, blocks short at the end included`, () => {
      fc.assert(
        fc.property(matrices, ({ weight, rows, columns }) => {
          const { scales, blocks } = quantiseBlocks(weight, rows, columns, bits);
          const back = unpacked(weight, rows, columns, bits);
          for (let i = 0; i < weight.length; i++) {
            const block = Math.floor(i / columns) * blocks + Math.floor((i % columns) / BLOCK);
            const step = Math.abs(scales[block]!);
            expect(Math.abs(weight[i]! - back[i]!)).toBeLessThanOrEqual(steps * step * (1 + 1e-4));
          }
        }),
      );
    });

    it(`${bits} bits: a block's step is its largest weight over ${bits === 8 ? 127 : 8}`, () => {
      const weight = Float32Array.from({ length: 2 * BLOCK }, (_, i) => (i < BLOCK ? i / 10 : -i));
      const { scales } = quantiseBlocks(weight, 1, 2 * BLOCK, bits);
      const levels = bits === 8 ? 127 : 8;
      expect(Math.abs(scales[0]!)).toBeCloseTo(3.1 / levels, 6);
      expect(Math.abs(scales[1]!)).toBeCloseTo(63 / levels, 5);
    });

    it(`${bits} bits: MatMulNBits reads the layout (${bits === 8 ? 'a byte a weight' : 'the first weight in the low half'})`, async () => {
      for (const columns of [32, 64, 40]) {
        const [rows, weight, x] = [5, normals(columns, 5 * columns), normals(7, 3 * columns)];
        const matrix = { name: 'w', data: weight, rows, columns };
        const expected = product(x, unpacked(weight, rows, columns, bits), rows, columns);
        const actual = await applied(blockForm(bits), x, matrix);
        expect(worst(actual, expected)).toBeLessThan(1e-4);
        // The weights as they were give something else: a form that stays in fp32 would be noticed.
        expect(worst(actual, product(x, weight, rows, columns))).toBeGreaterThan(1e-3);
      }
    });

    it(`${bits} bits: GatherBlockQuantized reads the layout`, async () => {
      const [rows, columns] = [6, 64];
      const weight = normals(11, rows * columns);
      const back = unpacked(weight, rows, columns, bits);
      const ids = [5, 0, 3, 3];
      const actual = await looked(blockForm(bits), ids, { name: 't', data: weight, rows, columns });
      const expected = ids.flatMap((id) => [...back.subarray(id * columns, (id + 1) * columns)]);
      expect(worst(actual, expected)).toBeLessThan(1e-5);
    });
  }
});

describe('the int8 form in onnxruntime on this CPU', () => {
  const [rows, columns] = [24, 256];
  const weight = normals(21, rows * columns).map((value) => Math.max(-1, Math.min(1, value)));
  const matrix = { name: 'w', data: weight, rows, columns };

  for (const narrow of ['weights', 'activations'] as const) {
    it(`gives the exact integer sums, 7-bit ${narrow}`, async () => {
      // Activations at the ends of their range make the largest sums.
      const random = seededRandom(5);
      const x = Float32Array.from({ length: 6 * columns }, () => (random.uniform() < 0.7 ? 1 : -1));
      const levels = narrow === 'weights' ? MAX_7BIT : MAX_8BIT;
      const { data, scales } = quantiseRows(weight, rows, columns, levels);
      const dequantised = Float64Array.from(data, (q, i) => q * scales[Math.floor(i / columns)]!);
      const actual = await applied(int8Form(narrow), x, matrix);
      expect(worst(actual, product(x, dequantised, rows, columns))).toBeLessThan(1e-4);
    });

    it(`never feeds more bits than said, 7-bit ${narrow}`, async () => {
      const g = new Graph();
      int8Form(narrow).apply(g, g.input('x', 'float32', [4, columns]), matrix);
      const quantised = g.nodes.find(({ op }) => op === 'MatMulIntegerToFloat')!.inputs[0]!;
      g.output(quantised, 'q');
      const session = await ort.InferenceSession.create(encodeModel(g), { intraOpNumThreads: 1 });
      const x = new ort.Tensor('float32', normals(9, 4 * columns, 50), [4, columns]);
      const q = [...((await session.run({ x })).q!.data as Uint8Array)];
      await session.release();
      expect(Math.max(...q)).toBeLessThanOrEqual(narrow === 'weights' ? 255 : 127);
      expect(Math.max(...q) - Math.min(...q)).toBeGreaterThan(narrow === 'weights' ? 127 : 63);
    });

    it(`scales every token row by itself, 7-bit ${narrow}`, async () => {
      const x = normals(31, columns);
      const loud = Float32Array.from([...x, ...x.map((value) => 1000 * value)]);
      const alone = await applied(int8Form(narrow), x, matrix);
      const together = await applied(int8Form(narrow), loud, matrix);
      expect(worst(alone, together.subarray(0, rows))).toBe(0);
    });

    it(`keeps a row of zeros at zero, 7-bit ${narrow}`, async () => {
      const zeros = await applied(int8Form(narrow), new Float32Array(columns), matrix);
      expect([...zeros]).toEqual(new Array(rows).fill(0));
    });
  }

  it('looks rows up with 8 bits', async () => {
    const table = { name: 't', data: normals(41, 4 * 32), rows: 4, columns: 32 };
    const rowsFound = await looked(int8Form(), [2, 0], table);
    const { data, scales } = quantiseRows(table.data, 4, 32, MAX_8BIT);
    const row = (id: number) => [...data.subarray(id * 32, (id + 1) * 32)].map((q) => q * scales[id]!);
    expect(worst(rowsFound, [...row(2), ...row(0)])).toBeLessThan(1e-6);
  });
});

describe('transposed', () => {
  it('moves element (r, c) to (c, r)', () => {
    expect([...transposed(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)]).toEqual([1, 4, 2, 5, 3, 6]);
  });
});
