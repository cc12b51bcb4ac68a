/** The matrix forms of the scorer's dtypes: fp32, int8 (W8A8), and weight-only blocks of 8 or 4 bits. */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { BLOCK, MAX_7BIT, MAX_8BIT, quantiseBlocks, quantiseRows, transposed } from '../onnx/quantise.ts';
import { float32, tensor } from '../onnx/tensor.ts';
import type { Matrix, MatrixForm, RowTable } from './parts.ts';

export const fp32Form: MatrixForm = {
  apply(g, x, { name, data, rows, columns }) {
    // [in, out], so that the runtime packs the constant once for its fastest product.
    return op.matmul(g, x, g.constant(name, float32([columns, rows], transposed(data, rows, columns))));
  },
  table(g, { name, data, rows, columns }) {
    const table = g.constant(name, float32([rows, columns], data));
    return (at, ids) => op.gather(at, table, ids);
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
      const { data, scales } = quantiseRows(matrix.data, rows, columns, weightLevels);
      const weight = g.constant(name, tensor('int8', [columns, rows], transposed(data, rows, columns)));
      const columnScale = g.constant(`${name}.scale`, float32([rows], scales));
      const { quantised, rowScale } = quantiseActivations(g, x, activationLevels);
      const product = op.matmulIntegerToFloat(g, quantised, weight, columnScale, activationLevels + 1);
      return op.mul(g, product, rowScale);
    },
    table(g, { name, data, rows, columns }) {
      const quantised = quantiseRows(data, rows, columns, MAX_8BIT);
      const table = g.constant(name, tensor('int8', [rows, columns], quantised.data));
      const scales = g.constant(`${name}.scale`, float32([rows, 1], quantised.scales));
      return (at, ids) =>
        op.mul(at, op.cast(at, op.gather(at, table, ids), 'float32'), op.gather(at, scales, ids));
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
    apply(g, x, { name, data, rows, columns }) {
      const { data: packed, scales, blocks, bytesPerBlock } = quantiseBlocks(data, rows, columns, bits);
      const weight = g.constant(name, tensor('uint8', [rows, blocks, bytesPerBlock], packed));
      const scale = g.constant(`${name}.scale`, float32([rows * blocks], scales));
      return g.node1(
        'MatMulNBits',
        [x, weight, scale],
        { dtype: 'float32', dims: [...x.dims.slice(0, -1), rows] },
        { K: { int: columns }, N: { int: rows }, bits: { int: bits }, block_size: { int: BLOCK } },
        'com.microsoft',
      );
    },
    table: (g, matrix) => blockTable(g, matrix, bits),
  };
}

function blockTable(g: Graph, { name, data, rows, columns }: Matrix, bits: 4 | 8): RowTable {
  if (columns % BLOCK !== 0) return fp32Form.table(g, { name, data, rows, columns });
  const { data: packed, scales, blocks } = quantiseBlocks(data, rows, columns, bits);
  const width = (columns * bits) / 8;
  const table = g.constant(name, tensor('uint8', [rows, width], packed));
  const scale = g.constant(`${name}.scale`, float32([rows, blocks], scales));
  return (at, ids) =>
    at.node1(
      'GatherBlockQuantized',
      [table, ids, scale],
      { dtype: 'float32', dims: [...ids.dims, columns] },
      { bits: { int: bits }, block_size: { int: BLOCK }, gather_axis: { int: 0 }, quantize_axis: { int: 1 } },
      'com.microsoft',
    );
}
