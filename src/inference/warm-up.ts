/** First runs of a model and its speed, measured before anybody waits for it. */
import { logitsOf, type Shape } from './loaded-model.ts';
import type { RankerModel } from './ranker-model.ts';
import type { Prompt } from './scorer.ts';

const WORDS = 'the river carries cold water from high hills to small towns near open sea'.split(' ');

/** Neutral text of about n words. */
export const fillerText = (words: number): string =>
  Array.from({ length: words }, (_, i) => WORDS[i % WORDS.length]).join(' ');

/** What a prompt of the checkpoint ends in. */
export type Ending = Pick<Prompt, 'labels' | 'decoderPrefix'>;

const filler = (words: number, { labels, decoderPrefix }: Ending): Prompt => ({
  parts: [{ text: fillerText(words), slot: 'passage', cut: true }],
  decoderPrefix,
  labels,
});

/** Rows of the batch that measures speed, where the first runs were quick. */
const MEASURED_ROWS = 4;
/** First runs longer than this mean a slow device (a software GPU): it is measured on fewer rows, so that loading ends. */
const QUICK_MS = 4_000;
/**
 * Batches measured at most, and milliseconds after which no other is begun. The first is often several times
 * slower than a run will be: the other model loads at the same time, and WebAssembly is still being optimised.
 */
const BATCHES = 4;
const ENOUGH_MS = 400;

/** No shape is begun that is expected to end later. */
const SHAPES_MS = 8_000;

export interface WarmUpOptions {
  /** Shapes that a device compiles for, shortest first; absent: it compiles nothing. */
  readonly shapes?: readonly Shape[];
  /** Tokens of a text; needed with shapes. */
  readonly count?: (text: string) => number;
  /** Milliseconds that the shapes may take together; default 8,000: a software GPU would need minutes for all. */
  readonly shapesMs?: number;
}

export interface WarmUp {
  /** Wall milliseconds of the first runs: of every shape, or of a short and a long prompt. */
  readonly warmMs: number;
  /** Input tokens per second of a warm batch of typical length: the fastest, for what disturbs only slows down. */
  readonly tokensPerSecond: number;
}

/** @param ending labels that the checkpoint's tokenizer has as single tokens, and what comes before them. */
export async function warmUp(
  scorer: RankerModel,
  ending: Ending,
  { shapes = [], count = () => 0, shapesMs = SHAPES_MS }: WarmUpOptions = {},
): Promise<WarmUp> {
  const began = performance.now();
  if (shapes.length === 0) await run(scorer, [filler(20, ending), filler(120, ending)]);
  else await runShapes(scorer, ending, { shapes, count, shapesMs });
  const warmMs = performance.now() - began;
  // Where batches are always full, fewer rows would take as long.
  const rows = shapes[0]?.rows ?? Math.max(1, Math.round(MEASURED_ROWS * Math.min(1, QUICK_MS / warmMs)));
  const batch = Array.from({ length: rows }, () => filler(100, ending));
  let tokensPerSecond = 0;
  let spent = 0;
  for (let measured = 0; measured < BATCHES && spent < ENOUGH_MS; measured++) {
    const { tokens, ms } = await run(scorer, batch);
    spent += ms;
    tokensPerSecond = Math.max(tokensPerSecond, tokens / (ms / 1000));
  }
  return { warmMs, tokensPerSecond };
}

/** Runs each shape once: from then on nothing is compiled while somebody waits. */
async function runShapes(
  scorer: RankerModel,
  ending: Ending,
  { shapes, count, shapesMs }: Required<WarmUpOptions>,
): Promise<void> {
  const began = performance.now();
  const tokensOfWord = count(fillerText(100)) / 100;
  let last = { ms: 0, length: 1 };
  for (const { rows, length } of shapes) {
    const spent = performance.now() - began;
    if (spent + (last.ms * length) / last.length > shapesMs) return;
    // A little shorter than the shape, longer than the one before.
    const words = Math.max(1, Math.floor((length - 8) / tokensOfWord));
    await run(
      scorer,
      Array.from({ length: rows }, () => filler(words, ending)),
    );
    last = { ms: performance.now() - began - spent, length };
  }
}

async function run(scorer: RankerModel, prompts: readonly Prompt[]): Promise<{ tokens: number; ms: number }> {
  let tokens = 0;
  let ms = 0;
  for await (const batch of logitsOf(scorer, prompts)) {
    for (const count of batch.tokens) tokens += count;
    ms += batch.ms;
  }
  return { tokens, ms };
}
