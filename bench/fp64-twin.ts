/**
 * How far fp32 lies from exact arithmetic on ../shared/reference/hf-t5/flan-small-by-formula: the same
 * graph in fp64 and in fp32, against each other and against Hugging Face's fp32. Sixteen layers of
 * random weights amplify rounding, so that no fp32 implementation can be held to 1e-4 there.
 *
 *   npx tsx bench/fp64-twin.ts
 */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import * as ort from 'onnxruntime-node';
import { encodeModel } from '../src/onnx/encode.ts';
import { type FloatType, Graph, type Value } from '../src/onnx/graph.ts';
import * as op from '../src/onnx/ops.ts';
import { tensor } from '../src/onnx/tensor.ts';
import { parseT5Config } from '../src/t5/config.ts';
import { type T5Parts, t5Scorer } from '../src/t5/forward.ts';
import { parameterShapes, relativeBiasName } from '../src/t5/names.ts';
import { relativeBucket } from '../src/t5/relative-position.ts';
import { formulaWeights } from '../src/t5/testing/formula-weights.ts';

const ROOT = new URL('../../shared/reference/hf-t5/flan-small-by-formula/', import.meta.url).pathname;
const json = (name: string) => JSON.parse(readFileSync(ROOT + name, 'utf8'));
const config = parseT5Config(json('config.json'), 'config.json', true);
const shapes = parameterShapes(config);
const weights = (name: string) => formulaWeights(name, shapes.get(name)!, crc32(name));

interface Case {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly decoder_input_ids: number[];
  readonly label_tokens: number[];
  readonly label_logits: number[][];
}

/** Plain ops only, none of the fused kernels that exist for fp32 alone. */
function plainParts(g: Graph): T5Parts {
  const constant = (name: string) =>
    g.sharedConstant(name, () => {
      const data = weights(name);
      const dims = shapes.get(name)!;
      return g.float === 'float64'
        ? tensor('float64', dims, Float64Array.from(data))
        : tensor('float32', dims, data);
    });
  return {
    embed: (ids) => op.gather(g, constant('shared.weight'), ids),
    headRows: (ids) => op.gather(g, constant('lm_head.weight'), ids),
    linears: (x, names) => names.map((name) => op.matmul(g, x, op.transpose(g, constant(name), [1, 0]))),
    byHead: (name) => op.reshape(g, constant(name), [config.numHeads, config.dKv, config.dModel]),
    norm(x, name) {
      const square = op.reduceMean(g, op.mul(g, x, x), [-1]);
      const root = op.sqrt(g, op.add(g, square, op.scalar(g, config.epsilon)));
      return op.mul(g, op.div(g, x, root), constant(name));
    },
    relativeBias(stack, like) {
      const length = like.dims[1] as number;
      const table = weights(relativeBiasName(stack));
      const options = { ...config, bidirectional: stack === 'encoder' };
      const values: number[] = [];
      for (let head = 0; head < config.numHeads; head++) {
        for (let query = 0; query < length; query++) {
          for (let key = 0; key < length; key++) {
            values.push(table[relativeBucket(key - query, options) * config.numHeads + head]!);
          }
        }
      }
      return g.constant('bias', op.floats(g, [1, config.numHeads, length, length], values));
    },
  };
}

async function logits(item: Case, float: FloatType): Promise<number[]> {
  const g = new Graph({ float });
  const ints: Record<string, ort.Tensor> = {};
  const input = (name: string, values: number[], dims: number[]): Value => {
    ints[name] = new ort.Tensor('int32', Int32Array.from(values), dims);
    return g.input(name, 'int32', dims);
  };
  const dims = [item.input_ids.length, item.input_ids[0]!.length];
  const out = t5Scorer(g, config, plainParts(g), {
    inputIds: input('ids', item.input_ids.flat(), dims),
    attentionMask: input('mask', item.attention_mask.flat(), dims),
    decoderIds: input('prefix', item.decoder_input_ids, [item.decoder_input_ids.length]),
    labelIds: input('labels', item.label_tokens, [item.label_tokens.length]),
  });
  g.output(out.logits, 'logits');
  const session = await ort.InferenceSession.create(encodeModel(g), { intraOpNumThreads: 2 });
  const result = await session.run(ints);
  await session.release();
  return Array.from(result.logits!.data as Float64Array);
}

const worst = (a: readonly number[], b: readonly number[]) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

for (const item of json('cases.json').inference as Case[]) {
  const exact = await logits(item, 'float64');
  const ours = await logits(item, 'float32');
  const theirs = item.label_logits.flat();
  console.log(`${item.input_ids[0]!.length} tokens`);
  console.log(`  Hugging Face fp32 to fp64  ${worst(theirs, exact).toExponential(1)}`);
  console.log(`  ours in fp32 to fp64       ${worst(ours, exact).toExponential(1)}`);
  console.log(`  ours to Hugging Face       ${worst(ours, theirs).toExponential(1)}`);
}
