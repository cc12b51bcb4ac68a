/**
 * A scorer for tests: answers come from a function of the prompt's slots, in batches of any size and
 * in any order, as the contract of a scorer allows. It counts how often each prompt was asked.
 */
import { throwIfCancelled } from '../../errors.ts';
import type {
  Prompt,
  ScoredBatch,
  ScoreOptions,
  Scorer,
  ScorerInfo,
  Truncation,
} from '../../inference/scorer.ts';
import type { SeenPrompt } from '../../inference/seen-prompt.ts';
import type { Candidate } from '../../types.ts';

export interface FakeScorerOptions {
  /** Label logits for a prompt, from the texts in its slots; and how many there must be. */
  readonly answer: (slots: Readonly<Record<string, string>>, labels: number) => readonly number[];
  /** From [0, 1): draws batch sizes (1 to 7) and the order of prompts; absent: one batch, in order. */
  readonly random?: () => number;
  /** Called after a batch is ready and before it is yielded; may abort a signal or throw. */
  readonly onBatch?: () => void;
  /** Cuts passages to so many UTF-16 units, as a token limit would. */
  readonly keepUnits?: number;
  readonly info?: Partial<ScorerInfo>;
}

export class FakeScorer implements Scorer {
  readonly info: ScorerInfo;
  /** Prompt text → times asked. */
  readonly asked = new Map<string, number>();
  /** Options of every call of `score`. */
  readonly calls: (ScoreOptions & { readonly prompts: number })[] = [];
  readonly #options: FakeScorerOptions;

  constructor(options: FakeScorerOptions) {
    this.#options = options;
    this.info = {
      name: 'fake',
      digest: '00',
      dtype: 'fp32',
      device: 'cpu',
      threads: 1,
      runtime: 'fake 1',
      ...options.info,
    };
  }

  /** Prompts answered, all together. */
  get total(): number {
    return [...this.asked.values()].reduce((sum, count) => sum + count, 0);
  }

  async *score(prompts: readonly Prompt[], options: ScoreOptions = {}): AsyncGenerator<ScoredBatch> {
    const { random, onBatch } = this.#options;
    this.calls.push({ ...options, prompts: prompts.length });
    const waiting = prompts.map((_, index) => index);
    if (random) shuffle(waiting, random);
    while (waiting.length > 0) {
      throwIfCancelled(options.signal);
      const indices = waiting.splice(0, random ? 1 + Math.floor(random() * 7) : waiting.length);
      await Promise.resolve();
      const batch = this.#batch(prompts, indices, options.logSumExp === true);
      onBatch?.();
      yield batch;
    }
  }

  #batch(prompts: readonly Prompt[], indices: readonly number[], logSumExp: boolean): ScoredBatch {
    const rows = indices.map((index) =>
      this.#options.answer(this.#read(prompts[index]!), prompts[index]!.labels.length),
    );
    const truncations = indices.map((index, row) => [row, this.#cuts(prompts[index]!)] as const);
    return {
      indices: Int32Array.from(indices),
      logits: Float32Array.from(rows.flat()),
      // As if the labels were the whole vocabulary.
      logSumExp: logSumExp
        ? Float32Array.from(rows, (row) => Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)))
        : undefined,
      tokens: Int32Array.from(indices, (index) => promptLength(prompts[index]!)),
      ms: indices.length * 2,
      truncations: truncations.filter(([, cuts]) => cuts.length > 0),
    };
  }

  #read(prompt: Prompt): Record<string, string> {
    const text = prompt.parts.map((part) => part.text).join('');
    this.asked.set(text, (this.asked.get(text) ?? 0) + 1);
    return Object.fromEntries(prompt.parts.flatMap(({ slot, text }) => (slot ? [[slot, text]] : [])));
  }

  #cuts(prompt: Prompt): Truncation[] {
    const kept = this.#options.keepUnits ?? Number.POSITIVE_INFINITY;
    return prompt.parts.flatMap(({ slot, cut, text }) =>
      slot && cut && text.length > kept ? [{ slot, kept, total: text.length }] : [],
    );
  }
}

/** Answers of a PRP scorer whose A wins when `compare` (of the two passages' texts) is positive. */
export function comparing(
  compare: (textA: string, textB: string) => number,
): (slots: Readonly<Record<string, string>>) => readonly number[] {
  return ({ passage_a = '', passage_b = '' }) => {
    const difference = compare(passage_a, passage_b);
    return [difference, -difference];
  };
}

/** Candidates whose texts are given, in first-stage order. */
export function candidatesOf(texts: readonly string[]): Candidate[] {
  return texts.map((text, index) => ({
    passage: { id: `p${index + 1}`, text },
    rank: index + 1,
    score: texts.length - index,
  }));
}

/** Numbers from [0, 1) by a seed (mulberry32): the same fake run twice. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function promptLength(prompt: Prompt): number {
  return prompt.parts.reduce((sum, part) => sum + part.text.length, 0);
}

function shuffle(items: number[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

/** A prompt as a model reads it that cuts nothing and whose tokens are words. */
export const wholePrompt = ({ parts, labels, decoderPrefix }: Prompt): SeenPrompt => ({
  parts: parts.map(({ text, slot }) => ({ text, slot, lost: '' })),
  tokens: parts.flatMap(({ text }) => text.split(/\s+/).filter(Boolean)),
  labels,
  decoderPrefix,
});
