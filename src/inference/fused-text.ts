/**
 * Texts of a fused scorer. Its graph has no place for a cache, and asks one position: an encoder and a decoder of the same
 * weights (src/t5/text-graphs.ts) are started when a text is first judged or written, and taken only once they say what the
 * scorer says. They take as much memory again, and the head in fp32; of a model that is too large for that one form is held
 * at a time.
 */
import { messageOf } from '../errors.ts';
import type { T5Config } from '../t5/config.ts';
import { sumOfExponentials } from './encoder-decoder-judge.ts';
import { type EncoderDecoderModel, encoderDecoderModel } from './encoder-decoder-model.ts';
import type { LabelModel, TokenBatch } from './label-model.ts';
import { likelihoodsFromLabels } from './label-text.ts';
import type { ExternalData, Runtime, RuntimeSession } from './runtime.ts';
import type { Dtype } from './scorer.ts';

export interface TextSource {
  readonly config: T5Config;
  readonly dtype: Dtype;
  /** The scorer's file, and what lies beside it. */
  read(): Promise<{ readonly model: Uint8Array; readonly externalData?: readonly ExternalData[] }>;
  /** Starts the scorer again. Where it is given, one form of the model is held at a time. */
  restart?(): Promise<RuntimeSession>;
  /** Told once where texts have to be asked of the scorer: why, as a sentence. */
  onRefused?(why: string): void;
}

/** Texts' model in use: in its other form it is not held before `done`. */
export interface TakenText {
  readonly model: EncoderDecoderModel;
  done(): void;
}

type Scorer = Pick<LabelModel, 'begin'>;

export class FusedText {
  private readonly runtime: Runtime;
  private readonly source: TextSource;
  private readonly scorerOn: (session: RuntimeSession) => Scorer;
  /** Absent only while the other form is held. */
  private scorer: RuntimeSession | undefined;
  private text: EncoderDecoderModel | undefined;
  private checked = false;
  /** It could not be started, or said something else than the scorer. */
  private refused = false;
  private turn: Promise<void> = Promise.resolve();

  /** @param scorerOn the scorer's answers from a session of it */
  constructor(
    runtime: Runtime,
    session: RuntimeSession,
    source: TextSource,
    scorerOn: (session: RuntimeSession) => Scorer,
  ) {
    this.runtime = runtime;
    this.scorer = session;
    this.source = source;
    this.scorerOn = scorerOn;
  }

  async withScorer<T>(work: (session: RuntimeSession) => Promise<T>): Promise<T> {
    if (!this.source.restart && this.scorer) return work(this.scorer);
    const done = await this.mine();
    try {
      return await work(await this.scorerHeld());
    } finally {
      done();
    }
  }

  /** undefined where texts have to be asked of the scorer. */
  async take(): Promise<TakenText | undefined> {
    if (this.refused) return undefined;
    const done = await this.mine();
    try {
      const model = await this.textHeld();
      // Where both are held nobody has to wait until this one is done.
      if (!model || !this.source.restart) done();
      return model && { model, done };
    } catch (error) {
      done();
      throw error;
    }
  }

  /** Neither form can be used afterwards. */
  async release(): Promise<void> {
    const done = await this.mine();
    const { text, scorer } = this;
    this.text = undefined;
    this.refused = true;
    try {
      await text?.release();
      await scorer?.release();
    } finally {
      done();
    }
  }

  /** Waits until nobody else holds the turn; returns the way to give it on. */
  private async mine(): Promise<() => void> {
    const before = this.turn;
    let done: () => void = () => {};
    this.turn = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }

  private async scorerHeld(): Promise<RuntimeSession> {
    if (this.scorer) return this.scorer;
    await this.text?.release();
    this.text = undefined;
    this.scorer = await this.source.restart!();
    return this.scorer;
  }

  private async textHeld(): Promise<EncoderDecoderModel | undefined> {
    if (this.text || this.refused) return this.text;
    const { runtime, source } = this;
    const said = this.checked ? undefined : await sayings(this.scorerOn(await this.scorerHeld()), source);
    if (source.restart) {
      await this.scorer?.release();
      this.scorer = undefined;
    }
    let text: EncoderDecoderModel | undefined;
    try {
      text = await startText(runtime, source);
      const against = said && (await disagreement(text, said, source));
      if (against === undefined) {
        this.checked = true;
        this.text = text;
        return text;
      }
      this.refuse(against);
    } catch (error) {
      this.refuse(notUsed(error));
    }
    await text?.release();
    return undefined;
  }

