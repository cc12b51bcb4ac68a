/**
 * A T5 as transformers.js and optimum lay it out, as a LabelModel: one session for the encoder, one for the decoder. The
 * encoder runs once and the decoder one step over the whole prefix; of its logits over the vocabulary the labels' are kept.
 */
import { RankscopeError } from '../errors.ts';
import { startWriting } from './encoder-decoder-writer.ts';
import type { LabelAnswer, LabelCall, LabelModel } from './label-model.ts';
import type { Feeds, Runtime, RuntimeSession, RuntimeTensor } from './runtime.ts';

export interface EncoderDecoderParts {
  readonly runtime: Pick<Runtime, 'tensor'>;
  readonly encoder: RuntimeSession;
  /** `decoder_model` (no past), or `decoder_model_merged` (asked for its branch without past). */
  readonly decoder: RuntimeSession;
  /** Of config.json: the shape of the empty past that a merged decoder wants. */
  readonly heads: number;
  readonly headSize: number;
  /** For activations that are scaled per tensor (LabelModel). */
  readonly alone?: boolean;
}

export const ENCODER_INPUTS = ['input_ids', 'attention_mask'] as const;
export const ENCODER_OUTPUT = 'last_hidden_state';
export const DECODER_INPUTS = ['input_ids', 'encoder_attention_mask', 'encoder_hidden_states'] as const;
export const DECODER_OUTPUT = 'logits';
/** What a merged decoder has besides, and nothing else may have. */
const CACHE_BRANCH = 'use_cache_branch';
const PAST = 'past_key_values.';

/** Inputs of a decoder that nothing is known of: such a graph is of another kind. */
export const unknownDecoderInputs = ({ inputNames }: RuntimeSession): string[] =>
  inputNames.filter(
    (name) =>
      !(DECODER_INPUTS as readonly string[]).includes(name) &&
      name !== CACHE_BRANCH &&
      !name.startsWith(PAST),
  );

export function encoderDecoderModel({
  runtime,
  encoder,
  decoder,
  ...parts
}: EncoderDecoderParts): LabelModel {
  const ints = (values: Int32Array, dims: readonly number[]) =>
    runtime.tensor('int64', BigInt64Array.from(values, BigInt), dims);
  const past = decoder.inputNames.filter((name) => name.startsWith(PAST));
  /** What a merged decoder wants where there is no past. */
  const withoutPast = (rows: number): Feeds => {
    if (!decoder.inputNames.includes(CACHE_BRANCH)) return {};
    const none = runtime.tensor('float32', new Float32Array(0), [rows, parts.heads, 0, parts.headSize]);
    return {
      ...Object.fromEntries(past.map((name) => [name, none])),
      [CACHE_BRANCH]: runtime.tensor('bool', Uint8Array.of(0), [1]),
    };
  };
  return {
    alone: parts.alone,
    begin(call) {
      const prefix = call.decoderIds;
      return ({ ids, mask, rows, length }) => {
        const attention = ints(mask, [rows, length]);
        const encoderFeeds = { input_ids: ints(ids, [rows, length]), attention_mask: attention };
        const prefixes = Int32Array.from(
          { length: rows * prefix.length },
          (_, i) => prefix[i % prefix.length]!,
        );
        const decoderFeeds = {
          ...withoutPast(rows),
          input_ids: ints(prefixes, [rows, prefix.length]),
          encoder_attention_mask: attention,
        };
        return async (): Promise<LabelAnswer> => {
          const { [ENCODER_OUTPUT]: states } = await encoder.run(encoderFeeds, [ENCODER_OUTPUT]);
          try {
            const feeds = { ...decoderFeeds, encoder_hidden_states: states! };
            const { [DECODER_OUTPUT]: logits } = await decoder.run(feeds, [DECODER_OUTPUT]);
            const answer = labelRows(logits!, rows, call);
            logits!.dispose?.();
            return { ...answer, dispose: () => {} };
          } finally {
            states!.dispose?.();
          }
        };
      };
    },
    write: (batch, start) =>
      startWriting(
        {
          runtime,
          encoder,
          decoder,
          withoutPast,
          lastLogits: (logits, rows, steps) => lastRows(logits, rows, steps).slice(),
        },
        batch,
        start,
      ),
    async release() {
      await encoder.release();
      await decoder.release();
    },
  };
}

/** The labels' logits at the last position, copied, and what the vocabulary's exponentials sum to. */
function labelRows(
  tensor: RuntimeTensor,
  rows: number,
  { labelIds, decoderIds, logSumExp }: LabelCall,
): Omit<LabelAnswer, 'dispose'> {
  const found = lastRows(tensor, rows, decoderIds.length);
  const vocabulary = found.length / rows;
  const beyond = labelIds.find((id) => id >= vocabulary);
  if (beyond !== undefined) {
    throw new RankscopeError(
      'bad-checkpoint',
      `The decoder knows ${vocabulary} tokens, and a label is token ${beyond}: tokenizer.json is not of this model.`,
    );
  }
  const last = (row: number) => found.subarray(row * vocabulary, (row + 1) * vocabulary);
  const logits = new Float32Array(rows * labelIds.length);
  for (let r = 0; r < rows; r++) {
    for (const [k, id] of labelIds.entries()) logits[r * labelIds.length + k] = last(r)[id]!;
  }
  return {
    logits,
    logSumExp: logSumExp
      ? Float32Array.from({ length: rows }, (_, r) => sumOfExponentials(last(r)))
      : undefined,
  };
}

/**
 * Logits at the last of `steps` positions, [rows, vocabulary]; where there is one position the tensor's own memory.
 * @throws RankscopeError 'bad-checkpoint' where they have another shape
 */
function lastRows({ data, dims }: RuntimeTensor, rows: number, steps: number): Float32Array {
  const vocabulary = dims[2] ?? 0;
  const found = data instanceof Float32Array ? data : undefined;
  if (!found || dims[0] !== rows || dims[1] !== steps || found.length !== rows * steps * vocabulary) {
    throw new RankscopeError(
      'bad-checkpoint',
      `The decoder answered with ${found ? `a tensor [${dims.join(', ')}]` : 'numbers that are not fp32'}; logits [${rows}, ${steps}, vocabulary] in fp32 are expected.`,
    );
  }
  if (steps === 1) return found;
  const last = new Float32Array(rows * vocabulary);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * steps * vocabulary;
    last.set(found.subarray(end - vocabulary, end), row * vocabulary);
  }
  return last;
}

/** log Σ exp(x), with the largest taken out first so that nothing overflows. */
function sumOfExponentials(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}
