/** The weights of one T5, by Hugging Face's names, complete and of the right shapes. */
import { RankscopeError } from '../errors.ts';
import type { TensorData } from '../onnx/tensor.ts';
import { parseT5Config, type T5Config } from './config.ts';
import { HEAD, parameterShapes, SHARED } from './names.ts';

export type WeightMap = ReadonlyMap<string, TensorData<'float32'>>;

export interface T5Model {
  readonly config: T5Config;
  readonly weights: WeightMap;
}

/** A T5 whose weights are had one at a time: in memory, or read when asked for. */
export interface ReadableT5 {
  readonly config: T5Config;
  /** All numbers of a parameter (names.ts), row-major. */
  read(name: string): Promise<Float32Array>;
}

/** A model in memory as one that is read. */
export function readable({ config, weights }: T5Model): ReadableT5 {
  return { config, read: async (name) => weights.get(name)!.data };
}

/**
 * Joins a parsed config.json and the tensors of a checkpoint. Whether the head is tied is read from
 * the tensors (transformers 5 writes `tie_word_embeddings: true` beside an untied head).
 * @throws RankscopeError 'bad-checkpoint' naming the first parameter that is missing or misshapen.
 */
export function makeT5(configJson: unknown, tensors: WeightMap, source: string): T5Model {
  const config = parseT5Config(configJson, `${source}config.json`, tensors.has(HEAD));
  const weights = new Map<string, TensorData<'float32'>>();
  for (const [name, shape] of parameterShapes(config)) {
    const found = parameterOf(tensors, name);
    if (!found) {
      throw new RankscopeError(
        'bad-checkpoint',
        `${source}: the weights lack ${name}; is this a T5 checkpoint?`,
      );
    }
    if (found.dims.length !== shape.length || found.dims.some((dim, i) => dim !== shape[i])) {
      throw new RankscopeError(
        'bad-checkpoint',
        `${source}: ${name} has shape [${found.dims.join(', ')}], config.json asks for [${shape.join(', ')}].`,
      );
    }
    weights.set(name, found);
  }
  return { config, weights };
}

/** A parameter's tensor. Some exports keep the shared embedding only under the stacks' names. */
export function parameterOf<T>(tensors: ReadonlyMap<string, T>, name: string): T | undefined {
  const found = tensors.get(name);
  if (found !== undefined || name !== SHARED) return found;
  return tensors.get('encoder.embed_tokens.weight') ?? tensors.get('decoder.embed_tokens.weight');
}
