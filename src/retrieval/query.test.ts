import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedTerms, formsOfTerms, markTerms, queryTerms } from './query.ts';
import { termsOf } from './tokenize.ts';
import { DEFAULT_BM25, UNSTEMMED_BM25 } from './types.ts';

const marked = (text: string, query: string): string[] =>
  markTerms(text, queryTerms(query, DEFAULT_BM25), DEFAULT_BM25).map(({ start, end }) =>
    text.slice(start, end),
  );

describe('queryTerms', () => {
  it('lists different terms in order, without stop-words', () => {
    expect(queryTerms('The Wing, the lift of the wing?', DEFAULT_BM25)).toEqual(['wing', 'lift']);
    expect(countedTerms('wing lift wing', DEFAULT_BM25)).toEqual([
      { term: 'wing', count: 2 },
      { term: 'lift', count: 1 },
    ]);
  });
});

describe('formsOfTerms', () => {
  it('names the words behind each term as they are written', () => {
    const forms = formsOfTerms('Deductible costs: a cost that is deducted. DEDUCTIBLE!', DEFAULT_BM25);
    expect([...forms]).toEqual([
      ['deduct', ['deductible', 'deducted']],
      ['cost', ['costs', 'cost']],
    ]);
  });
});

describe('markTerms', () => {
  it('marks what BM25 matches: folded, whole words, as written in the text', () => {
    expect(marked('CAFÉS and a Café; café-bar, cafe\u0301!', 'cafe')).toEqual([
      ...['CAFÉS', 'Café', 'café', 'cafe\u0301'],
    ]);
  });

  it('marks emoji, right-to-left words and ideographs', () => {
    expect(marked('go 🎉 go', '🎉')).toEqual(['🎉']);
    expect(marked('שָׁלוֹם עולם', 'שלום')).toEqual(['שָׁלוֹם']);
    expect(marked('東京の猫', '猫')).toEqual(['猫']);
  });

  it('joins overlapping pairs to one span', () => {
    expect(marked('ブラックコーヒーです', 'コーヒー')).toEqual(['コーヒー']);
  });

  it('marks other forms of a word where they are counted, and only there', () => {
    const text = 'Has he deducted ha-ha costs? A deductible cost.';
    expect(marked(text, 'ha deduct')).toEqual(['deducted', 'ha', 'ha', 'deductible']);
    expect(
      markTerms(text, queryTerms('deduct', UNSTEMMED_BM25), UNSTEMMED_BM25).map(({ start }) => start),
    ).toEqual([]);
  });

  it('marks a Hangul word with its particle left out', () => {
    expect(marked('서울은 도시이다. 책 한 권', '서울 책')).toEqual(['서울', '책']);
    expect(marked('대한민국의 수도', '대한민국')).toEqual(['대한민국']);
  });

  it('marks nothing for a query without terms', () => {
    expect(marked('the of and', 'the of')).toEqual([]);
  });

  it('gives spans that are in order, apart, inside the text, and hold a wanted term', () => {
    const unit = fc.oneof(
      fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
      fc.constantFrom(...'aab é東カカー👍🇫🇷\u200d\u0301'),
    );
    const text = fc.string({ unit, maxLength: 40 });
    fc.assert(
      fc.property(text, fc.nat(), (body, pick) => {
        const terms = termsOf(body, DEFAULT_BM25);
        const wanted = terms.length === 0 ? 'x' : terms[pick % terms.length]!;
        const spans = markTerms(body, [wanted], DEFAULT_BM25);
        expect(spans.length > 0).toBe(terms.includes(wanted));
        let end = 0;
        for (const span of spans) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          expect(termsOf(body.slice(span.start, span.end), DEFAULT_BM25)).toContain(wanted);
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(body.length);
      }),
    );
  });
});
