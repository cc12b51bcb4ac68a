/** The estimate of memory grows with what it depends on; measured peaks are listed with it. */
import { describe, expect, it } from 'vitest';
import { parseT5Config } from '../../src/t5/config.ts';
import { arrayBytes, chunkBytes, trainingBytes } from './memory.ts';

const json = {
  vocab_size: 32128,
  d_model: 512,
  d_kv: 64,
  d_ff: 1024,
  num_heads: 6,
  num_layers: 8,
  feed_forward_proj: 'gated-gelu',
  tie_word_embeddings: false,
};
const flanSmall = parseT5Config(json, 'small');

const flanBase = parseT5Config({ ...json, d_model: 768, d_ff: 2048, num_heads: 12, num_layers: 12 }, 'base');

describe("FLAN-T5-base's shape", () => {
  it('is trained within 24 GB with prompts of 512 tokens and chunks as they are by default', () => {
    // Measured: 6.7 GB at 2,048 tokens.
    expect(trainingBytes(flanBase, { chunkTokens: 4096, longest: 512 })).toBeLessThan(24e9);
  });
});

describe("FLAN-T5-small's shape", () => {
  it('has weights, gradients and two moments of 77 million parameters', () => {
    expect(arrayBytes(flanSmall) / 16).toBe(76_961_152);
  });

  it('needs memory in proportion to the tokens of a chunk, and more where prompts are long', () => {
    const at = (chunkTokens: number, longest: number) => chunkBytes(flanSmall, { chunkTokens, longest });
    expect(at(4096, 256) / at(2048, 256)).toBeCloseTo(2, 1);
    expect(at(4096, 512)).toBeGreaterThan(at(4096, 256));
    // One row is the least.
    expect(at(16, 256)).toBe(at(256, 256));
    const total = trainingBytes(flanSmall, { chunkTokens: 2048, longest: 200 });
    // Measured: 2.2 GB with 64 passages a step.
    expect(total).toBeGreaterThan(2.3e9);
    expect(total).toBeLessThan(3.3e9);
  });
});
