/**
 * Text from an encoder and a decoder in sessions of their own, token by token: the encoder runs once. A merged decoder
 * also keeps keys and values of what has been read and said (key-value cache), so that a new token costs one position;
 * one without a past is given all that has been said again.
 */
import type { TokenBatch, TokenWriter } from './label-model.ts';
import type { Feeds, Runtime, RuntimeSession, RuntimeTensor } from './runtime.ts';

export interface WriterParts {
  readonly runtime: Pick<Runtime, 'tensor'>;
  readonly encoder: RuntimeSession;
  readonly decoder: RuntimeSession;
  /** What a merged decoder wants where there is no past; nothing for one that knows none. */
  readonly withoutPast: (rows: number) => Feeds;
  /** Logits at the last of `steps` positions, [rows, vocabulary], copied. @throws where they have another shape */
  readonly lastLogits: (logits: RuntimeTensor, rows: number, steps: number) => Float32Array;
}

const PAST = 'past_key_values.';
const PRESENT = 'present.';

export async function startWriting(
  { runtime, encoder, decoder, withoutPast, lastLogits }: WriterParts,
  { ids, mask, rows, length }: TokenBatch,
  start: readonly number[],
): Promise<TokenWriter> {
  const ints = (values: ArrayLike<number>, dims: readonly number[]) =>
    runtime.tensor('int64', BigInt64Array.from(Array.from(values), BigInt), dims);
  const attention = ints(mask, [rows, length]);
  const { last_hidden_state: states } = await encoder.run(
    { input_ids: ints(ids, [rows, length]), attention_mask: attention },
    ['last_hidden_state'],
  );
  const shared = { encoder_attention_mask: attention, encoder_hidden_states: states! };
  const hasPast = 'use_cache_branch' in withoutPast(rows);
  const pastNames = hasPast ? decoder.inputNames.filter((name) => name.startsWith(PAST)) : [];
  /** By the name of the input; of the encoder's side as the first run gave them, later runs give none. */
  const past = new Map<string, RuntimeTensor>();
  const said = Array.from({ length: rows }, () => [...start]);

  /** Runs the decoder on the newest `steps` tokens of every row. */
  async function run(steps: number): Promise<Float32Array> {
    const isFirst = past.size === 0;
    const feeds: Feeds = {
      ...shared,
      ...(isFirst
        ? withoutPast(rows)
        : { ...Object.fromEntries(past), use_cache_branch: runtime.tensor('bool', Uint8Array.of(1), [1]) }),
      input_ids: ints(
        said.flatMap((row) => row.slice(-steps)),
        [rows, steps],
      ),
    };
    const kept = pastNames.filter((name) => isFirst || name.includes('.decoder.'));
    const presentOf = (name: string) => name.replace(PAST, PRESENT);
    const out = await decoder.run(feeds, ['logits', ...kept.map(presentOf)]);
    for (const name of kept) {
      past.get(name)?.dispose?.();
      past.set(name, out[presentOf(name)]!);
    }
    const logits = lastLogits(out.logits!, rows, steps);
    out.logits!.dispose?.();
    return logits;
  }

  return {
    logits: await run(start.length),
    next(tokens) {
      for (const [row, token] of tokens.entries()) said[row]!.push(token);
      return run(hasPast ? 1 : said[0]!.length);
    },
    dispose() {
      states!.dispose?.();
      for (const value of past.values()) value.dispose?.();
    },
  };
}
