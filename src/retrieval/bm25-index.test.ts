import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passageText } from '../passage-text.ts';
import type { Passage } from '../types.ts';
import { Bm25Index } from './bm25-index.ts';
import { Postings } from './postings.ts';
import { termsOf } from './tokenize.ts';
import { type Bm25Params, DEFAULT_BM25 } from './types.ts';

const words = ['wing', 'lift', 'drag', 'flow', 'the', 'Café', '東京', '👍'];
const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((w) => w.join(' '));
const corpus = fc
  .array(fc.record({ title: fc.option(text, { nil: undefined }), text }), { minLength: 1, maxLength: 12 })
  .map((list) => list.map((p, i): Passage => ({ id: `p${i}`, ...p })));
const params: fc.Arbitrary<Bm25Params> = fc.record({
  k1: fc.double({ min: 0, max: 3, noNaN: true }),
  b: fc.double({ min: 0, max: 1, noNaN: true }),
  delta: fc.constantFrom(0, 0.5, 1),
  stopWords: fc.boolean(),
  stemming: fc.constantFrom('english', 'none'),
  fold: fc.boolean(),
});

function indexOf(passages: readonly Passage[], p: Bm25Params = DEFAULT_BM25): Bm25Index {
  const index = new Bm25Index(p);
  for (const passage of passages) index.append(passage);
  return index;
}

const lines = (...texts: string[]): Passage[] => texts.map((t, i) => ({ id: `p${i}`, text: t }));
const ids = (index: Bm25Index, query: string, k = 10): string[] =>
  index.search(query, k).hits.map((h) => h.id);

/** BM25 written down from its definition. */
function definition(passages: readonly Passage[], query: string, p: Bm25Params): number[] {
  const documents = passages.map((passage) => termsOf(passageText(passage), p));
  const average = documents.reduce((sum, d) => sum + d.length, 0) / documents.length;
  return documents.map((d) =>
    termsOf(query, p).reduce((sum, term) => {
      const f = d.filter((t) => t === term).length;
      if (f === 0) return sum;
      const n = documents.filter((other) => other.includes(term)).length;
      const idf = Math.log(1 + (documents.length - n + 0.5) / (n + 0.5));
      return sum + idf * (p.delta + (f * (p.k1 + 1)) / (f + p.k1 * (1 - p.b + (p.b * d.length) / average)));
    }, 0),
  );
}

