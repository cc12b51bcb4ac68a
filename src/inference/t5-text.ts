/** Likelihoods and text of a T5: prompts to batches, by label-text.ts, and answers back in words. */
import { RankscopeError, throwIfCancelled } from '../errors.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { type BatchingOptions, planBatches } from './batching.ts';
import type { LabelModel, TokenBatch } from './label-model.ts';
import { greedyTokens, targetLogProbabilities } from './label-text.ts';
import { type EncodedPrompt, encodePrompt } from './prompt-encoder.ts';
import type {
  CallOptions,
  GeneratedBatch,
  GenerationOptions,
  LikelihoodBatch,
  LikelihoodPrompt,
  TextPrompt,
} from './ranker-model.ts';
import type { Runtime } from './runtime.ts';
import type { AnsweredBatch, PromptLimits } from './scorer.ts';
import { padded as filled } from './token-batch.ts';

export interface TextParts {
  readonly runtime: Pick<Runtime, 'yieldTask'>;
  readonly model: LabelModel;
  readonly tokenizer: T5Tokenizer;
  readonly limits: PromptLimits;
  readonly decoderStartId: number;
  readonly padId: number;
  readonly batching: BatchingOptions;
}

/** As `Likelihood.likelihoods` says. Prompts with the same target and decoder prefix run together. */
export async function* t5Likelihoods(
  parts: TextParts,
  prompts: readonly LikelihoodPrompt[],
  options: CallOptions = {},
): AsyncGenerator<LikelihoodBatch> {
  const { model, tokenizer } = parts;
  for (const { target, indices } of byTarget(prompts)) {
    const ids = tokenizer.encode(target);
    if (ids.length === 0) {
      throw new RankscopeError('bad-input', 'The likelihood of an empty text was asked for. Give a text.');
    }
    const own = indices.map((index) => prompts[index]!);
    const run = (batch: TokenBatch, start: readonly number[]) =>
      targetLogProbabilities(model, batch, start, ids, beforeRun(parts, options));
    for await (const { answers, ...batch } of inBatches(parts, own, options, run)) {
      yield {
        ...batch,
        indices: batch.indices.map((place) => indices[place]!),
        logProbabilities: answers,
      };
    }
  }
}

/** As `Generator.generate` says. */
export async function* t5Text(
  parts: TextParts,
  prompts: readonly TextPrompt[],
  options: GenerationOptions,
): AsyncGenerator<GeneratedBatch> {
  const { model, tokenizer } = parts;
  const { maxNewTokens, minNewTokens, stop = [] } = options;
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1) {
    throw new RankscopeError(
      'bad-input',
      `A text of ${maxNewTokens} new tokens was asked for; use a whole number from 1.`,
    );
  }
  const stopIn = (text: string) => {
    const places = stop.map((end) => text.indexOf(end)).filter((place) => place >= 0);
    return places.length > 0 ? Math.min(...places) : undefined;
  };
  const greedy = {
    vocabulary: tokenizer.size,
    eosId: tokenizer.eosId,
    most: maxNewTokens,
    least: minNewTokens,
    isEnough: (ids: readonly number[]) => stop.length > 0 && stopIn(tokenizer.decode(ids)) !== undefined,
  };
  const run = (batch: TokenBatch, start: readonly number[]) =>
    greedyTokens(model, batch, start, greedy, beforeRun(parts, options));
  for await (const { answers, ...batch } of inBatches(parts, prompts, options, run)) {
    const texts = answers.map(({ ids }) => tokenizer.decode(ids));
    yield {
      ...batch,
      texts: texts.map((text) => text.slice(0, stopIn(text))),
      newTokens: Int32Array.from(answers, ({ ids }) => ids.length),
      ended: answers.map(({ ended }) => ended),
    };
  }
}

const beforeRun =
  ({ runtime }: TextParts, { signal }: CallOptions) =>
  async (): Promise<void> => {
    await runtime.yieldTask();
    throwIfCancelled(signal);
  };

/** Prompts with one target and one decoder prefix each. */
function byTarget(prompts: readonly LikelihoodPrompt[]) {
  const groups = new Map<string, { readonly target: string; readonly indices: number[] }>();
  for (const [index, { target, decoderPrefix }] of prompts.entries()) {
    const name = JSON.stringify([decoderPrefix, target]);
    const group = groups.get(name) ?? { target, indices: [] };
    group.indices.push(index);
    groups.set(name, group);
  }
  return groups.values();
}

/** Runs prompts that share a decoder prefix, batch by batch. */
async function* inBatches<A>(
  parts: TextParts,
  prompts: readonly TextPrompt[],
  options: CallOptions,
  run: (batch: TokenBatch, start: readonly number[]) => Promise<A[]>,
): AsyncGenerator<AnsweredBatch & { readonly answers: A[] }> {
  const { tokenizer, decoderStartId, padId, batching } = parts;
  const prefix = prompts[0]?.decoderPrefix ?? '';
  const start = [decoderStartId, ...(prefix === '' ? [] : tokenizer.encode(prefix))];
  const limits = { ...parts.limits, ...options.limits };
  if (prompts.length === 0) return;
  const { model } = parts;
  const once = model.readyForText ? await model.readyForText() : model.judge !== undefined;
  for (let first = 0; first < prompts.length; first += batching.window) {
    const encoded = prompts
      .slice(first, first + batching.window)
      .map((prompt) => encodePrompt(tokenizer, prompt, limits));
    const lengths = encoded.map(({ ids }) => ids.length);
    for (const batch of planBatches(lengths, { ...batching, full: false })) {
      const began = performance.now();
      const answers = await run(filled(batch, encoded, padId), start);
      const ms = performance.now() - began;
      const padded = once ? batch.height * batch.length : undefined;
      yield { ...reportOf(batch.rows, encoded, first, ms), padded, answers };
    }
  }
}

function reportOf(
  rows: readonly number[],
  encoded: readonly EncodedPrompt[],
  first: number,
  ms: number,
): AnsweredBatch {
  return {
    indices: Int32Array.from(rows, (row) => first + row),
    tokens: Int32Array.from(rows, (row) => encoded[row]!.ids.length),
    ms,
    truncations: rows.flatMap((row, r) =>
      encoded[row]!.cuts.length > 0 ? [[r, encoded[row]!.cuts] as const] : [],
    ),
  };
}
