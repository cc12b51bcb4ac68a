/**
 * A T5 as transformers.js and optimum lay it out, as a LabelModel: one session for the encoder, one for the decoder. The
 * encoder runs once and the decoder one step over the whole prefix; of its logits over the vocabulary the labels' are kept.
 * A fused scorer is held like this, too, while texts are judged and written (fused-model.ts).
 */
import { DECODER_INPUTS, DECODER_OUTPUT, ENCODER_OUTPUT, PAST } from '../t5/text-graphs-io.ts';
import { checkedLogits, checkKnown, intTensors, judge, sumOfExponentials } from './encoder-decoder-judge.ts';
import { startWriting } from './encoder-decoder-writer.ts';
import type { LabelAnswer, LabelCall, LabelModel, TokenBatch, TokenWriter } from './label-model.ts';
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
  /** Type of ids and masks: optimum's exports take int64, the default. */
  readonly ints?: 'int32' | 'int64';
}

/** What a merged decoder has besides, and nothing else may have. */
const CACHE_BRANCH = 'use_cache_branch';

/** Inputs of a decoder that nothing is known of: such a graph is of another kind. */
export const unknownDecoderInputs = ({ inputNames }: RuntimeSession): string[] =>
  inputNames.filter(
    (name) =>
      !(DECODER_INPUTS as readonly string[]).includes(name) &&
      name !== CACHE_BRANCH &&
      !name.startsWith(PAST),
  );

/** Reads a prompt once for a whole text. */
export interface EncoderDecoderModel extends LabelModel {
  judge(batch: TokenBatch, start: readonly number[], target: readonly number[]): Promise<Float32Array[]>;
  write(batch: TokenBatch, start: readonly number[]): Promise<TokenWriter>;
}

export function encoderDecoderModel({
  runtime,
  encoder,
  decoder,
  ...parts
}: EncoderDecoderParts): EncoderDecoderModel {
  const ints = intTensors(runtime, parts.ints);
  const past = decoder.inputNames.filter((name) => name.startsWith(PAST));
  /** What a merged decoder wants where there is no past. */
  const withoutPast = (rows: number): Feeds => {
    if (past.length === 0) return {};
    const none = runtime.tensor('float32', new Float32Array(0), [rows, parts.heads, 0, parts.headSize]);
    return { ...Object.fromEntries(past.map((name) => [name, none])), ...usesPast(false) };
  };
  const usesPast = (yes: boolean): Feeds =>
    decoder.inputNames.includes(CACHE_BRANCH)
      ? { [CACHE_BRANCH]: runtime.tensor('bool', Uint8Array.of(yes ? 1 : 0), [1]) }
      : {};
  const sessions = { runtime, ints, encoder, decoder, withoutPast };
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
    judge: (batch, start, target) => judge(sessions, batch, start, target),
    write: (batch, start) =>
      startWriting(
        {
          ...sessions,
          usesPast,
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
  checkKnown(labelIds, vocabulary);
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

/** Logits at the last of `steps` positions, [rows, vocabulary]; where there is one position the tensor's own memory. */
function lastRows(tensor: RuntimeTensor, rows: number, steps: number): Float32Array {
  const found = checkedLogits(tensor, rows, steps);
  const vocabulary = tensor.dims[2]!;
  if (steps === 1) return found;
  const last = new Float32Array(rows * vocabulary);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * steps * vocabulary;
    last.set(found.subarray(end - vocabulary, end), row * vocabulary);
  }
  return last;
}
