import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScorerInfo } from '../inference/scorer.ts';
import type { LogitsAnswer } from './answer.ts';
import { ComparisonCache } from './cache.ts';
import { createKeys } from './cache-key.ts';
import { hashFields, hashText } from './hash.ts';
import { PRP } from './presets.ts';
import { candidatesOf } from './testing/fake-scorer.ts';

const info: ScorerInfo = {
  name: 'tiny',
  digest: 'abc',
  dtype: 'int8',
  device: 'wasm',
  threads: 1,
  runtime: 'ort 1',
};
const query = { id: 'q', text: 'sky' };

describe('hashText', () => {
  it('gives 16 hex digits that depend on every unit and on their order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(hashText(a)).toMatch(/^[0-9a-f]{16}$/);
        expect(hashText(a) === hashText(b)).toBe(a === b);
      }),
    );
  });

  it('does not collide, in either half, more than chance on 50,000 near-equal texts', () => {
    const hashes = Array.from({ length: 50_000 }, (_, i) => hashText(`passage number ${i}`));
    expect(new Set(hashes).size).toBe(50_000);
    // 50,000² / 2^33 ≈ 0.3 collisions expected in 32 bits.
    expect(new Set(hashes.map((hash) => hash.slice(0, 8))).size).toBeGreaterThan(49_990);
    expect(new Set(hashes.map((hash) => hash.slice(8))).size).toBeGreaterThan(49_990);
  });

  it('keeps fields apart', () => {
    expect(hashFields(['ab', 'c'])).not.toBe(hashFields(['a', 'bc']));
    expect(hashFields(['1'])).not.toBe(hashFields([1]));
  });
});

describe('createKeys', () => {
  const candidates = candidatesOf(['one', 'two', 'two']);
  const base = createKeys(info, PRP, {}, query, candidates)(0, 1);

  it('changes with everything an answer depends on', () => {
    const others = [
      createKeys({ ...info, digest: 'abd' }, PRP, {}, query, candidates)(0, 1),
      createKeys({ ...info, dtype: 'q8' }, PRP, {}, query, candidates)(0, 1),
      createKeys({ ...info, device: 'webgpu' }, PRP, {}, query, candidates)(0, 1),
      createKeys({ ...info, runtime: 'ort 2' }, PRP, {}, query, candidates)(0, 1),
      createKeys(info, { ...PRP, id: 'x' }, {}, query, candidates)(0, 1),
      createKeys(info, { ...PRP, version: 2 }, {}, query, candidates)(0, 1),
      createKeys(info, { ...PRP, text: `${PRP.text} ` }, {}, query, candidates)(0, 1),
      createKeys(info, { ...PRP, decoderPrefix: '' }, {}, query, candidates)(0, 1),
      createKeys(info, { ...PRP, labels: ['1', '2'] }, {}, query, candidates)(0, 1),
      createKeys(info, { ...PRP, maxPassageWords: 50 }, {}, query, candidates)(0, 1),
      createKeys(info, PRP, { maxTokens: 512 }, query, candidates)(0, 1),
      createKeys(info, PRP, { maxPassageWords: 512 }, query, candidates)(0, 1),
      createKeys(info, PRP, { maxPassageTokens: 512 }, query, candidates)(0, 1),
      createKeys(info, PRP, {}, { id: 'q', text: 'sea' }, candidates)(0, 1),
      createKeys(info, PRP, {}, query, candidatesOf(['one!', 'two']))(0, 1),
      createKeys(info, PRP, {}, query, candidates)(1, 0),
    ];
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
  });

  it('does not change with names, threads or ids', () => {
    const renamed = candidates.map((c, i) => ({ ...c, passage: { ...c.passage, id: `x${i}` } }));
    expect(
      createKeys({ ...info, name: 'other', threads: 4 }, PRP, {}, { ...query, id: 'z' }, renamed)(0, 1),
    ).toBe(base);
    expect(createKeys(info, PRP, {}, query, candidates)(0, 2)).toBe(base);
  });
});

describe('ComparisonCache', () => {
  const answer: LogitsAnswer = { key: 'k', logits: [1, 2], tokens: 3, ms: 4 };

  it('hands out fresh answers once and exports all', () => {
    const cache = new ComparisonCache([{ ...answer, key: 'old' }]);
    cache.set(answer);
    expect(cache.takeFresh()).toEqual([answer]);
    expect(cache.takeFresh()).toEqual([]);
    expect(cache.exportAnswers().map(({ key }) => key)).toEqual(['old', 'k']);
    const copy = new ComparisonCache(structuredClone(cache.exportAnswers()));
    expect(copy.get('k')).toEqual(answer);
  });

  it('never loses a log-sum-exp to an import without one', () => {
    const cache = new ComparisonCache([{ ...answer, logSumExp: 5 }]);
    cache.importAnswers([answer]);
    expect(cache.get('k')).toMatchObject({ logSumExp: 5 });
  });

  it('names a damaged answer by its position', () => {
    const damaged = JSON.parse('{"key": "x", "logits": [1, null], "tokens": 1, "ms": 1}') as LogitsAnswer;
    expect(() => new ComparisonCache([answer, damaged])).toThrow(/Saved answer 2 is damaged/);
  });
});
