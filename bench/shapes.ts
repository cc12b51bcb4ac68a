/** The models that the benches train and run, with random weights, whose attention is broad. */
import { float32, sizeOf } from '../src/onnx/tensor.ts';
import { parseT5Config, type T5Config } from '../src/t5/config.ts';
import { seededRandom } from '../src/t5/init-random.ts';
import { parameterShapes } from '../src/t5/names.ts';
import type { T5Model } from '../src/t5/weights.ts';

export interface BenchShape {
  readonly name: string;
  readonly config: T5Config;
  readonly rows: number;
  readonly length: number;
}

/** google/flan-t5-small: 77 million parameters, head of its own; 8 × 256 is the step of issue 4. */
export const flanT5Small: BenchShape = {
  name: 'FLAN-T5-small',
  config: parseT5Config(
    {
      model_type: 't5',
      vocab_size: 32128,
      d_model: 512,
      d_kv: 64,
      d_ff: 1024,
      num_heads: 6,
      num_layers: 8,
      num_decoder_layers: 8,
      feed_forward_proj: 'gated-gelu',
      tie_word_embeddings: false,
    },
    'bench/shapes.ts',
  ),
  rows: 8,
  length: 256,
};

/** google/flan-t5-base: 248 million parameters, head of its own. */
export const flanT5Base: BenchShape = {
  name: 'FLAN-T5-base',
  config: parseT5Config(
    {
      model_type: 't5',
      vocab_size: 32128,
      d_model: 768,
      d_kv: 64,
      d_ff: 2048,
      num_heads: 12,
      num_layers: 12,
      num_decoder_layers: 12,
      feed_forward_proj: 'gated-gelu',
      tie_word_embeddings: false,
    },
    'bench/shapes.ts',
  ),
  rows: 8,
  length: 256,
};

/** The embedded demo model. */
export const embedded: BenchShape = {
  name: 'embedded',
  config: parseT5Config(
    {
      model_type: 't5',
      vocab_size: 8192,
      d_model: 128,
      d_kv: 32,
      d_ff: 512,
      num_heads: 4,
      num_layers: 3,
      num_decoder_layers: 1,
      feed_forward_proj: 'relu',
    },
    'bench/shapes.ts',
  ),
  rows: 32,
  length: 160,
};

/** Weights of the size that training starts from, so that nothing overflows or gets denormal. */
export function randomModel(config: T5Config, seed = 1): T5Model {
  const random = seededRandom(seed);
  const weights = new Map(
    [...parameterShapes(config)].map(([name, dims]) => {
      const isNorm = name.endsWith('norm.weight');
      const size = isNorm ? 0.1 : name === 'shared.weight' ? 1 : 0.5 * dims.at(-1)! ** -0.5;
      // Uniform with this standard deviation: many times faster to draw than normals.
      const reach = size * Math.sqrt(12);
      const data = new Float32Array(sizeOf(dims));
      for (let i = 0; i < data.length; i++) data[i] = (isNorm ? 1 : 0) + reach * (random.uniform() - 0.5);
      return [name, float32(dims, data)] as const;
    }),
  );
  return { config, weights };
}
