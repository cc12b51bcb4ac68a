/**
 * What a graph needs of memory while it runs, counted from its nodes: onnxruntime frees a value after
 * its last use, so the most that is alive at a time is what it must hold.
 */
import type { Graph, GraphNode, Value } from '../../src/onnx/graph.ts';

const ELEMENT: Readonly<Record<string, number>> = { float64: 8, int64: 8, float32: 4, int32: 4 };

/** Ops whose output is a view of their input: no memory of their own. */
const VIEWS = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity']);

export interface GraphMemory {
  /** The most bytes of intermediate values alive at a time. */
  readonly peak: number;
  readonly constants: number;
}

/**
 * @param graph with fixed dimensions
 * @param given outputs that the caller has memory for
 */
export function graphMemory(graph: Graph, given: ReadonlySet<string> = new Set()): GraphMemory {
  const owner = new Map<string, string>();
  const ownerOf = (name: string): string => owner.get(name) ?? name;
  for (const { op, inputs, outputs } of graph.nodes) {
    if (VIEWS.has(op)) owner.set(outputs[0]!.name, ownerOf(inputs[0]!.name));
  }
  const left = new Map<string, number>();
  const use = (name: string, by: number) => left.set(name, (left.get(name) ?? 0) + by);
  for (const { op, inputs } of graph.nodes) {
    if (!VIEWS.has(op)) for (const input of inputs) if (input) use(ownerOf(input.name), 1);
  }
  const outside = new Set<string>();
  for (const { name } of graph.outputs) {
    use(ownerOf(name), 1);
    if (given.has(name)) outside.add(ownerOf(name));
  }
  const size = new Map<string, number>();
  let alive = 0;
  let peak = 0;
  for (const node of executionOrder(graph)) {
    if (VIEWS.has(node.op)) continue;
    for (const output of node.outputs) {
      if (!left.has(output.name) || outside.has(output.name)) continue;
      size.set(output.name, bytesOf(output));
      alive += bytesOf(output);
    }
    peak = Math.max(peak, alive);
    for (const input of node.inputs) {
      if (!input) continue;
      const name = ownerOf(input.name);
      use(name, -1);
      if (left.get(name) === 0) alive -= size.get(name) ?? 0;
    }
  }
  let constants = 0;
  for (const { data } of graph.constants.values()) constants += data.byteLength;
  return { peak, constants };
}

function bytesOf({ dtype, dims }: Value): number {
  return dims.reduce<number>((size, dim) => size * Number(dim), ELEMENT[dtype] ?? 1);
}

/**
 * The order in which onnxruntime runs the nodes: depth first from the last output backwards (ReverseDFSFrom
 * in its graph.cc). Gradients of weights are outputs, so most come after the whole chain of the others.
 */
function executionOrder({ nodes }: Graph): GraphNode[] {
  const index = new Map<string, number>();
  nodes.forEach(({ outputs }, i) => {
    for (const { name } of outputs) index.set(name, i);
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs.map((input) => input?.name)));
  const stack: [node: number, done: boolean][] = [];
  nodes.forEach(({ outputs }, i) => {
    if (!outputs.some(({ name }) => used.has(name))) stack.push([i, false]);
  });
  const seen = new Set<number>();
  const order: GraphNode[] = [];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const [at, done] = entry;
    if (done) order.push(nodes[at]!);
    if (done || seen.has(at)) continue;
    seen.add(at);
    stack.push([at, true]);
    const before = nodes[at]!.inputs.map((input) => index.get(input?.name ?? '')).filter(
      (one) => one !== undefined,
    );
    for (const one of before.sort((a, b) => a - b)) if (!seen.has(one)) stack.push([one, false]);
  }
  return order;
}
