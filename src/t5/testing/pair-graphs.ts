/**
 * A T5 as two graphs with the inputs and outputs of transformers.js' layout, for tests and benches that have no export of
 * its own at hand: `encoder_model` and `decoder_model` in fp32, q8 or q4 blocks. Two things differ from optimum's export:
 * all rows have the first row's prefix, and every position of `logits` holds those of the last.
 */
import { encodeModel } from '../../onnx/encode.ts';
import { Graph } from '../../onnx/graph.ts';
import * as op from '../../onnx/ops.ts';
import { blockForm, fp32Form } from '../forms.ts';
import { decoder, encoder, memoryOf, paddingBias } from '../forward.ts';
import { inferenceParts, weightsInMemory } from '../parts.ts';
import type { T5Model } from '../weights.ts';

export function pairGraphs(model: T5Model, dtype: 'fp32' | 'q8' | 'q4') {
  const form = dtype === 'fp32' ? fp32Form : blockForm(dtype === 'q8' ? 8 : 4);
  return { encoder: encoderGraph(), decoder: decoderGraph() };

  function encoderGraph(): Uint8Array<ArrayBuffer> {
    const g = new Graph();
    const ids = op.cast(g, g.input('input_ids', 'int64', ['B', 'L']), 'int32');
    const mask = op.cast(g, g.input('attention_mask', 'int64', ['B', 'L']), 'int32');
    const parts = inferenceParts(g, model.config, weightsInMemory(model.weights), form);
    g.output(encoder(g, model.config, parts, ids, paddingBias(g, mask)), 'last_hidden_state');
    return encodeModel(g, {});
  }

  function decoderGraph(): Uint8Array<ArrayBuffer> {
    const g = new Graph();
    const prefixes = op.cast(g, g.input('input_ids', 'int64', ['B', 'P']), 'int32');
    const mask = op.cast(g, g.input('encoder_attention_mask', 'int64', ['B', 'L']), 'int32');
    const states = g.input('encoder_hidden_states', 'float32', ['B', 'L', model.config.dModel]);
    const parts = inferenceParts(g, model.config, weightsInMemory(model.weights), form);
    const prefix = op.gather(g, prefixes, op.intScalar(g, 0), 0);
    const memory = memoryOf(g, states, paddingBias(g, mask));
    const state = decoder(g, model.config, parts, prefix, memory);
    const everyId = op.range(g, op.shape(g, [model.config.vocabSize]), model.config.vocabSize);
    const logits = op.gemm(g, state, parts.head(g, everyId), { transB: true });
    const shape = op.concat(g, [op.dimOf(g, states, 0), op.dimOf(g, prefixes, 1), op.shape(g, [1])], 0);
    const dims = ['B', 'P', model.config.vocabSize];
    g.output(g.node1('Expand', [op.unsqueeze(g, logits, [1]), shape], { dtype: 'float32', dims }), 'logits');
    return encodeModel(g, {});
  }
}
