import { describe, expect, it, vi } from 'vitest';
import type { Scorer } from './scorer.ts';
import { warmUp } from './warm-up.ts';

/** A scorer whose runs take what it is told, in turn; the last for ever. Every prompt has 10 tokens. */
function scorerOf(times: readonly number[]) {
  const runs: number[] = [];
  const lengths: number[] = [];
  const score: Scorer['score'] = async function* (prompts) {
    const ms = times[Math.min(runs.length, times.length - 1)]!;
    runs.push(prompts.length);
    lengths.push(prompts[0]!.parts[0]!.text.split(' ').length);
    if (vi.isFakeTimers()) vi.advanceTimersByTime(ms);
    yield {
      indices: Int32Array.of(),
      logits: Float32Array.of(),
      truncations: [],
      ms,
      tokens: Int32Array.from(prompts, () => 10),
    };
  };
  return { scorer: { score } as Scorer, runs, lengths };
}

const ENDING = { labels: ['Yes'], decoderPrefix: '' };

describe('warmUp', () => {
  it('takes the least disturbed of some batches for the model’s speed', async () => {
    const { scorer, runs } = scorerOf([300, 160, 40, 80]);
    const { tokensPerSecond } = await warmUp(scorer, ENDING);
    expect(runs).toEqual([2, 4, 4, 4, 4]);
    expect(tokensPerSecond).toBe(1000);
  });

  it('measures a slow device once', async () => {
    const { scorer, runs } = scorerOf([300, 900, 10]);
    const { tokensPerSecond } = await warmUp(scorer, ENDING);
    expect(runs).toEqual([2, 4]);
    expect(tokensPerSecond).toBeCloseTo(40 / 0.9);
  });

  it('runs every shape once, each with prompts that fill it', async () => {
    const { scorer, runs, lengths } = scorerOf([1]);
    const shapes = [64, 128, 256].map((length) => ({ rows: 8, length }));
    await warmUp(scorer, ENDING, { shapes, count: (text) => 2 * text.split(' ').length });
    expect(runs.slice(0, 3)).toEqual([8, 8, 8]);
    // Two tokens a word.
    expect(lengths.slice(0, 3)).toEqual([28, 60, 124]);
  });

  it('leaves shapes out that would take a slow device too long', async () => {
    vi.useFakeTimers({ now: 0 });
    const { scorer, runs } = scorerOf([3000]);
    const shapes = [64, 128, 256].map((length) => ({ rows: 8, length }));
    await warmUp(scorer, ENDING, { shapes, count: (text) => text.split(' ').length });
    vi.useRealTimers();
    // The second is expected to take 6 s of the 5 that are left; then speed is measured.
    expect(runs).toEqual([8, 8]);
  });
});
