/**
 * Reverse-mode differentiation over a built graph: the gradient is appended as plain ONNX nodes, so
 * that any runtime computes it and one session run gives loss and gradients.
 */
import { RankscopeError } from '../errors.ts';
import type { Graph, GraphNode, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { registry } from './registry.ts';
import type { Vjp } from './vjp.ts';

/**
 * Appends the gradient of a scalar to the graph.
 * @param loss a scalar of the graph's float type.
 * @param wrt any values of the graph: inputs, but also intermediate ones (gathered embedding rows).
 * @returns d loss / d wrt[i], with the shape of wrt[i], in order.
 * @throws RankscopeError 'internal' naming an op without a gradient, or a value the loss ignores.
 */
export function gradients(g: Graph, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.dims.length !== 0) {
    throw new RankscopeError(
      'internal',
      `${loss.name}: a loss is a scalar, this has ${loss.dims.length} axes.`,
    );
  }
  const nodes = [...g.nodes];
  const dependent = dependents(nodes, wrt);
  const parts = new Map<string, Value[]>([[loss.name, [op.scalar(g, 1)]]]);
  const totals = new Map<string, Value>();
  const total = (value: Value): Value | undefined => {
    const known = totals.get(value.name);
    if (known) return known;
    const terms = parts.get(value.name);
    if (!terms) return undefined;
    const sum = terms.reduce((a, b) => op.add(g, a, b));
    totals.set(value.name, sum);
    return sum;
  };

  for (const node of nodes.reverse()) {
    const needs = node.inputs.map((input) => input !== undefined && dependent.has(input.name));
    if (!needs.some(Boolean)) continue;
    const grads = node.outputs.map(total);
    if (!grads.some(Boolean)) continue;
    const results = vjpOf(node)(g, { node, grads, needs });
    for (const [i, grad] of results.entries()) {
      const input = node.inputs[i];
      if (!grad || !input || !needs[i]) continue;
      const terms = parts.get(input.name);
      if (terms) terms.push(grad);
      else parts.set(input.name, [grad]);
    }
  }
  return wrt.map((value) => {
    const grad = total(value);
    if (!grad) throw new RankscopeError('internal', `The loss does not depend on ${value.name}.`);
    return grad;
  });
}

function vjpOf(node: GraphNode): Vjp {
  const vjp = registry[node.op];
  if (!vjp) {
    throw new RankscopeError('internal', `${node.op} has no gradient. Add one to src/autodiff/registry.ts.`);
  }
  return vjp;
}

/** Names of all values that depend on one of `wrt` (those included). */
function dependents(nodes: readonly GraphNode[], wrt: readonly Value[]): Set<string> {
  const names = new Set(wrt.map((value) => value.name));
  for (const node of nodes) {
    if (node.inputs.some((input) => input !== undefined && names.has(input.name))) {
      for (const output of node.outputs) names.add(output.name);
    }
  }
  return names;
}
