import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ndcg } from '../evaluation/metrics.ts';
import { parseCorpus } from '../formats/corpus.ts';
import { readQrels } from '../formats/qrels.ts';
import { readQueries } from '../formats/queries.ts';
import { buildIndex } from './build.ts';
import { DEFAULT_BM25 } from './types.ts';

const folder = new URL('../../../shared/data/cranfield/', import.meta.url);
const missing = !existsSync(folder);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

describe.skipIf(missing)(`Cranfield${missing ? ' (SKIPPED: no ../shared/data/cranfield)' : ''}`, () => {
  it('nDCG@10 by trec_eval’s formula is at least 0.32 with the default parameters', async () => {
    const corpus = parseCorpus(read('corpus.jsonl'), { fileName: 'corpus.jsonl' });
    const index = await buildIndex(corpus.passages, DEFAULT_BM25);
    const qrels = readQrels(read('qrels/test.tsv'));
    const queries = readQueries(read('queries.jsonl')).filter(({ id }) => qrels.has(id));
    const values = queries.map(({ id, text }) =>
      ndcg(
        index.search(text, 10).hits.map((hit) => hit.id),
        qrels.get(id)!,
        { k: 10 },
      ),
    );
    expect(values).toHaveLength(225);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(mean).toBeGreaterThanOrEqual(0.32);
    // Far above it something is wrong with the measure, not right with BM25.
    expect(mean).toBeLessThan(0.4);
  });
});