  /** The scorer gives the same answers, if slowly. */
  private refuse(why: string): void {
    this.refused = true;
    this.source.onRefused?.(why);
  }
}

const FORM = 'The faster form made of its own weights';

/** Runtimes end their messages in full stops and line breaks, or in neither. */
const notUsed = (error: unknown): string =>
  `${FORM} could not be used: ${messageOf(error).replace(/[.\s]+$/, '')}.`;

async function startText(
  runtime: Runtime,
  { config, dtype, read }: TextSource,
): Promise<EncoderDecoderModel> {
  // With protobuf: a page that judges no text never fetches it.
  const { textGraphs } = await import('../t5/text-graphs.ts');
  const { model, externalData } = await read();
  const graphs = textGraphs(config, dtype, model);
  const encoder = await runtime.createSession(graphs.encoder, { externalData });
  try {
    const decoder = await runtime.createSession(graphs.decoder, { externalData });
    const { numHeads: heads, dKv: headSize } = config;
    return encoderDecoderModel({ runtime, encoder, decoder, heads, headSize, ints: 'int32' });
  } catch (error) {
    await encoder.release();
    throw error;
  }
}

/** A prompt of seven tokens and one of four, and a text of three: any that the model has. */
function question({ vocabSize, decoderStartId, padId }: T5Config) {
  const id = (i: number) => 2 + ((i * 7919) % Math.max(1, vocabSize - 2));
  const [rows, length] = [2, 7];
  const ids = Int32Array.from({ length: rows * length }, (_, i) => (i < 11 ? id(i) : padId));
  const mask = Int32Array.from(ids, (_, i) => (i < 11 ? 1 : 0));
  const batch: TokenBatch = { ids, mask, rows, length };
  return { batch, start: [decoderStartId], target: [id(20), id(21), id(22)] };
}

async function sayings(scorer: Scorer, { config }: TextSource): Promise<readonly Float32Array[]> {
  const { batch, start, target } = question(config);
  return likelihoodsFromLabels(scorer, batch, start, target);
}

/**
 * How far two ways to add the same numbers may differ, in nats. int8 rounds activations, which may fall to the other side.
 * Weights that stand where others should differ by whole nats.
 */
const TOLERANCE: Record<Dtype, number> = { fp32: 0.01, q8: 0.01, q4: 0.01, int8: 0.1 };

/** What speaks against it, as a sentence; undefined where it says what the scorer said. @throws as its runs */
async function disagreement(
  text: EncoderDecoderModel,
  said: readonly Float32Array[],
  { config, dtype }: TextSource,
): Promise<string | undefined> {
  for (const found of [await judged(text, config), await led(text, config)]) {
    const worst = Math.max(
      ...said.flatMap((row, r) => Array.from(row, (value, k) => Math.abs(value - found[r]![k]!))),
    );
    if (worst <= TOLERANCE[dtype]) continue;
    return Number.isFinite(worst)
      ? `${FORM} gave other numbers than its scorer: log-probabilities differ by up to ${worst.toPrecision(2)}.`
      : `${FORM} gave answers that are no numbers.`;
  }
  return undefined;
}

function judged(text: EncoderDecoderModel, config: T5Config): Promise<Float32Array[]> {
  const { batch, start, target } = question(config);
  return text.judge(batch, start, target);
}

/** The same by way of the cache: the writer is made to write the text. */
async function led(text: EncoderDecoderModel, config: T5Config): Promise<Float32Array[]> {
  const { batch, start, target } = question(config);
  const found = Array.from({ length: batch.rows }, () => new Float32Array(target.length));
  const writer = await text.write(batch, start);
  try {
    let { logits } = writer;
    for (const [k, token] of target.entries()) {
      for (const [r, row] of found.entries()) {
        const own = logits.subarray(r * config.vocabSize, (r + 1) * config.vocabSize);
        row[k] = own[token]! - sumOfExponentials(own);
      }
      if (k + 1 < target.length) logits = await writer.next(found.map(() => token));
    }
  } finally {
    writer.dispose();
  }
  return found;
}
