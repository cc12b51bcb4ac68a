/** The matrix forms of the scorer's dtypes: fp32, int8 (W8A8), and weight-only blocks of 8 or 4 bits. */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { BLOCK, MAX_7BIT, MAX_8BIT, quantiseBlocks, quantiseRows, transposed } from '../onnx/quantise.ts';
import { type Matrix, type MatrixForm, matrixConstants, type RowTable } from './parts.ts';

export const fp32Form: MatrixForm = {
  apply(g, x, matrix) {
    const { name, rows, columns } = matrix;
    // [in, out], so that the runtime packs the constant once for its fastest product.
    const shape = { hint: name, dtype: 'float32', dims: [columns, rows] } as const;
    const [weight] = matrixConstants(g, matrix, [shape], (data) => [transposed(data, rows, columns)]);
    return op.matmul(g, x, weight!);
  },
  table(g, matrix) {
    const shape = { hint: matrix.name, dtype: 'float32', dims: [matrix.rows, matrix.columns] } as const;
    const [table] = matrixConstants(g, matrix, [shape], (data) => [data]);
    return (at, ids) => op.gather(at, table!, ids);
  },
};

/** Which side of an int8 product has 7 bits, so that its pairs fit 16 bits on every CPU (quantise.ts). */
export type NarrowSide = 'weights' | 'activations';

/**
 * W8A8: weights int8 per output column, activations to 8 bits around a zero point with a scale of
 * their own for every token row, so that neither batch-mates nor padding change a prompt's logits.
 * One side has a bit less: models whose weights have outliers lose more by 7-bit weights, models whose
 * activations have them by 7-bit activations. An export measures both.
 */
export function int8Form(narrow: NarrowSide = 'weights'): MatrixForm {
  const [weightLevels, activationLevels] = narrow === 'weights' ? [MAX_7BIT, MAX_8BIT] : [MAX_8BIT, MAX_7BIT];
  return {
    apply(g, x, matrix) {
      const { name, rows, columns } = matrix;
      const shapes = [
        { hint: name, dtype: 'int8', dims: [columns, rows] },
        { hint: `${name}.scale`, dtype: 'float32', dims: [rows] },
      ] as const;
      const [weight, columnScale] = matrixConstants(g, matrix, shapes, (numbers) => {
        const { data, scales } = quantiseRows(numbers, rows, columns, weightLevels);
        return [transposed(data, rows, columns), scales];
      });
      const { quantised, rowScale } = quantiseActivations(g, x, activationLevels);
      const product = op.matmulIntegerToFloat(g, quantised, weight!, columnScale!, activationLevels + 1);
      return op.mul(g, product, rowScale);
    },
    table(g, matrix) {
      const { name, rows, columns } = matrix;
      const shapes = [
        { hint: name, dtype: 'int8', dims: [rows, columns] },
        { hint: `${name}.scale`, dtype: 'float32', dims: [rows, 1] },
      ] as const;
      const [table, scales] = matrixConstants(g, matrix, shapes, (numbers) => {
        const quantised = quantiseRows(numbers, rows, columns, MAX_8BIT);
        return [quantised.data, quantised.scales];
      });
      return (at, ids) =>
        op.mul(at, op.cast(at, op.gather(at, table!, ids), 'float32'), op.gather(at, scales!, ids));
    },
  };
}

/** x [..., n] → uint8 within ±levels of levels + 1, and the scale of each row, [..., 1]. */
function quantiseActivations(g: Graph, x: Value, levels: number): { quantised: Value; rowScale: Value } {
  const most = op.reduceMax(g, op.abs(g, x), [-1]);
  // A row of zeros must not divide by zero.
  const rowScale = op.mul(g, op.max(g, most, op.scalar(g, 1e-30)), op.scalar(g, 1 / levels));
  return { quantised: op.toUint8(g, op.div(g, x, rowScale), levels + 1), rowScale };
}

/** Weight-only blocks: com.microsoft MatMulNBits and GatherBlockQuantized. */
export function blockForm(bits: 4 | 8): MatrixForm {
  return {
    apply(g, x, matrix) {
      const { name, rows, columns } = matrix;
      const blocks = Math.ceil(columns / BLOCK);
      const shapes = [
        { hint: name, dtype: 'uint8', dims: [rows, blocks, (BLOCK * bits) / 8] },
        { hint: `${name}.scale`, dtype: 'float32', dims: [rows * blocks] },
      ] as const;
      const [weight, scale] = matrixConstants(g, matrix, shapes, (numbers) => {
        const { data, scales } = quantiseBlocks(numbers, rows, columns, bits);
        return [data, scales];
      });
      return blockProduct(g, x, [weight!, scale!], matrix, bits);
    },
    table: (g, matrix) => blockTable(g, matrix, bits),
  };
}

function blockTable(g: Graph, matrix: Matrix, bits: 4 | 8): RowTable {
  const { name, rows, columns } = matrix;
  if (columns % BLOCK !== 0) return fp32Form.table(g, matrix);
  const shapes = [
    { hint: name, dtype: 'uint8', dims: [rows, (columns * bits) / 8] },
    { hint: `${name}.scale`, dtype: 'float32', dims: [rows, columns / BLOCK] },
  ] as const;
  const [table, scale] = matrixConstants(g, matrix, shapes, (numbers) => {
    const { data, scales } = quantiseBlocks(numbers, rows, columns, bits);
    return [data, scales];
  });
  const row = (at: Graph, ids: Value): Value =>
    at.node1(
      'GatherBlockQuantized',
      [table!, ids, scale!],
      { dtype: 'float32', dims: [...ids.dims, columns] },
      { bits: { int: bits }, block_size: { int: BLOCK }, gather_axis: { int: 0 }, quantize_axis: { int: 1 } },
      'com.microsoft',
    );
  return Object.assign(row, {
    // A product's blocks are the table's, byte for byte.
    product(at: Graph, x: Value): Value {
      const blocks = columns / BLOCK;
      const weight = op.reshape(at, table!, [rows, blocks, (BLOCK * bits) / 8]);
      return blockProduct(at, x, [weight, op.reshape(at, scale!, [rows * blocks])], matrix, bits);
    },
  });
}

/** x [..., columns] times blocks [rows, blocks, bytes] with their scales [rows · blocks]. */
function blockProduct(
  g: Graph,
  x: Value,
  [weight, scale]: readonly [weight: Value, scale: Value],
  { rows, columns }: Matrix,
  bits: 4 | 8,
): Value {
  return g.node1(
    'MatMulNBits',
    [x, weight, scale],
    { dtype: 'float32', dims: [...x.dims.slice(0, -1), rows] },
    { K: { int: columns }, N: { int: rows }, bits: { int: bits }, block_size: { int: BLOCK } },
    'com.microsoft',
  );
}