describe('Bm25Index.search', () => {
  it('scores as BM25 is defined, best first, ties in corpus order', () => {
    fc.assert(
      fc.property(corpus, text, params, (passages, query, p) => {
        const { hits, matched } = indexOf(passages, p).search(query, passages.length);
        const expected = definition(passages, query, p);
        const has = (i: number) => {
          const terms = new Set(termsOf(passageText(passages[i]!), p));
          return termsOf(query, p).some((t) => terms.has(t));
        };
        expect(hits).toHaveLength(matched);
        expect(matched).toBe(passages.filter((_, i) => has(i)).length);
        let before: { score: number; place: number } | undefined;
        for (const hit of hits) {
          const place = passages.findIndex(({ id }) => id === hit.id);
          expect(hit.score).toBeCloseTo(expected[place]!, 9);
          if (before) {
            expect(before.score > hit.score || (before.score === hit.score && before.place < place)).toBe(
              true,
            );
          }
          before = { score: hit.score, place };
        }
      }),
    );
  });

  it('explains every score: contributions sum to it exactly', () => {
    fc.assert(
      fc.property(corpus, text, params, (passages, query, p) => {
        for (const { id, score, terms } of indexOf(passages, p).search(query, 100).hits) {
          expect(terms.reduce((sum, t) => sum + t.contribution, 0)).toBe(score);
          const own = termsOf(passageText(passages.find((x) => x.id === id)!), p);
          for (const { term, frequency } of terms) {
            expect(frequency).toBe(own.filter((t) => t === term).length);
          }
        }
      }),
    );
  });

  it('contributions are MiniSearch’s own one-term searches, to the last bit', () => {
    fc.assert(
      fc.property(corpus, text, params, (passages, query, p) => {
        const own = new Postings((t) => termsOf(t, p));
        for (const passage of passages) own.append(passageText(passage));
        const bm25 = { k: p.k1, b: p.b, d: p.delta };
        for (const { id, terms } of indexOf(passages, p).search(query, 100).hits) {
          for (const { term, contribution, queryCount } of terms) {
            const found = own.search(term, { tokenize: () => [term], processTerm: (t) => t, bm25 });
            const hit = found.find((r) => `p${r.id}` === id);
            expect(contribution).toBe(queryCount! * hit!.score);
          }
        }
      }),
    );
  });

  it('the first k of many are the first k of all', () => {
    fc.assert(
      fc.property(corpus, text, fc.nat(12), (passages, query, k) => {
        const index = indexOf(passages);
        expect(ids(index, query, k)).toEqual(ids(index, query, 100).slice(0, k));
      }),
    );
  });

  it('ranks the passage about the query first', () => {
    const index = indexOf(
      lines('A wing in a slipstream.', 'Heat conduction in slabs.', 'Lift of a wing and the drag of a wing.'),
    );
    expect(ids(index, 'What is the drag on a wing?')).toEqual(['p2', 'p0']);
  });

  it('a term that the query repeats counts as often', () => {
    const index = indexOf(lines('wing', 'lift', 'other words'));
    expect(ids(index, 'wing lift')).toEqual(['p0', 'p1']);
    expect(ids(index, 'wing lift lift')).toEqual(['p1', 'p0']);
    const [hit] = index.search('lift lift', 1).hits;
    expect(hit!.score).toBe(2 * index.search('lift', 1).hits[0]!.score);
    expect(hit!.terms[0]).toMatchObject({ term: 'lift', queryCount: 2, frequency: 1 });
  });

  it('finds words of the title', () => {
    const index = indexOf([
      { id: 'a', title: 'Slipstream', text: 'A study.' },
      { id: 'b', text: 'A study of wings.' },
    ]);
    expect(ids(index, 'slipstream')).toEqual(['a']);
  });

  it('matches whole terms only', () => {
    expect(ids(indexOf(lines('winglet', 'win', 'following')), 'wing')).toEqual([]);
  });

  it('finds emoji, right-to-left text and ideographs', () => {
    const index = indexOf(lines('party 🎉 tonight', 'مرحبا بالعالم', '東京の猫', 'שָׁלוֹם עולם'));
    expect(ids(index, '🎉')).toEqual(['p0']);
    expect(ids(index, 'مَرحبا')).toEqual(['p1']);
    expect(ids(index, '猫')).toEqual(['p2']);
    expect(ids(index, 'שלום')).toEqual(['p3']);
  });

  it('a passage of 200 kB is held back by its length, and is found', () => {
    const long = `needle ${'hay stack field '.repeat(12_500)}`;
    const index = indexOf(lines(long, 'a needle', 'nothing here'));
    expect(ids(index, 'needle')).toEqual(['p1', 'p0']);
    expect(index.search('hay', 1).hits[0]!.terms[0]!.frequency).toBe(12_500);
  });

  it('an empty index, an empty query, stop-words alone, unknown words, k = 0: no hits', () => {
    const nothing = { hits: [], passages: [], matched: 0, filled: [] };
    expect(new Bm25Index(DEFAULT_BM25).search('wing', 10)).toEqual({ ...nothing, words: 'some' });
    const index = indexOf(lines('wing', '', '…'));
    for (const [query, words] of [
      ['', 'none'],
      ['the of and', 'stop-words'],
      ['zebra', 'some'],
      ['\u0000 …', 'none'],
    ] as const) {
      expect(index.search(query, 10)).toEqual({ ...nothing, words });
    }
    expect(index.search('wing', 0)).toEqual({ ...nothing, matched: 1, words: 'some' });
  });

  it('fills up with the first passages that share no word, and changes no hit by it', () => {
    const index = indexOf(lines('nothing', 'deductible', 'else', 'commuting', 'more'));
    const filledIds = (query: string, k: number) =>
      index.search(query, k, { fill: true }).filled.map(({ id }) => id);
    expect(filledIds('can I deduct my commute', 4)).toEqual(['p0', 'p2']);
    expect(filledIds('can I deduct my commute', 100)).toEqual(['p0', 'p2', 'p4']);
    expect(filledIds('can I deduct my commute', 2)).toEqual([]);
    expect(filledIds('zebra', 2)).toEqual(['p0', 'p1']);
    expect(filledIds('what is this', 2)).toEqual(['p0', 'p1']);
    expect(filledIds('?!', 2)).toEqual([]);
    const { filled, ...rest } = index.search('deduct', 3, { fill: true });
    expect({ ...rest, filled: [] }).toEqual(index.search('deduct', 3));
  });

  it('words like those of Object.prototype are words', () => {
    const index = indexOf(lines('the constructor of toString', '__proto__ hasOwnProperty'));
    expect(ids(index, 'constructor')).toEqual(['p0']);
    expect(ids(index, 'hasOwnProperty')).toEqual(['p1']);
    expect(ids(index, 'valueOf')).toEqual([]);
  });

  it('searches do not leave traces in later ones', () => {
    const index = indexOf(lines('wing lift', 'lift', 'drag'));
    const first = index.search('lift', 10);
    index.search('drag wing', 10);
    index.append({ id: 'later', text: 'other' });
    index.search('other', 10);
    expect(index.search('lift', 10).hits.map((h) => h.id)).toEqual(first.hits.map((h) => h.id));
    expect(index.search('lift', 10).matched).toBe(2);
  });
});

