import { describe, expect, it } from 'vitest';
import type { Scorer } from './scorer.ts';
import { warmUp } from './warm-up.ts';

/** A scorer whose runs take what it is told, in turn; the last for ever. Every prompt has 10 tokens. */
function scorerOf(times: readonly number[]) {
  const runs: number[] = [];
  const score: Scorer['score'] = async function* (prompts) {
    const ms = times[Math.min(runs.length, times.length - 1)]!;
    runs.push(prompts.length);
    yield {
      indices: Int32Array.of(),
      logits: Float32Array.of(),
      truncations: [],
      ms,
      tokens: Int32Array.from(prompts, () => 10),
    };
  };
  return { scorer: { score } as Scorer, runs };
}

describe('warmUp', () => {
  it('takes the least disturbed of some batches for the model’s speed', async () => {
    const { scorer, runs } = scorerOf([300, 160, 40, 80]);
    const { tokensPerSecond } = await warmUp(scorer, ['Yes']);
    expect(runs).toEqual([2, 4, 4, 4, 4]);
    expect(tokensPerSecond).toBe(1000);
  });

  it('measures a slow device once', async () => {
    const { scorer, runs } = scorerOf([300, 900, 10]);
    const { tokensPerSecond } = await warmUp(scorer, ['Yes']);
    expect(runs).toEqual([2, 4]);
    expect(tokensPerSecond).toBeCloseTo(40 / 0.9);
  });
});
