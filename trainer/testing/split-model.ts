/** A tiny model whose weights lie in a file beside it, for tests of runtimes. */
import { encodeModel } from '../../src/onnx/encode.ts';
import { Graph } from '../../src/onnx/graph.ts';
import * as op from '../../src/onnx/ops.ts';
import { proto } from '../../src/onnx/proto.ts';
import { float32 } from '../../src/onnx/tensor.ts';

/** product = x · w and total = product + product; x is [1, 2]. For x = [1, 10] product is [41, 52, 63]. */
export function wholeModel(): Uint8Array<ArrayBuffer> {
  const g = new Graph();
  const w = g.constant('w', float32([2, 3], [1, 2, 3, 4, 5, 6]));
  const product = op.matmul(g, g.input('x', 'float32', [1, 2]), w);
  g.output(product, 'product');
  g.output(op.add(g, product, product), 'total');
  return encodeModel(g);
}

/** The same model with w in a file of that path. */
export function splitModel(path: string): { bytes: Uint8Array; weights: Uint8Array<ArrayBuffer> } {
  const whole = proto.ModelProto.decode(wholeModel());
  const w = whole.graph!.initializer!.find(({ name }) => name === 'w')!;
  const weights = Uint8Array.from(w.rawData!);
  Object.assign(w, {
    rawData: new Uint8Array(),
    dataLocation: proto.TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: path },
      { key: 'offset', value: '0' },
      { key: 'length', value: String(weights.length) },
    ],
  });
  return { bytes: proto.ModelProto.encode(whole).finish(), weights };
}
