/** Segmentation equal to the library's, which walks the lattice another way: pieces, ties and rounding. */
import { existsSync, readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../../trainer/testing/tiny-checkpoint.ts';
import { Unigram } from './unigram.ts';

type Vocab = readonly (readonly [string, number])[];

/** The library's pieces, unknown ones in a row as one. */
function libraryOf(tokenizerJson: unknown): (word: string) => number[] {
  const { model } = new Tokenizer(tokenizerJson as object, {});
  return (word) => model!([word]).map((piece) => model!.tokens_to_ids.get(piece) ?? model!.unk_token_id!);
}

const jsonOf = (vocab: Vocab) => ({
  version: '1.0',
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'Unigram', unk_id: 0, vocab },
});

describe('any vocabulary', () => {
  it('segments any word as the library does', () => {
    // Few letters and few scores: many ways, many of them equally good.
    const letters = fc.constantFrom('a', 'b', 'c', '\u{1f9ff}');
    const piece = fc.array(letters, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
    const score = fc.oneof(
      fc.constantFrom(-1, -2, -3, -0.1, -0.2, -0.3),
      fc.double({ min: -20, max: 0, noNaN: true }),
    );
    const vocab = fc.array(fc.tuple(piece, score), { maxLength: 20 });
    const word = fc.array(fc.oneof(letters, fc.constantFrom('d', '\ud800', '你')), { maxLength: 12 });
    fc.assert(
      fc.property(vocab, fc.array(word, { maxLength: 10 }), (pieces, words) => {
        const whole: Vocab = [['<unk>', 0], ...pieces];
        const library = libraryOf(jsonOf(whole));
        const own = new Unigram(whole, 0);
        for (const one of words) expect(own.segment(one.join(''))).toEqual(library(one.join('')));
      }),
      { numRuns: 1000 },
    );
  });
});

const FLAN = new URL('../../../shared/data/flan-t5-small-tokenizer/tokenizer.json', import.meta.url).pathname;
const EMBEDDED = new URL('../../public/models/demo-teacher/tokenizer.json', import.meta.url).pathname;

for (const [name, file] of [
  ['FLAN-T5 (skipped when ../shared/data is missing)', FLAN],
  ['the embedded teacher (skipped when public/models is missing)', EMBEDDED],
] as const) {
  describe.skipIf(!existsSync(file))(`the vocabulary of ${name}`, () => {
    const json = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { model: { vocab: Vocab; unk_id: number } })
      : undefined;

    it('segments its own pieces, alone and joined, as the library does', () => {
      const { vocab, unk_id } = json!.model;
      const library = libraryOf(json);
      const own = new Unigram(vocab, unk_id);
      for (let i = 0; i < vocab.length; i += 7) {
        const word = `${vocab[i]![0]}${vocab[(i * 31) % vocab.length]![0]}`;
        expect(own.segment(word), word).toEqual(library(word));
      }
    });
  });
}

describe('a very long word', () => {
  it('leaves the next one as it was', () => {
    const { vocab, unk_id } = (
      JSON.parse(tinyTokenizer().tokenizerJson) as { model: { vocab: Vocab; unk_id: number } }
    ).model;
    const unigram = new Unigram(vocab, unk_id);
    const before = unigram.segment('▁watered');
    expect(unigram.segment('q'.repeat(300_000))).toHaveLength(300_000);
    expect(unigram.segment('▁watered')).toEqual(before);
  });

  it('and a word of nothing has no pieces', () => {
    expect(new Unigram([['<unk>', 0]], 0).segment('')).toEqual([]);
  });
});
