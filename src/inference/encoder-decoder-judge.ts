/** How likely a given text is, from an encoder and a decoder in sessions of their own: the text goes through in one pass. */
import { RankscopeError } from '../errors.ts';
import { DECODER_OUTPUT, ENCODER_OUTPUT, LOG_PROBABILITIES, TARGETS } from '../t5/text-graphs-io.ts';
import type { TokenBatch } from './label-model.ts';
import type { Feeds, Runtime, RuntimeSession, RuntimeTensor } from './runtime.ts';

/** Makes tensors of ids and masks. */
export type IntTensors = (values: ArrayLike<number>, dims: readonly number[]) => RuntimeTensor;

export interface PairSessions {
  readonly runtime: Pick<Runtime, 'tensor'>;
  readonly ints: IntTensors;
  readonly encoder: RuntimeSession;
  readonly decoder: RuntimeSession;
  /** What a decoder with a past wants where there is none; nothing for one that knows none. */
  readonly withoutPast: (rows: number) => Feeds;
}

export const intTensors =
  (runtime: Pick<Runtime, 'tensor'>, type: 'int32' | 'int64' = 'int64'): IntTensors =>
  (values, dims) =>
    type === 'int32'
      ? runtime.tensor('int32', Int32Array.from(values), dims)
      : runtime.tensor('int64', BigInt64Array.from(Array.from(values), BigInt), dims);

/** Positions of the decoder that run together: each has logits over the vocabulary, 32,128 floats for most T5s. */
const POSITIONS = 512;

/** Logarithms of the targets' probabilities: what a decoder says of some rows after `said`. */
type Judge = (feeds: Feeds, rows: number, said: readonly number[]) => Promise<Float32Array[]>;

/** As `LabelModel.judge`. */
export async function judge(
  sessions: PairSessions,
  { ids, mask, rows, length }: TokenBatch,
  start: readonly number[],
  target: readonly number[],
): Promise<Float32Array[]> {
  const { ints, encoder, decoder, withoutPast } = sessions;
  const { [ENCODER_OUTPUT]: states } = await encoder.run(
    { input_ids: ints(ids, [rows, length]), attention_mask: ints(mask, [rows, length]) },
    [ENCODER_OUTPUT],
  );
  const said = [...start, ...target.slice(0, -1)];
  const most = Math.max(1, Math.floor(POSITIONS / said.length));
  const run = decoder.inputNames.includes(TARGETS) ? ownJudge(sessions, target) : byLogits(sessions, target);
  const found: Float32Array[] = [];
  try {
    for (let from = 0; from < rows; from += most) {
      const to = Math.min(rows, from + most);
      const feeds = {
        ...withoutPast(to - from),
        input_ids: ints(new Array<readonly number[]>(to - from).fill(said).flat(), [to - from, said.length]),
        encoder_attention_mask: ints(mask.subarray(from * length, to * length), [to - from, length]),
        encoder_hidden_states: rowsOf(sessions, states!, from, to),
      };
      found.push(...(await run(feeds, to - from, said)));
    }
  } finally {
    states!.dispose?.();
  }
  return found;
}

/** A decoder of ours says it itself; before the text it is asked for any token. */
const ownJudge =
  ({ ints, decoder }: PairSessions, target: readonly number[]): Judge =>
  async (feeds, rows, { length: steps }) => {
    const before = steps - target.length;
    const wanted = ints([...new Array<number>(before).fill(0), ...target], [steps]);
    const { [LOG_PROBABILITIES]: answer } = await decoder.run({ ...feeds, [TARGETS]: wanted }, [
      LOG_PROBABILITIES,
    ]);
    const values = answer!.data as Float32Array;
    const found = Array.from({ length: rows }, (_, r) => values.slice(r * steps + before, (r + 1) * steps));
    answer!.dispose?.();
    return found;
  };

/** From logits over the vocabulary. */
const byLogits =
  ({ decoder }: PairSessions, target: readonly number[]): Judge =>
  async (feeds, rows, { length: steps }) => {
    const { [DECODER_OUTPUT]: answer } = await decoder.run(feeds, [DECODER_OUTPUT]);
    const logits = checkedLogits(answer!, rows, steps);
    const vocabulary = answer!.dims[2]!;
    checkKnown(target, vocabulary);
    const before = steps - target.length;
    const found = Array.from({ length: rows }, (_, r) =>
      Float32Array.from(target, (token, k) => {
        const at = (r * steps + before + k) * vocabulary;
        return logits[at + token]! - sumOfExponentials(logits.subarray(at, at + vocabulary));
      }),
    );
    answer!.dispose?.();
    return found;
  };

/** Rows [from, to) of a tensor, over the same numbers. */
function rowsOf({ runtime }: PairSessions, tensor: RuntimeTensor, from: number, to: number): RuntimeTensor {
  const [rows, ...dims] = tensor.dims;
  if (from === 0 && to === rows) return tensor;
  const size = dims.reduce((product, dim) => product * dim, 1);
  const own = (tensor.data as Float32Array).subarray(from * size, to * size);
  return runtime.tensor('float32', own, [to - from, ...dims]);
}

/**
 * Logits [rows, steps, vocabulary]: the tensor's own memory.
 * @throws RankscopeError 'bad-checkpoint' where they have another shape
 */
export function checkedLogits({ data, dims }: RuntimeTensor, rows: number, steps: number): Float32Array {
  const vocabulary = dims[2] ?? 0;
  const found = data instanceof Float32Array ? data : undefined;
  if (!found || dims[0] !== rows || dims[1] !== steps || found.length !== rows * steps * vocabulary) {
    throw new RankscopeError(
      'bad-checkpoint',
      `The decoder answered with ${found ? `a tensor [${dims.join(', ')}]` : 'numbers that are not fp32'}; logits [${rows}, ${steps}, vocabulary] in fp32 are expected.`,
    );
  }
  return found;
}

/** @throws RankscopeError 'bad-checkpoint' where a token is asked for that the decoder has no logit of */
export function checkKnown(ids: ArrayLike<number>, vocabulary: number): void {
  const beyond = Array.from(ids).find((id) => id >= vocabulary);
  if (beyond === undefined) return;
  throw new RankscopeError(
    'bad-checkpoint',
    `The decoder knows ${vocabulary} tokens, and a label is token ${beyond}: tokenizer.json is not of this model.`,
  );
}

/** log Σ exp(x), with the largest taken out first so that nothing overflows. */
export function sumOfExponentials(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}
