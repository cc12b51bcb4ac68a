/**
 * A T5 as two graphs with the inputs and outputs of transformers.js' layout, for tests and benches that have no export of
 * its own at hand: `encoder_model` and `decoder_model` (without a past) in fp32, q8 or q4 blocks.
 */
import { encodeModel } from '../../onnx/encode.ts';
import { Graph } from '../../onnx/graph.ts';
import * as op from '../../onnx/ops.ts';
import { blockForm, fp32Form } from '../forms.ts';
import { causalBiasOf, decoderBlock, encoder, headInput, memoryOf, paddingBias } from '../forward.ts';
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
    const memory = memoryOf(g, states, paddingBias(g, mask));
    const positions = op.range(g, op.dimOf(g, prefixes, 1), 'P');
    const bias = op.add(
      g,
      parts.biasBetween('decoder', positions, positions),
      causalBiasOf(g, positions, positions),
    );
    let x = parts.embed(prefixes);
    for (let block = 0; block < model.config.decoderLayers; block++)
      x = decoderBlock(g, model.config, parts, x, bias, memory, block);
    g.output(parts.headProduct(headInput(g, model.config, parts, x)), 'logits');
    return encodeModel(g, {});
  }
}
