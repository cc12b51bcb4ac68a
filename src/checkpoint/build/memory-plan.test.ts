import { describe, expect, it } from 'vitest';
import { parseT5Config } from '../../t5/config.ts';
import { modelNeeds } from './memory-plan.ts';

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
    },
    'config.json',
    true,
  );
const SMALL = config(512, 1024, 6, 8);
const BASE = config(768, 2048, 12, 12);
const file = (path: string, size: number) => ({ path, size });

describe('what a model takes', () => {
  it('is known from its configuration and the names of its files', () => {
    const files = [
      file('config.json', 1_000),
      file('model.safetensors', 307_867_048),
      file('pytorch_model.bin', 307_910_149),
      file('flax_model.msgpack', 307_800_000),
      file('spiece.model', 791_656),
      file('README.md', 10_000),
    ];
    const needs = modelNeeds(SMALL, files, ['int8']);
    expect(needs.parameters).toBe(76_961_152);
    expect(needs.downloadBytes).toBe(1_000 + 307_867_048 + 791_656);
    // Measured: 77.9 MB.
    expect(needs.diskBytes).toBeGreaterThan(77.5e6);
    expect(needs.diskBytes).toBeLessThan(90e6);
    expect(modelNeeds(SMALL, files, ['int8'], 2).diskBytes - needs.diskBytes).toBe(2 * 76_961_152);
  });

  it('counts the shards of an index, and nothing where there are no weights', () => {
    const files = [
      file('pytorch_model.bin.index.json', 50),
      file('pytorch_model-00001-of-00002.bin', 700),
      file('pytorch_model-00002-of-00002.bin', 300),
    ];
    expect(modelNeeds(BASE, files, ['q8']).downloadBytes).toBe(1_050);
    expect(modelNeeds(BASE, [file('model.gguf', 5)], ['q8']).downloadBytes).toBe(0);
  });

  it('is no less than was measured in a process of its own, and a fraction of the weights for large ones', () => {
    // Node had 218 and 260 MB (`bench convert`), Chromium's renderer 263 and 336.
    expect(modelNeeds(SMALL, [], ['int8', 'q8']).convertBytes).toBeGreaterThan(263e6);
    expect(modelNeeds(BASE, [], ['int8', 'q8']).convertBytes).toBeGreaterThan(336e6);
    expect(modelNeeds(BASE, [], ['int8']).convertBytes).toBeLessThan(0.6 * 4 * 248e6);
    const { sessionBytes } = modelNeeds(BASE, [], ['int8', 'q4']);
    expect(sessionBytes.int8!).toBeGreaterThan(2 * 249e6);
    expect(sessionBytes.q4!).toBeLessThan(sessionBytes.int8!);
  });
});
