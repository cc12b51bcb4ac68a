import { describe, expect, it } from 'vitest';
import { parseT5Config } from '../../src/t5/config.ts';
import { needsOf } from './folder-needs.ts';

/** The shapes of FLAN-T5. */
const config = (dModel: number, dFf: number, numHeads: number, layers: number) =>
  parseT5Config(
    {
      model_type: 't5',
      vocab_size: 32128,
      d_model: dModel,
      d_ff: dFf,
      d_kv: 64,
      num_heads: numHeads,
      num_layers: layers,
      num_decoder_layers: layers,
      feed_forward_proj: 'gated-gelu',
      tie_word_embeddings: false,
      decoder_start_token_id: 0,
      pad_token_id: 0,
      eos_token_id: 1,
    },
    'config.json',
    true,
  );
const small = { config: config(512, 1024, 6, 8), scratch: 0, size: 77e6 };
const large = { config: config(1024, 2816, 16, 24), scratch: 0, size: 783e6 };

describe('memory and disk', () => {
  it('of a conversion are a fraction of the weights, for a comparison more than they are', () => {
    const needs = needsOf(large, ['int8', 'q8'], 4);
    expect(needs.convertBytes).toBeLessThan(0.4 * 4 * 783e6);
    expect(needs.measureBytes).toBeGreaterThan(1.4 * 4 * 783e6);
    expect(needs.scratchBytes).toBeGreaterThan(0.95 * 4 * 783e6);
  });

  it('grow with the dtypes, and with what reading takes beside', () => {
    const one = needsOf(small, ['int8'], 4);
    expect(one.diskBytes).toBeGreaterThan(5 * 77e6);
    expect(needsOf(small, ['int8', 'fp32'], 4).diskBytes).toBeGreaterThan(9 * 77e6);
    expect(needsOf(small, ['int8'], 2).diskBytes).toBeLessThan(one.diskBytes - 1.5e8);
    expect(needsOf({ ...small, scratch: 1e9 }, ['int8'], 4).convertBytes).toBe(one.convertBytes + 1e9);
  });
});
