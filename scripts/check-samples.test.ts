/**
 * The embedded sample corpora are what every visitor reads first and what the lessons rest on, so
 * their promises are held here: shape, counts, word counts, true index figures, and judgments that
 * cover what BM25 shows on the screen.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ndcg } from '../src/evaluation/metrics.ts';
import { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { queryTerms } from '../src/retrieval/query.ts';
import { DEFAULT_BM25 } from '../src/retrieval/types.ts';
import type { Sample, SampleIndex } from '../src/state/corpus/samples.ts';

/** A sample's file: more than the page reads, and every passage has a title. */
interface SampleFile extends Sample {
  readonly description: string;
  readonly license: string;
  readonly author: string;
  readonly passages: readonly Required<Sample['passages'][number]>[];
}

const folder = new URL('../public/samples/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder));
const index = JSON.parse(read('index.json').toString('utf8')) as SampleIndex;

/** Terms as the app indexes them; sharing only stop-words does not make a passage a decoy. */
const terms = (text: string) => queryTerms(text, DEFAULT_BM25);

/** Passage ids in the order of the app's own BM25 with its default parameters. */
function bm25(sample: SampleFile): (query: string) => string[] {
  const search = new Bm25Index(DEFAULT_BM25);
  for (const passage of sample.passages) search.append(passage);
  return (query) => search.search(query, sample.passages.length).hits.map((hit) => hit.id);
}

const wordCount = (text: string) => text.split(/\s+/).length;

describe('samples index', () => {
  it('lists every sample file once and offers enough of them', () => {
    expect(index.version).toBe(1);
    const files = readdirSync(folder).filter((name) => name !== 'index.json' && name !== 'recordings');
    expect(index.samples.map((entry) => entry.file).sort()).toEqual(files.sort());
    expect(new Set(index.samples.map((entry) => entry.id)).size).toBe(index.samples.length);
    const sizes = index.samples.map((entry) => entry.passages);
    expect(sizes.filter((n) => n >= 36 && n <= 48).length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(156);
  });
});

for (const entry of index.samples) {
  const bytes = read(entry.file);
  const sample = JSON.parse(bytes.toString('utf8')) as SampleFile;
  const texts = new Map(sample.passages.map((p) => [p.id, `${p.title} ${p.text}`]));
  const rank = bm25(sample);

  describe(`sample ${entry.id}`, () => {
    it('is what the index says', () => {
      expect(entry.bytes).toBe(bytes.length);
      expect(entry.passages).toBe(sample.passages.length);
      expect(entry.queries).toBe(sample.queries.length);
      expect([sample.id, sample.title, sample.description]).toEqual([
        entry.id,
        entry.title,
        entry.description,
      ]);
      expect([sample.license, sample.author]).toEqual(['CC0-1.0', 'written for Rankscope']);
      expect(sample.description).toMatch(/^[^.]+\.$/);
    });

    it('has numbered passages of 25 to 70 words, each with a short title', () => {
      const width = String(sample.passages.length).length;
      sample.passages.forEach((p, i) => {
        expect(p.id).toBe(`p${String(i + 1).padStart(width, '0')}`);
        expect(wordCount(p.text), `${p.id} text`).toBeGreaterThanOrEqual(25);
        expect(wordCount(p.text), `${p.id} text`).toBeLessThanOrEqual(70);
        expect(p.title.trim(), `${p.id} title`).not.toBe('');
        expect(wordCount(p.title), `${p.id} title`).toBeLessThanOrEqual(10);
        // One line each: a sample is shown in the Corpus box, where a line break would split it.
        expect(p.text, p.id).toBe(p.text.trim().replace(/\s+/g, ' '));
      });
      expect(new Set(sample.passages.map((p) => p.text)).size).toBe(sample.passages.length);
      expect(new Set(sample.passages.map((p) => p.title)).size).toBe(sample.passages.length);
    });

    it('has 6 to 8 numbered queries', () => {
      expect(sample.queries.length).toBeGreaterThanOrEqual(6);
      expect(sample.queries.length).toBeLessThanOrEqual(8);
      expect(sample.queries.map((q) => q.id)).toEqual(sample.queries.map((_, i) => `q${i + 1}`));
      expect(new Set(sample.queries.map((q) => q.text)).size).toBe(sample.queries.length);
    });

    it.each(sample.queries.map((q) => [q.text, q] as const))('judges "%s"', (_text, query) => {
      const judged = Object.entries(query.grades);
      for (const [id, grade] of judged) {
        expect(texts.has(id), `${id} is not a passage`).toBe(true);
        expect([0, 1, 2, 3], id).toContain(grade);
      }
      const grades = judged.map(([, grade]) => grade);
      expect(grades.filter((g) => g === 3).length).toBeGreaterThanOrEqual(1);
      expect(grades.filter((g) => g === 1 || g === 2).length).toBeGreaterThanOrEqual(2);

      const asked = new Set(terms(query.text));
      const decoys = judged.filter(([id, g]) => g === 0 && terms(texts.get(id)!).some((t) => asked.has(t)));
      expect(decoys.length, 'zeros that share a word with the query').toBeGreaterThanOrEqual(6);

      const top = rank(query.text).slice(0, 10);
      const judgedTop = top.filter((id) => id in query.grades).length;
      expect(judgedTop, `judged among ${top.join(' ')}`).toBeGreaterThanOrEqual(8);
      expect(
        top.some((id) => query.grades[id] === 3),
        'a full answer among the ten candidates, so that re-ranking them can succeed',
      ).toBe(true);
    });

    it('leaves BM25 room to improve, and differs from query to query', () => {
      const scores = sample.queries.map((q) =>
        ndcg(rank(q.text), new Map(Object.entries(q.grades)), { k: 10 }),
      );
      const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
      expect(mean).toBeGreaterThan(0.45);
      expect(mean).toBeLessThan(0.75);
      expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(0.15);
      const perQuery = scores.map((s) => s.toFixed(3).slice(1)).join(' ');
      console.log(`BM25 nDCG@10 on ${entry.id}: mean ${mean.toFixed(3)} (${perQuery})`);
    });
  });
}
