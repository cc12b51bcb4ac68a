/**
 * Text from an encoder and a decoder in sessions of their own, token by token: the encoder runs once. A merged decoder
 * also keeps keys and values of what has been read and said (key-value cache), so that a new token costs one position;
 * one without a past is given all that has been said again.
 */
import { DECODER_OUTPUT, ENCODER_OUTPUT, PAST, PRESENT, TARGETS } from '../t5/text-graphs-io.ts';
import type { PairSessions } from './encoder-decoder-judge.ts';
import type { TokenBatch, TokenWriter } from './label-model.ts';
import type { Feeds, RuntimeTensor } from './runtime.ts';

export interface WriterParts extends PairSessions {
  /** What a merged decoder wants to be told. */
  readonly usesPast: (yes: boolean) => Feeds;
  /** Logits at the last of `steps` positions, [rows, vocabulary], copied. @throws where they have another shape */
  readonly lastLogits: (logits: RuntimeTensor, rows: number, steps: number) => Float32Array;
}

export async function startWriting(
  { ints, encoder, decoder, withoutPast, usesPast, lastLogits }: WriterParts,
  { ids, mask, rows, length }: TokenBatch,
  start: readonly number[],
): Promise<TokenWriter> {
  const attention = ints(mask, [rows, length]);
  const { [ENCODER_OUTPUT]: states } = await encoder.run(
    { input_ids: ints(ids, [rows, length]), attention_mask: attention },
    [ENCODER_OUTPUT],
  );
  const shared = { encoder_attention_mask: attention, encoder_hidden_states: states! };
  const pastNames = decoder.inputNames.filter((name) => name.startsWith(PAST));
  const hasPast = pastNames.length > 0;
  /** What a decoder that judges wants where nothing is judged. */
  const unjudged = (steps: number): Feeds =>
    decoder.inputNames.includes(TARGETS) ? { [TARGETS]: ints(new Int32Array(steps), [steps]) } : {};
  /** By the name of the input; of the encoder's side as the first run gave them, later runs give none. */
  const past = new Map<string, RuntimeTensor>();
  const said = Array.from({ length: rows }, () => [...start]);

  /** Runs the decoder on the newest `steps` tokens of every row. */
  async function run(steps: number): Promise<Float32Array> {
    const isFirst = past.size === 0;
    const feeds: Feeds = {
      ...shared,
      ...(isFirst ? withoutPast(rows) : { ...Object.fromEntries(past), ...usesPast(true) }),
      ...unjudged(steps),
      input_ids: ints(
        said.flatMap((row) => row.slice(-steps)),
        [rows, steps],
      ),
    };
    const kept = pastNames.filter((name) => isFirst || name.includes('.decoder.'));
    const presentOf = (name: string) => name.replace(PAST, PRESENT);
    const out = await decoder.run(feeds, [DECODER_OUTPUT, ...kept.map(presentOf)]);
    for (const name of kept) {
      past.get(name)?.dispose?.();
      past.set(name, out[presentOf(name)]!);
    }
    const answer = out[DECODER_OUTPUT]!;
    const logits = lastLogits(answer, rows, steps);
    answer.dispose?.();
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
