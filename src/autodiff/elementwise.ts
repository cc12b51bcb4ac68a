/** Gradients of elementwise ops; binary ones sum over what was broadcast. */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { gradOf, inputOf, unbroadcast, type Vjp } from './vjp.ts';

const add: Vjp = (g, context) => {
  const grad = gradOf(context);
  return context.node.inputs.map((input, i) =>
    input && context.needs[i] ? unbroadcast(g, grad, input.dims) : undefined,
  );
};

const sub: Vjp = (g, context) => {
  const [a, b] = add(g, context);
  return [a, b && op.neg(g, b)];
};

const mul: Vjp = (g, context) => {
  const grad = gradOf(context);
  const a = inputOf(context.node, 0);
  const b = inputOf(context.node, 1);
  return [
    context.needs[0] ? unbroadcast(g, op.mul(g, grad, b), a.dims) : undefined,
    context.needs[1] ? unbroadcast(g, op.mul(g, grad, a), b.dims) : undefined,
  ];
};

/** y = a / b: da = dy / b, db = −dy · y / b. */
const div: Vjp = (g, context) => {
  const grad = gradOf(context);
  const a = inputOf(context.node, 0);
  const b = inputOf(context.node, 1);
  const overB = op.div(g, grad, b);
  return [
    context.needs[0] ? unbroadcast(g, overB, a.dims) : undefined,
    context.needs[1]
      ? unbroadcast(g, op.neg(g, op.mul(g, overB, context.node.outputs[0]!)), b.dims)
      : undefined,
  ];
};

/** The gradient goes to whichever input gave the result; to the first when both are equal. */
const chosen: Vjp = (g, context) => {
  const grad = gradOf(context);
  const a = inputOf(context.node, 0);
  const b = inputOf(context.node, 1);
  const isFirst = g.node1('Equal', [context.node.outputs[0]!, a], { dtype: 'bool', dims: grad.dims });
  const first = op.mul(g, grad, op.cast(g, isFirst, grad.dtype));
  return [
    context.needs[0] ? unbroadcast(g, first, a.dims) : undefined,
    context.needs[1] ? unbroadcast(g, op.sub(g, grad, first), b.dims) : undefined,
  ];
};

/** An op y = f(x) whose gradient is dy · slope. */
function unary(slope: (g: Graph, x: Value, y: Value) => Value): Vjp {
  return (g, context) => {
    const local = slope(g, inputOf(context.node, 0), context.node.outputs[0]!);
    return [op.mul(g, gradOf(context), local)];
  };
}

const one = (g: Graph) => op.scalar(g, 1);
const sign = (g: Graph, x: Value) => g.node1('Sign', [x], { dtype: x.dtype, dims: x.dims });

/**
 * gelu_new(x) = x · s with s = σ(2u), u = √(2/π) (x + 0.044715 x³), the same as ½ x (1 + tanh u);
 * slope = s + x · s (1 − s) · 2u'.
 */
const geluSlope = (g: Graph, x: Value): Value => {
  const scale = 2 * Math.sqrt(2 / Math.PI);
  const square = op.mul(g, x, x);
  const affine = (c1: number, c0: number) =>
    op.add(g, op.mul(g, square, op.scalar(g, scale * c1)), op.scalar(g, scale * c0));
  const s = op.sigmoid(g, op.mul(g, x, affine(0.044715, 1)));
  const inner = op.mul(g, op.mul(g, x, affine(3 * 0.044715, 1)), op.sub(g, one(g), s));
  return op.mul(g, s, op.add(g, inner, one(g)));
};

export const elementwise: Readonly<Record<string, Vjp>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Min: chosen,
  Max: chosen,
  Neg: (g, context) => [op.neg(g, gradOf(context))],
  Exp: unary((_g, _x, y) => y),
  Log: unary((g, x) => op.reciprocal(g, x)),
  Sqrt: unary((g, _x, y) => op.div(g, op.scalar(g, 0.5), y)),
  Reciprocal: unary((g, _x, y) => op.neg(g, op.mul(g, y, y))),
  Abs: unary((g, x) => sign(g, x)),
  // y is never negative, so its sign is 1 exactly where x was let through.
  Relu: unary((g, _x, y) => sign(g, y)),
  Sigmoid: unary((g, _x, y) => op.mul(g, y, op.sub(g, one(g), y))),
  Softplus: unary((g, x) => op.sigmoid(g, x)),
  Tanh: unary((g, _x, y) => op.sub(g, one(g), op.mul(g, y, y))),
  FastGelu: unary((g, x) => geluSlope(g, x)),
  // Only the tanh form is built (ops.ts).
  Gelu: unary((g, x) => geluSlope(g, x)),
  Identity: (_g, context) => [gradOf(context)],
  Cast: (g, context) => [op.cast(g, gradOf(context), inputOf(context.node, 0).dtype)],
};
