/** Cutting: passages only, evenly, at words, reported in UTF-16 units of the slot's text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { embeddedPairwise, embeddedStudent } from '../ranking/embedded-templates.ts';
import { PRP } from '../ranking/presets.ts';
import { renderPrompt } from '../ranking/templates.ts';
import { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { encodePrompt, keepTokens, shareEvenly } from './prompt-encoder.ts';
import type { Prompt } from './scorer.ts';

const files = tinyTokenizer();
const tokenizer = new T5Tokenizer(
  JSON.parse(files.tokenizerJson),
  JSON.parse(files.tokenizerConfigJson),
  'tiny/',
);

const water = (words: number) => Array.from({ length: words }, () => 'water').join(' ');
const pair = (a: string, b: string, query = 'what is water'): Prompt =>
  renderPrompt(embeddedPairwise, { text: query }, [{ text: a }, { text: b }]);

/** The prompt's text with passages as short as the report says. */
function textOf(prompt: Prompt, cuts: readonly { slot: string; kept: number }[]): string {
  return prompt.parts
    .map(({ text, slot }) => text.slice(0, cuts.find((cut) => cut.slot === slot)?.kept ?? text.length))
    .join('');
}

describe('encodePrompt', () => {
  it('leaves a prompt that fits as it is, with the end token', () => {
    const prompt = pair('the river', 'cold water');
    const { ids, cuts } = encodePrompt(tokenizer, prompt, { maxTokens: 200 });
    expect([...ids]).toEqual([...tokenizer.encode(textOf(prompt, [])), tokenizer.eosId]);
    expect(cuts).toEqual([]);
  });

  it('shares the room evenly between two long passages and says what it cut', () => {
    const prompt = pair(water(300), water(200));
    const { ids, cuts } = encodePrompt(tokenizer, prompt, { maxTokens: 100 });
    expect(ids.length).toBeLessThanOrEqual(100);
    expect(ids.length).toBeGreaterThan(95);
    expect(cuts.map(({ slot, total }) => [slot, total])).toEqual([
      ['passage_a', water(300).length],
      ['passage_b', water(200).length],
    ]);
    expect(Math.abs(cuts[0]!.kept - cuts[1]!.kept)).toBeLessThanOrEqual('water '.length);
  });

  it('gives the surplus of a short passage to the long one', () => {
    const { ids, cuts } = encodePrompt(tokenizer, pair('cold water', water(300)), { maxTokens: 100 });
    expect(cuts.map(({ slot }) => slot)).toEqual(['passage_b']);
    expect(ids.length).toBeGreaterThan(95);
  });

  it('has the ids of the cut text as the library tells them at once, whatever the passages', () => {
    const piece = fc.constantFrom(
      ...[
        'water',
        'river',
        'ä',
        'e\u0301',
        '</s>',
        '\u2026',
        '(',
        '東京',
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      ],
      ...[' ', ' ', ' ', '  ', '\n', '\u00a0', '\t'],
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 30 }), (a, b, maxPassageTokens) => {
        for (const prompt of [pair(a, b), pair(b, a), pair(a, a)]) {
          const { ids, cuts } = encodePrompt(tokenizer, prompt, { maxTokens: 4096, maxPassageTokens });
          expect([...ids]).toEqual([...tokenizer.encodeWhole(textOf(prompt, cuts)), tokenizer.eosId]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never cuts instruction or query, whatever the passages', () => {
    const word = fc.constantFrom(
      'water',
      'river',
      'aaa',
      '你好',
      'שלום',
      '👩‍👩‍👧',
      'x\ny',
      'https://a.b/c?d',
    );
    const passage = fc.array(word, { maxLength: 120 }).map((parts) => parts.join(' '));
    const limits = fc.record({
      maxTokens: fc.integer({ min: 70, max: 200 }),
      maxPassageTokens: fc.option(fc.integer({ min: 4, max: 100 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(passage, passage, limits, (a, b, limit) => {
        const prompt = pair(a, b);
        const { ids, cuts } = encodePrompt(tokenizer, prompt, limit);
        expect(ids.length).toBeLessThanOrEqual(limit.maxTokens);
        // The ids are those of the text with nothing but the reported cuts made.
        expect([...ids]).toEqual([...tokenizer.encode(textOf(prompt, cuts)), tokenizer.eosId]);
        for (const { slot, kept, total } of cuts) {
          expect(['passage_a', 'passage_b']).toContain(slot);
          expect(total).toBe(prompt.parts.find((part) => part.slot === slot)!.text.length);
          expect(kept).toBeLessThan(total);
        }
        if (limit.maxPassageTokens !== undefined) {
          for (const part of prompt.parts.filter(({ cut }) => cut)) {
            const kept = cuts.find(({ slot }) => slot === part.slot)?.kept ?? part.text.length;
            expect(tokenizer.count(part.text.slice(0, kept))).toBeLessThanOrEqual(limit.maxPassageTokens);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('cuts at the end of a word and leaves no half', () => {
    const text = `${water(10)} riverbank`;
    const { cuts } = encodePrompt(tokenizer, renderPrompt(embeddedStudent, { text: 'q' }, [{ text }]), {
      maxTokens: 200,
      maxPassageTokens: 11,
    });
    expect(text.slice(0, cuts[0]!.kept)).toBe(water(10));
  });

  it('cuts by the limit of the call, not by one of an earlier call', () => {
    const prompt = renderPrompt(embeddedStudent, { text: 'q' }, [{ text: water(30) }]);
    const kept = [8, 12, 8, undefined].map((maxPassageTokens) => {
      const { cuts } = encodePrompt(tokenizer, prompt, { maxTokens: 200, maxPassageTokens });
      return cuts[0]?.kept;
    });
    expect(kept).toEqual([water(8).length, water(12).length, water(8).length, undefined]);
  });

  it('counts cuts in UTF-16 units and never splits a surrogate pair', () => {
    // One word of letters and emoji without a space: it can only be cut inside.
    const text = 'a\u{1f30a}b\u{1f30b}c\u{1f30c}d\u{1f30d}e'.repeat(20);
    for (let limit = 2; limit < 30; limit++) {
      const kept = keepTokens(tokenizer, text, limit);
      expect(tokenizer.count(text.slice(0, kept))).toBeLessThanOrEqual(limit);
      expect(text.slice(0, kept)).not.toMatch(/[\ud800-\udfff]/u);
      if (limit > 3) expect(kept).toBeGreaterThan(0);
    }
  });

  it('cuts a passage of 200,000 characters without a space', () => {
    const { ids, cuts } = encodePrompt(tokenizer, pair('x'.repeat(200_000), 'cold water'), {
      maxTokens: 120,
      maxPassageTokens: 64,
    });
    expect(ids.length).toBeLessThanOrEqual(120);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]).toMatchObject({ slot: 'passage_a', total: 200_000 });
    expect(cuts[0]!.kept).toBeGreaterThan(30);
  });

  it('refuses a query that leaves no room, with the figures', () => {
    const prompt = pair('water', 'water', water(150));
    expect(() => encodePrompt(tokenizer, prompt, { maxTokens: 100 })).toThrowError(
      expect.objectContaining({
        code: 'bad-input',
        message: expect.stringMatching(/take \d+ tokens and this model reads 100/),
        details: expect.objectContaining({ maxTokens: 100 }),
      }),
    );
  });

  it('keeps every word of the paper’s instruction in a narrow model', () => {
    const prompt = renderPrompt(PRP, { text: 'what is water' }, [{ text: water(100) }, { text: water(100) }]);
    const fixed = prompt.parts.filter(({ cut }) => !cut).map(({ text }) => text);
    const least = tokenizer.count(fixed.join(' ')) + 20;
    const { ids, cuts } = encodePrompt(tokenizer, prompt, { maxTokens: least });
    expect(cuts).toHaveLength(2);
    const decoded = textOf(prompt, cuts);
    for (const text of fixed) expect(decoded).toContain(text);
    expect([...ids]).toEqual([...tokenizer.encode(decoded), tokenizer.eosId]);
  });
});

describe('keepTokens', () => {
  it('keeps as many whole words as their tokens, told one by one, allow', () => {
    const word = fc.constantFrom('water', 'rivers', 'ä', '“x”', '…', 'aaaa', '</s>', '東京', '\u{1f30a}');
    const space = fc.constantFrom(' ', ' ', ' ', ' ', '  ', '\n');
    const text = fc
      .tuple(fc.constantFrom('', ' '), fc.array(fc.tuple(word, space), { maxLength: 12 }), fc.boolean())
      .map(([before, words, isTrimmed]) => {
        const whole = before + words.flat().join('');
        return isTrimmed ? whole.trim() : whole;
      });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (passage, limit) => {
        const ids: number[] = [];
        const kept = keepTokens(tokenizer, passage, limit, ids);
        let wanted = passage.length;
        const told: number[] = [];
        for (const { 0: one, index } of passage.matchAll(/\S+/gu)) {
          const own = tokenizer.encodeWhole(` ${one}`);
          if (told.length + own.length > limit) {
            wanted = passage.slice(0, index).trimEnd().length;
            break;
          }
          told.push(...own);
        }
        // Where the first word alone is too long it is cut inside.
        if (wanted > 0 || passage === '') expect([kept, ids]).toEqual([wanted, told]);
        else expect(passage.slice(0, kept).trim()).not.toMatch(/\s/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('shareEvenly', () => {
  it('gives nobody more than wanted and shares the rest evenly', () => {
    expect(shareEvenly([10, 100, 100], 90)).toEqual([10, 40, 40]);
    expect(shareEvenly([5, 5], 90)).toEqual([5, 5]);
    expect(shareEvenly([50, 50, 50], 10)).toEqual([3, 3, 3]);
    expect(shareEvenly([], 10)).toEqual([]);
  });

  it('spends the budget up to rounding where all want more', () => {
    const wanted = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(wanted, fc.integer({ min: 0, max: 600 }), (sizes, budget) => {
        const shares = shareEvenly(sizes, budget);
        const total = shares.reduce((sum, share) => sum + share, 0);
        const asked = sizes.reduce((sum, size) => sum + size, 0);
        expect(total).toBeLessThanOrEqual(Math.max(budget, 0));
        expect(total).toBeGreaterThan(Math.min(budget, asked) - sizes.length);
        shares.forEach((share, i) => {
          expect(share).toBeLessThanOrEqual(sizes[i]!);
          // Whoever got less than wanted got no less than anybody else.
          if (share < sizes[i]!) expect(share).toBeGreaterThanOrEqual(Math.max(...shares));
        });
      }),
    );
  });
});
