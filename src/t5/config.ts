/**
 * T5's `config.json` as Hugging Face writes it (T5Config), reduced to what shapes the graph, with
 * every field checked.
 */
import { RankscopeError } from '../errors.ts';
import { shown } from '../json-text.ts';

export interface T5Config {
  readonly vocabSize: number;
  readonly dModel: number;
  readonly dKv: number;
  readonly dFf: number;
  readonly numHeads: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly buckets: number;
  readonly maxDistance: number;
  readonly epsilon: number;
  /** gated: gelu(x W0) ∘ x W1 (T5 v1.1, FLAN); otherwise act(x W). */
  readonly gated: boolean;
  readonly activation: 'relu' | 'gelu_new';
  /** Head = the shared embedding. Decided by the file that is loaded, not by the config (see `weights.ts`). */
  readonly tiedHead: boolean;
  /** Multiply the decoder's output by d_model^−½ before the head (T5 v1.0). */
  readonly scaledHead: boolean;
  readonly padId: number;
  readonly eosId: number;
  readonly decoderStartId: number;
}

/**
 * Reads a parsed config.json.
 * @param fileName used in error messages.
 * @param hasHead whether the weights hold a separate `lm_head.weight`; when not given the config decides.
 * @throws RankscopeError 'bad-checkpoint' naming the field and what was found.
 */
export function parseT5Config(json: unknown, fileName: string, hasHead?: boolean): T5Config {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new RankscopeError('bad-checkpoint', `${fileName}: expected a JSON object.`);
  }
  const raw = json as Record<string, unknown>;
  if (raw.model_type !== undefined && raw.model_type !== 't5') {
    throw new RankscopeError(
      'bad-checkpoint',
      `${fileName}: model_type is ${shown(raw.model_type)}; Rankscope reads T5 checkpoints (model_type "t5").`,
    );
  }
  const count = (name: string, fallback?: number): number => {
    const value = raw[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 1e7) {
      throw new RankscopeError(
        'bad-checkpoint',
        `${fileName}: ${name} must be a positive whole number, found ${shown(raw[name])}.`,
      );
    }
    return value;
  };
  const vocabSize = count('vocab_size');
  const id = (name: string, fallback: number): number => {
    const value = raw[name] ?? fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < vocabSize) return value;
    throw new RankscopeError(
      'bad-checkpoint',
      `${fileName}: ${name} must be one of the ids from 0 to ${vocabSize - 1} (vocab_size is ${vocabSize}), found ${shown(value)}. Take config.json from the model's own folder.`,
    );
  };
  const { gated, activation } = feedForward(raw.feed_forward_proj ?? 'relu', fileName);
  const declaredTied = raw.tie_word_embeddings !== false;
  const scaled = raw.scale_decoder_outputs;
  const layers = count('num_layers');
  return {
    vocabSize,
    dModel: count('d_model'),
    dKv: count('d_kv'),
    dFf: count('d_ff'),
    numHeads: count('num_heads'),
    encoderLayers: layers,
    decoderLayers: count('num_decoder_layers', layers),
    buckets: count('relative_attention_num_buckets', 32),
    maxDistance: count('relative_attention_max_distance', 128),
    epsilon: epsilonOf(raw.layer_norm_epsilon, fileName),
    gated,
    activation,
    tiedHead: hasHead === undefined ? declaredTied : !hasHead,
    scaledHead: typeof scaled === 'boolean' ? scaled : declaredTied,
    padId: id('pad_token_id', 0),
    eosId: id('eos_token_id', 1),
    decoderStartId: id('decoder_start_token_id', id('pad_token_id', 0)),
  };
}

function epsilonOf(value: unknown, fileName: string): number {
  if (value === undefined || value === null) return 1e-6;
  if (typeof value === 'number' && value >= 0 && value < 1) return value;
  throw new RankscopeError(
    'bad-checkpoint',
    `${fileName}: layer_norm_epsilon must be a small number, found ${shown(value)}.`,
  );
}

function feedForward(value: unknown, fileName: string): Pick<T5Config, 'gated' | 'activation'> {
  switch (value) {
    case 'relu':
      return { gated: false, activation: 'relu' };
    case 'gated-relu':
      return { gated: true, activation: 'relu' };
    // Hugging Face maps "gated-gelu" to gelu_new, whatever dense_act_fn says.
    case 'gated-gelu':
      return { gated: true, activation: 'gelu_new' };
    default:
      throw new RankscopeError(
        'bad-checkpoint',
        `${fileName}: feed_forward_proj ${shown(value)} is not supported (relu, gated-relu, gated-gelu are).`,
      );
  }
}

/** The config.json of a checkpoint that Rankscope writes; readable by Hugging Face transformers. */
export function writeT5Config(config: T5Config): Record<string, unknown> {
  return {
    architectures: ['T5ForConditionalGeneration'],
    model_type: 't5',
    is_encoder_decoder: true,
    vocab_size: config.vocabSize,
    d_model: config.dModel,
    d_kv: config.dKv,
    d_ff: config.dFf,
    num_heads: config.numHeads,
    num_layers: config.encoderLayers,
    num_decoder_layers: config.decoderLayers,
    relative_attention_num_buckets: config.buckets,
    relative_attention_max_distance: config.maxDistance,
    layer_norm_epsilon: config.epsilon,
    feed_forward_proj: `${config.gated ? 'gated-' : ''}${config.activation === 'gelu_new' ? 'gelu' : 'relu'}`,
    tie_word_embeddings: config.tiedHead,
    scale_decoder_outputs: config.scaledHead,
    dropout_rate: 0,
    pad_token_id: config.padId,
    eos_token_id: config.eosId,
    decoder_start_token_id: config.decoderStartId,
    use_cache: true,
  };
}
