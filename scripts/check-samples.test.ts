/**
 * The embedded sample corpora are what every visitor reads first and what the lessons rest on, so
 * their promises are held here: shape, counts, word counts, true index figures, and judgments that
 * cover what BM25 shows on the screen.
 */
import { readdirSync, readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';

interface IndexEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly file: string;
  readonly passages: number;
  readonly queries: number;
  readonly bytes: number;
}
interface SamplePassage {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}
interface SampleQuery {
  readonly id: string;
  readonly text: string;
  readonly grades: Readonly<Record<string, number>>;
}
interface Sample {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly license: string;
  readonly author: string;
  readonly passages: readonly SamplePassage[];
  readonly queries: readonly SampleQuery[];
}

const folder = new URL('../public/samples/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder));
const index = JSON.parse(read('index.json').toString('utf8')) as {
  version: number;
  samples: readonly IndexEntry[];
};

/** Function words that carry no topic: sharing only these does not make a passage a lexical decoy. */
const STOP_WORDS = new Set(
  (
    'a an and are as at be been but by can do does for from have how i if in into is it its me my no not of on or ' +
    'out s should so t that the their then there these they this to was what when where which while who why will ' +
    'with without would you your all don won'
  ).split(' '),
);

function terms(text: string): string[] {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.split(/[^\p{L}\p{N}]+/u).filter((term) => term !== '' && !STOP_WORDS.has(term));
}

/**
 * Passage ids in BM25 order. One-term searches are added up: MiniSearch's own total for several
 * terms multiplies by the number of matched terms and is no BM25. Ties keep corpus order.
 */
function bm25(sample: Sample): (query: string) => string[] {
  const search = new MiniSearch<{ id: number; text: string }>({ fields: ['text'], tokenize: terms });
  search.addAll(sample.passages.map((p, id) => ({ id, text: `${p.title} ${p.text}` })));
  return (query) => {
    const scores = new Map<number, number>();
    for (const term of new Set(terms(query))) {
      for (const hit of search.search(term)) {
        const id = hit.id as number;
        scores.set(id, (scores.get(id) ?? 0) + hit.score);
      }
    }
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return ranked.map(([id]) => sample.passages[id]!.id);
  };
}

/** nDCG@10 as trec_eval computes it: linear gain, log2 discount, ideal over all judgments. */
function ndcg10(ranking: readonly string[], grades: Readonly<Record<string, number>>): number {
  const dcg = (gains: readonly number[]) =>
    gains.slice(0, 10).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
  const ideal = dcg(Object.values(grades).sort((a, b) => b - a));
  return dcg(ranking.map((id) => grades[id] ?? 0)) / ideal;
}

const wordCount = (text: string) => text.split(/\s+/).length;

describe('samples index', () => {
  it('lists every sample file once and offers enough of them', () => {
    expect(index.version).toBe(1);
    const files = readdirSync(folder).filter((name) => name !== 'index.json');
    expect(index.samples.map((entry) => entry.file).sort()).toEqual(files.sort());
    expect(new Set(index.samples.map((entry) => entry.id)).size).toBe(index.samples.length);
    const sizes = index.samples.map((entry) => entry.passages);
    expect(sizes.filter((n) => n >= 36 && n <= 48).length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(156);
  });
});

for (const entry of index.samples) {
  const bytes = read(entry.file);
  const sample = JSON.parse(bytes.toString('utf8')) as Sample;
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
        expect(texts.has(id), `${id} is no passage`).toBe(true);
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
      const scores = sample.queries.map((q) => ndcg10(rank(q.text), q.grades));
      const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
      expect(mean).toBeGreaterThan(0.5);
      expect(mean).toBeLessThan(0.75);
      expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(0.15);
      const perQuery = scores.map((s) => s.toFixed(3).slice(1)).join(' ');
      console.log(`BM25 nDCG@10 on ${entry.id}: mean ${mean.toFixed(3)} (${perQuery})`);
    });
  });
}
