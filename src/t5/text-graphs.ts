/**
 * The encoder and the decoder of a fused scorer as two graphs, for likelihoods and text: the encoder reads a prompt once,
 * and a decoder judges a whole text in one pass or writes one token a step. The constants are those of the scorer's file
 * (or lie where its own lie, beside it): checkpoints need no other file for this.
 *
 * Encoder `input_ids`, `attention_mask` [B, L] int32 → `last_hidden_state` [B, L, D].
 * Decoder `input_ids` [B, P] int32, `encoder_attention_mask` [B, L] int32, `encoder_hidden_states` [B, L, D],
 *         `target_ids` [P] int32, `past_key_values.N.decoder.key|value` [B, H, T, d]
 *         → `logits` [B, P, vocabulary], `log_probabilities` [B, P] of the targets, `present.N.decoder.key|value`
 *         [B, H, T + P, d].
 *
 * Keys and values are kept for self-attention alone. Cross-attention goes to the encoder's states, as in the scorer
 * (forward.ts): their projections cost as much as about d_kv steps save, more than most texts have, and as much memory
 * in each layer as the states take once for all.
 */
import { type ExternalPlace, encodeModel } from '../onnx/encode.ts';
import { Graph, type Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';
import { readConstants, type StoredConstant } from '../onnx/stored-constants.ts';
import { float32, sizeOf, type TensorData } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { causalBiasOf, decoderBlock, encoder, headInput, memoryOf, paddingBias } from './forward.ts';
import { parameterShapes } from './names.ts';
import { inferenceParts, type MatrixForm, type WeightSource } from './parts.ts';
import { formOf, type ScorerDtype } from './scorer-graph.ts';
import {
  DECODER_INPUTS,
  DECODER_OUTPUT,
  ENCODER_INPUTS,
  ENCODER_OUTPUT,
  LOG_PROBABILITIES,
  PAST,
  PRESENT,
  TARGETS,
} from './text-graphs-io.ts';

/** Two model files; their large constants lie beside them where the scorer's do. */
export interface TextGraphs {
  readonly encoder: Uint8Array<ArrayBuffer>;
  readonly decoder: Uint8Array<ArrayBuffer>;
}

/**
 * @param scorer the bytes of a fused scorer of this config and dtype
 * @throws RangeError naming a constant that the scorer lacks or has in another shape: it was laid out in another way
 */
export function textGraphs(config: T5Config, dtype: ScorerDtype, scorer: Uint8Array): TextGraphs {
  const { constants, metadata } = readConstants(scorer);
  const narrow = metadata['rankscope.narrow'] === 'activations' ? 'activations' : 'weights';
  const form = formOf(dtype, narrow);
  const encoded = (graph: Graph) => encodeModel(graph, {}, fill(graph, config, constants));
  return { encoder: encoded(encoderGraph(config, form)), decoder: encoded(decoderGraph(config, form)) };
}

function encoderGraph(config: T5Config, form: MatrixForm): Graph {
  const g = new Graph();
  const [idsName, maskName] = ENCODER_INPUTS;
  const ids = g.input(idsName, 'int32', ['B', 'L']);
  const mask = g.input(maskName, 'int32', ['B', 'L']);
  // The head is the decoder's.
  const parts = inferenceParts(g, { ...config, tiedHead: true }, shapesOf(config), form);
  g.output(encoder(g, config, parts, ids, paddingBias(g, mask)), ENCODER_OUTPUT);
  return g;
}

function decoderGraph(config: T5Config, form: MatrixForm): Graph {
  const g = new Graph();
  const { dModel, numHeads, dKv, decoderLayers } = config;
  const [idsName, maskName, statesName] = DECODER_INPUTS;
  const ids = g.input(idsName, 'int32', ['B', 'P']);
  const mask = g.input(maskName, 'int32', ['B', 'L']);
  const states = g.input(statesName, 'float32', ['B', 'L', dModel]);
  const targets = g.input(TARGETS, 'int32', ['P']);
  const pasts = Array.from({ length: decoderLayers }, (_, block) =>
    (['key', 'value'] as const).map((kind) =>
      g.input(`${PAST}${block}.decoder.${kind}`, 'float32', ['B', numHeads, 'T', dKv]),
    ),
  );
  const parts = inferenceParts(g, config, shapesOf(config), form);
  const memory = memoryOf(g, states, paddingBias(g, mask));
  const said = op.dimOf(g, pasts[0]![0]!, 2);
  const fresh = op.range(g, op.dimOf(g, ids, 1), 'P');
  const queries = op.add(g, fresh, op.cast(g, said, 'int32'));
  const keys = op.range(g, op.add(g, said, op.dimOf(g, ids, 1)), 'T+P');
  const bias = op.add(g, parts.biasBetween('decoder', queries, keys), causalBiasOf(g, queries, keys));
  let x = parts.embed(ids);
  for (const [block, past] of pasts.entries()) {
    x = decoderBlock(g, config, parts, x, bias, memory, block, (key, value) => [
      g.output(op.concat(g, [past[0]!, key], 2), `${PRESENT}${block}.decoder.key`),
      g.output(op.concat(g, [past[1]!, value], 2), `${PRESENT}${block}.decoder.value`),
    ]);
  }
  const state = headInput(g, config, parts, x);
  // What follows takes the output, so that the runtime need not copy it.
  const logits = g.output(parts.headProduct(state), DECODER_OUTPUT);
  const own = op.reduceSum(g, op.mul(g, state, parts.headRows(targets)), [-1], false);
  g.output(op.sub(g, own, logSumExp(g, logits)), LOG_PROBABILITIES);
  return g;
}

/**
 * log Σ exp(x) over the last axis: the largest x has the probability exp(x − log Σ), at least 1 / n, which does not
 * underflow. ReduceLogSumExp takes several times as long on CPUs.
 */
function logSumExp(g: Graph, x: Value): Value {
  const largest = op.reduceMax(g, op.softmax(g, x), [-1], false);
  return op.sub(g, op.reduceMax(g, x, [-1], false), op.log(g, largest));
}

/** Shapes of the weights; `fill` gives the numbers. */
function shapesOf(config: T5Config): WeightSource {
  const shapes = parameterShapes(config);
  return {
    small(name) {
      const dims = shapes.get(name)!;
      return float32(dims, new Float32Array(sizeOf(dims)));
    },
    matrix(names) {
      const [, columns] = shapes.get(names[0]!)!;
      return {
        name: names[0]!,
        rows: names.reduce((sum, name) => sum + shapes.get(name)![0]!, 0),
        columns: columns!,
        data: {
          later: (g, wanted) => wanted.map(({ hint, dtype, dims }) => g.pendingConstant(hint, dtype, dims)),
        },
      };
    },
  };
}

/** Gives every weight of a graph what the scorer's file has under its name; returns where those beside the file lie. */
function fill(
  graph: Graph,
  config: T5Config,
  stored: ReadonlyMap<string, StoredConstant>,
): ReadonlyMap<string, ExternalPlace> {
  const parameters = parameterShapes(config);
  const places = new Map<string, ExternalPlace>();
  for (const [name, { dtype, dims }] of [...graph.initializers()]) {
    if (!parameters.has(name.replace(/\.scale$/, ''))) continue;
    const found = stored.get(name);
    if (!found || found.dtype !== dtype || found.dims.join() !== dims.join()) {
      const has = found ? `has it as ${found.dtype} [${found.dims.join(', ')}]` : 'lacks it';
      throw new RangeError(`${name} should be ${dtype} [${dims.join(', ')}]; the scorer ${has}`);
    }
    if (!ArrayBuffer.isView(found.stored)) {
      graph.constants.delete(name);
      graph.pending.set(name, { dtype, dims });
      places.set(name, found.stored);
    } else if (graph.pending.has(name)) {
      graph.fulfil(name, found.stored);
    } else {
      graph.constants.set(name, { dtype, dims, data: found.stored } as TensorData);
    }
  }
  return places;
}