describe('parameters', () => {
  const passages = lines('wing', 'wing wing wing lift lift lift lift lift lift lift lift', 'drag');

  it('b = 0: length does not count; b = 1: it counts in full', () => {
    const index = indexOf(passages);
    index.retune({ ...DEFAULT_BM25, b: 0 });
    expect(ids(index, 'wing')).toEqual(['p1', 'p0']);
    index.retune({ ...DEFAULT_BM25, b: 1 });
    expect(ids(index, 'wing')).toEqual(['p0', 'p1']);
  });

  it('k1 = 0: a second occurrence adds nothing', () => {
    const index = indexOf(passages, { ...DEFAULT_BM25, k1: 0 });
    const [first, second] = index.search('wing', 2).hits;
    expect(first!.score).toBe(second!.score);
    expect(first!.id).toBe('p0');
  });

  it('delta adds delta · idf for each matching term', () => {
    const index = indexOf(passages);
    const before = index.search('lift', 1).hits[0]!;
    index.retune({ ...DEFAULT_BM25, delta: 1 });
    const after = index.search('lift', 1).hits[0]!;
    expect(after.score - before.score).toBeCloseTo(before.terms[0]!.idf, 12);
  });

  it('stopWords, fold and stemming need a new index', () => {
    const index = indexOf(passages);
    expect(index.retune({ ...DEFAULT_BM25, fold: false })).toBe(false);
    expect(index.retune({ ...DEFAULT_BM25, stopWords: false })).toBe(false);
    expect(index.retune({ ...DEFAULT_BM25, stemming: 'none' })).toBe(false);
    expect(index.params).toEqual(DEFAULT_BM25);
    expect(ids(indexOf(lines('Wing', 'wing'), { ...DEFAULT_BM25, fold: false }), 'Wing')).toEqual(['p0']);
    expect(ids(indexOf(lines('the wing'), { ...DEFAULT_BM25, stopWords: false }), 'the')).toEqual(['p0']);
  });

  it.each([
    ['k1', -1],
    ['b', 1.5],
    ['delta', Number.NaN],
  ])('%s = %d is refused by name', (name, value) => {
    const wrong = { ...DEFAULT_BM25, [name]: value };
    expect(() => new Bm25Index(wrong)).toThrow(expect.objectContaining({ code: 'bad-input' }));
    expect(() => new Bm25Index(wrong)).toThrow(name);
    expect(() => indexOf(passages).retune(wrong)).toThrow(name);
  });
});
