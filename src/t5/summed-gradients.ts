/**
 * Gradients that add up over runs: a batch that is taken back through the model in several runs needs
 * the sum of their gradients, and adding in the graph needs no second copy of all of them.
 */
import * as op from '../onnx/ops.ts';
import type { TrainingGraph } from './training-graph.ts';

/** Name of the input that holds a parameter's gradient so far. */
export const sumInput = (parameter: string) => `sum.${parameter}`;

/**
 * Changes a step's graph so that each gradient of a whole parameter is that of this run plus what is
 * fed as `sumInput`. Input and output may be one buffer. Gradients of gathered rows stay as they are:
 * whoever adds them to their table adds up already.
 */
export function sumGradients({ graph, gradients, ...rest }: TrainingGraph): TrainingGraph {
  const summed = gradients.map((gradient) => {
    if ('ids' in gradient) return gradient;
    const at = graph.outputs.findIndex(({ name }) => name === gradient.output);
    const own = graph.outputs[at]!;
    graph.outputs.splice(at, 1);
    const before = graph.input(sumInput(gradient.parameter), own.dtype, own.dims);
    const total = graph.output(op.add(graph, before, own), `total.${gradient.parameter}`);
    return { ...gradient, output: total.name };
  });
  return { graph, gradients: summed, ...rest };
}
