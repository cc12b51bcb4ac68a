/**
 * Likelihoods and greedy text. A model that keeps what it has read (`LabelModel.judge`, `write`) reads a prompt once. From
 * any other they come one decoder position a run: the token asked for is the label, or all tokens are. That is as exact,
 * but each position reads the prompt anew, so a text of m tokens costs m readings of its prompt.
 */
import type { LabelModel, TokenBatch, TokenWriter } from './label-model.ts';

/** Called before every run: lets other tasks run, and throws where the work was cancelled. */
export type BeforeRun = () => Promise<void>;

/**
 * Natural logarithms of the probabilities of a target's tokens after each prompt of a batch, each token given those
 * before it (teacher forcing).
 * @param start the start token and what the decoder has already said
 */
export async function targetLogProbabilities(
  model: LabelModel,
  batch: TokenBatch,
  start: readonly number[],
  target: readonly number[],
  before: BeforeRun = async () => {},
): Promise<Float32Array[]> {
  await before();
  return (
    (await model.judge?.(batch, start, target)) ?? likelihoodsFromLabels(model, batch, start, target, before)
  );
}

/** The same, token by token. */
export async function likelihoodsFromLabels(
  model: Pick<LabelModel, 'begin'>,
  batch: TokenBatch,
  start: readonly number[],
  target: readonly number[],
  before: BeforeRun = async () => {},
): Promise<Float32Array[]> {
  const rows = Array.from({ length: batch.rows }, () => new Float32Array(target.length));
  for (const [k, token] of target.entries()) {
    await before();
    const decoderIds = Int32Array.from([...start, ...target.slice(0, k)]);
    const call = { decoderIds, labelIds: Int32Array.of(token), logSumExp: true };
    const answer = await model.begin(call)(batch)();
    for (const [r, row] of rows.entries()) row[k] = answer.logits[r]! - answer.logSumExp![r]!;
    answer.dispose();
  }
  return rows;
}

export interface GreedyOptions {
  /** Tokens there are to choose from: ids from 0. */
  readonly vocabulary: number;
  readonly eosId: number;
  /** Most and fewest new tokens, the end token included. */
  readonly most: number;
  readonly least?: number;
  /** Whether a row's new tokens are all that is wanted. */
  readonly isEnough?: (ids: readonly number[]) => boolean;
}

export interface GreedyTokens {
  /** New tokens, the end token last where it came. */
  readonly ids: readonly number[];
  readonly ended: boolean;
}

/**
 * The most probable token each time, the lowest id among equals, for each prompt of a batch. Rows that have said the same
 * so far run together; those that have ended run no more.
 */
export async function greedyTokens(
  model: LabelModel,
  batch: TokenBatch,
  start: readonly number[],
  options: GreedyOptions,
  before: BeforeRun = async () => {},
): Promise<GreedyTokens[]> {
  await before();
  const writer = await model.write?.(batch, start);
  return writer
    ? greedyFromWriter(writer, batch.rows, options, before)
    : greedyFromLabels(model, batch, start, options, before);
}

/** Rows side by side; what rows that have ended are given does not matter, for no row depends on another. */
async function greedyFromWriter(
  writer: TokenWriter,
  rows: number,
  { vocabulary, eosId, most, least = 0, isEnough = () => false }: GreedyOptions,
  before: BeforeRun,
): Promise<GreedyTokens[]> {
  const said = Array.from({ length: rows }, (): number[] => []);
  const ended = said.map(() => false);
  try {
    let { logits } = writer;
    // A head may have more rows than the tokenizer has tokens.
    const width = logits.length / rows;
    for (let step = 0; ; step++) {
      for (const [row, ids] of said.entries()) {
        if (ended[row]) continue;
        const own = logits.subarray(row * width, row * width + vocabulary);
        const token = largest(own, step < least ? eosId : -1);
        ids.push(token);
        ended[row] = token === eosId || isEnough(ids);
      }
      if (step + 1 >= most || ended.every(Boolean)) break;
      await before();
      logits = await writer.next(said.map((ids) => ids.at(-1)!));
    }
  } finally {
    writer.dispose();
  }
  return said.map((ids, row) => ({ ids, ended: ended[row]! }));
}

export async function greedyFromLabels(
  model: Pick<LabelModel, 'begin'>,
  batch: TokenBatch,
  start: readonly number[],
  { vocabulary, eosId, most, least = 0, isEnough = () => false }: GreedyOptions,
  before: BeforeRun = async () => {},
): Promise<GreedyTokens[]> {
  const labelIds = Int32Array.from({ length: vocabulary }, (_, id) => id);
  const said = Array.from({ length: batch.rows }, (): number[] => []);
  const ended = said.map(() => false);
  for (let step = 0; step < most; step++) {
    for (const rows of alike(said, ended)) {
      await before();
      const decoderIds = Int32Array.from([...start, ...said[rows[0]!]!]);
      const answer = await model.begin({ decoderIds, labelIds, logSumExp: false })(rowsOf(batch, rows))();
      for (const [place, row] of rows.entries()) {
        const logits = answer.logits.subarray(place * vocabulary, (place + 1) * vocabulary);
        const token = largest(logits, step < least ? eosId : -1);
        said[row]!.push(token);
        ended[row] = token === eosId || isEnough(said[row]!);
      }
      answer.dispose();
    }
  }
  return said.map((ids, row) => ({ ids, ended: ended[row]! }));
}

/** Rows that go on, those that have said the same together. */
function alike(said: readonly (readonly number[])[], ended: readonly boolean[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [row, ids] of said.entries()) {
    if (ended[row]) continue;
    const name = ids.join();
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}

function rowsOf(batch: TokenBatch, rows: readonly number[]): TokenBatch {
  if (rows.length === batch.rows) return batch;
  const { length } = batch;
  const ids = new Int32Array(rows.length * length);
  const mask = new Int32Array(rows.length * length);
  for (const [place, row] of rows.entries()) {
    ids.set(batch.ids.subarray(row * length, (row + 1) * length), place * length);
    mask.set(batch.mask.subarray(row * length, (row + 1) * length), place * length);
  }
  return { ids, mask, rows: rows.length, length };
}

function largest(values: Float32Array, except: number): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    if (i !== except && (best < 0 || values[i]! > values[best]!)) best = i;
  }
  return best;
}
