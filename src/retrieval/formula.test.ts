import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bm25Index } from './bm25-index.ts';
import { inverseDocumentFrequency, lengthNorm, saturation } from './formula.ts';

const vectors = new URL('../../../shared/reference/bm25/vectors.json', import.meta.url);
const missing = !existsSync(vectors);

const weight = (
  frequency: number,
  length: number,
  average: number,
  { k1, b, delta }: { k1: number; b: number; delta: number },
): number => saturation(frequency, lengthNorm(length, average, k1, b), k1, delta);

/** Robertson and Spärck Jones's idf, which those references use; ours adds 1 inside the logarithm. */
const classicIdf = (n: number, total: number): number => Math.log((total - n + 0.5) / (n + 0.5));

describe('inverseDocumentFrequency', () => {
  it('is the logarithm of 1 + the odds, positive even for a term of every passage', () => {
    expect(inverseDocumentFrequency(1000, 1e7)).toBeCloseTo(
      Math.log(1 + Math.exp(classicIdf(1000, 1e7))),
      12,
    );
    expect(inverseDocumentFrequency(5, 5)).toBeCloseTo(Math.log(1 + 0.5 / 5.5), 12);
    expect(inverseDocumentFrequency(5, 5)).toBeGreaterThan(0);
  });
});

describe.skipIf(missing)(
  `formula against other programs${missing ? ' (SKIPPED: no ../shared/reference/bm25)' : ''}`,
  () => {
    const [smile, fxt, strings, rustfuzz] = missing ? [] : JSON.parse(readFileSync(vectors, 'utf8'));

    it('smile: saturation', () => {
      const s = weight(smile.freq, smile.docSize, smile.avgDocSize, {
        k1: smile.k1,
        b: smile.b,
        delta: 0,
      });
      expect(Math.abs(s * classicIdf(smile.n, smile.N) - smile.expected)).toBeLessThan(smile.tol);
    });

    it('fxt: saturation of ten occurrences in a passage of average length', () => {
      const s = weight(10, fxt.avg_doc_len, fxt.avg_doc_len, { k1: fxt.k1, b: fxt.b, delta: 0 });
      expect(s * classicIdf(1000, fxt.num_docs)).toBeCloseTo(fxt.expected, 3);
    });

    it('string-distance (rank_bm25’s Okapi, k1 1.5, b 0.75): every pair of passages', () => {
      const corpus = strings.corpus as string[][];
      const params = { k1: 1.5, b: 0.75, delta: 0 };
      const average = corpus.flat().length / corpus.length;
      const vocabulary = [...new Set(corpus.flat())];
      const raw = new Map(
        vocabulary.map((t) => [t, classicIdf(corpus.filter((d) => d.includes(t)).length, 3)]),
      );
      // rank_bm25 lifts negative idf to a quarter of the mean.
      const floor = (0.25 * [...raw.values()].reduce((a, x) => a + x, 0)) / raw.size;
      const score = (query: string[], passage: string[]): number =>
        query.reduce((sum, term) => {
          const idf = raw.get(term) ?? 0;
          const frequency = passage.filter((t) => t === term).length;
          return sum + (idf < 0 ? floor : idf) * weight(frequency, passage.length, average, params);
        }, 0);
      corpus.forEach((query, i) => {
        corpus.forEach((passage, j) => {
          expect(score(query, passage)).toBeCloseTo(strings.gold_pairwise[i][j], 9);
        });
      });
      expect(score(strings.query, corpus[strings.doc]!)).toBeCloseTo(strings.gold, 9);
    });

    it('rustfuzz: the whole index with our own idf, and δ = 1', () => {
      const params = { k1: 1.5, b: 0.75, delta: 0, stopWords: false, fold: true, stemming: 'none' } as const;
      const index = new Bm25Index(params);
      for (const [i, text] of rustfuzz.corpus.entries()) index.append({ id: String(i), text });
      const { hits } = index.search(rustfuzz.query, 3);
      expect(hits.map((h) => h.id)).toEqual(['1']);
      expect(hits[0]!.score).toBeCloseTo(rustfuzz.okapi[1], 12);
      // Its BM25+ takes ln((N + 1) / n) for idf.
      const plus = 2 * Math.log(4 / 1) * weight(1, 6, 5, { ...params, delta: 1 });
      expect(plus).toBeCloseTo(rustfuzz.bm25plus[1], 12);
    });
  },
);
