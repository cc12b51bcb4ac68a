/** The benches' job: a query of a sample, its first unless told, with BM25's top passages, as the page would rank it. */
import { readFileSync } from 'node:fs';
import { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { DEFAULT_BM25 } from '../src/retrieval/types.ts';
import type { Passage, Query } from '../src/types.ts';
import type { Job } from './scoring-job.ts';

const SAMPLES = new URL('../public/samples/', import.meta.url).pathname;

export function sampleJob(file = 'immunity.json', k = 10, text?: string): Job {
  const sample = JSON.parse(readFileSync(SAMPLES + file, 'utf8')) as {
    passages: Passage[];
    queries: Query[];
  };
  const query = sample.queries.find((one) => one.text === text) ?? sample.queries[0]!;
  const index = new Bm25Index(DEFAULT_BM25);
  for (const passage of sample.passages) index.append(passage);
  const byId = new Map(sample.passages.map((passage) => [passage.id, passage]));
  const candidates = index
    .search(query.text, k)
    .hits.map((hit, i) => ({ passage: byId.get(hit.id)!, rank: i + 1, score: hit.score }));
  return { query, candidates };
}
