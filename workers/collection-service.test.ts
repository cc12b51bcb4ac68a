import { gzipSync } from 'node:zlib';
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BM25 } from '../src/retrieval/types.ts';
import type { CollectionSummary } from '../src/workers/collection-protocol.ts';
import { CollectionService } from './collection-service.ts';

const CORPUS = [
  { _id: 'd1', title: 'Apple', text: 'An apple is red.' },
  { _id: 'd2', title: '', text: 'A pear is not an apple.' },
  { _id: 'd3', title: '', text: 'Grapes grow in bunches.' },
  { _id: 'q2', title: '', text: 'ripe pear' },
];
const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const QUERIES = lines([
  { _id: 'q1', text: 'red apple' },
  { _id: 'q2', text: 'ripe pear' },
  { _id: 'q3', text: 'unjudged' },
]);
const QRELS = 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq2\td2\t1\n';
const BEIR = { 'set/corpus.jsonl': lines(CORPUS), 'set/queries.jsonl': QUERIES, 'set/qrels/test.tsv': QRELS };

type Files = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

async function open(
  files: Files,
  split?: string,
): Promise<{ service: CollectionService; summary: CollectionSummary }> {
  const service = new CollectionService();
  const source = {
    kind: 'files' as const,
    name: 'set',
    files: Object.entries(files).map(([path, content]) => {
      const blob = new Blob([content]);
      return { path, size: blob.size, blob };
    }),
  };
  return { service, summary: await service.open({ source, split, bm25: DEFAULT_BM25 }, () => {}) };
}

const refusal = async (files: Files): Promise<string> => {
  const error = await open(files).then(
    () => undefined,
    (reason: Error) => reason,
  );
  return String(error?.message);
};

describe('a collection', () => {
  it('is read from a BEIR folder: judged queries in their order, candidates by BM25 without the query’s own id', async () => {
    const { service, summary } = await open({ ...BEIR, 'set/README.md': '# about' });
    expect(summary).toMatchObject({
      kind: 'collection',
      passages: 4,
      split: 'test',
      splits: ['test'],
      runs: [],
    });
    expect(summary.queries.map(({ id }) => id)).toEqual(['q1', 'q2']);
    expect(summary.files).toEqual([
      { path: 'corpus.jsonl', kind: 'corpus', content: '4 passages' },
      { path: 'queries.jsonl', kind: 'queries', content: '3 queries' },
      { path: 'qrels/test.tsv', kind: 'qrels', content: '2 judged queries' },
      { path: 'README.md', kind: undefined, content: undefined },
    ]);
    const { candidates, ms } = service.candidates('q1', 1);
    expect(candidates.map(({ passage, rank }) => [passage.id, rank])).toEqual([['d1', 1]]);
    expect(ms).toBeGreaterThanOrEqual(0);
    // The passage q2 is the query itself.
    expect(service.candidates('q2', 3).candidates.map(({ passage }) => passage.id)).toEqual(['d2']);
  });

  it('has one name for the same texts however they are packed, and another for other texts', async () => {
    const packed = { ...BEIR, 'set/corpus.jsonl': new Uint8Array(gzipSync(lines(CORPUS))) };
    const plain = await open(BEIR);
    expect((await open(packed)).summary.fingerprint).toBe(plain.summary.fingerprint);
    const edited = { ...BEIR, 'set/corpus.jsonl': lines(CORPUS).replace('red', 'Red') };
    expect((await open(edited)).summary.fingerprint).not.toBe(plain.summary.fingerprint);
  });

  it('is read out of a zip, and a damaged one is refused', async () => {
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    for (const [path, text] of Object.entries(BEIR)) await writer.add(path, new TextReader(text));
    const blob = (await writer.close()) as Blob;
    const service = new CollectionService();
    const of = (zip: Blob) => ({
      source: { kind: 'zip' as const, name: 'set.zip', blob: zip },
      bm25: DEFAULT_BM25,
    });
    const summary = await service.open(of(blob), () => {});
    expect(summary).toMatchObject({ name: 'set', passages: 4, queries: [{ id: 'q1' }, { id: 'q2' }] });
    expect(summary.fingerprint).toBe((await open(BEIR)).summary.fingerprint);
    await expect(service.open(of(blob.slice(0, 200)), () => {})).rejects.toThrow(
      /set\.zip is not a zip, or is damaged/,
    );
    // What was open stays.
    expect(service.candidates('q1', 1).candidates).toHaveLength(1);
  });

  it('takes the split that is asked for, and says what judgments and corpus lack', async () => {
    const files = { ...BEIR, 'set/qrels/dev.tsv': `${QRELS}q9\td1\t1\nq2\tgone\t1\n` };
    const { summary } = await open(files, 'dev');
    expect(summary).toMatchObject({ split: 'dev', splits: ['test', 'dev'] });
    expect(summary.notices).toEqual([
      'qrels/dev.tsv judges 1 query that queries.jsonl lacks, e.g. “q9”; it is left out.',
      '1 judged passage is not in corpus.jsonl: no ranking can find it, and the measures count it.',
    ]);
  });

  it('gives the candidates of a run that was opened with it', async () => {
    const run = 'q1 Q0 d3 1 9 other\nq1 Q0 d1 2 8 other\nq1 Q0 gone 3 7 other\n';
    const { service, summary } = await open({ ...BEIR, 'set/other.trec': run });
    expect(summary.runs).toEqual([{ name: 'other', entries: [['q1', ['d3', 'd1', 'gone'], [9, 8, 7]]] }]);
    expect(service.candidates('q1', 10, 'other').candidates.map(({ passage }) => passage.id)).toEqual([
      'd3',
      'd1',
    ]);
  });

  it('is runs with judgments, or hits with or without', async () => {
    const run = 'q1 Q0 d1 1 9 a\nq1 Q0 d1 1 9 b\n';
    const runs = await open({ 'x.trec': run, 'dl.qrels': 'q1 0 d1 1\nq7 0 d1 1\n' });
    expect(runs.summary).toMatchObject({ kind: 'runs', queries: [{ id: 'q1' }] });
    expect(runs.summary.runs.map(({ name }) => name)).toEqual(['a', 'b']);
    const hits = JSON.stringify([
      { query: 'red apple', hits: [{ content: 'An apple.', qid: 'q1', docid: 'd1', rank: 1, score: 2 }] },
      { query: 'pear', hits: [{ content: 'A pear.', qid: 'q5', docid: 'd2', rank: 1, score: 2 }] },
    ]);
    const bare = await open({ 'hits.json': hits });
    expect(bare.summary).toMatchObject({ kind: 'hits', split: '', mostCandidates: 1, passages: 2 });
    expect(bare.service.candidates('q5', 10).candidates.map(({ passage }) => passage.text)).toEqual([
      'A pear.',
    ]);
    const judged = await open({ 'hits.json': hits, 'dl.qrels': 'q1 0 d1 1\n' });
    expect(judged.summary.queries.map(({ id }) => id)).toEqual(['q1']);
    expect(judged.summary.notices).toEqual(['1 query without judgments left out.']);
  });

  it('is refused with file, line and reason', async () => {
    expect(await refusal({ ...BEIR, 'set/qrels/test.tsv': `${QRELS}q1\td3\tgood\n` })).toBe(
      'qrels/test.tsv, line 5: the grade must be a whole number, found “good”.',
    );
    expect(
      await refusal({ ...BEIR, 'set/corpus.jsonl': `${lines(CORPUS)}{"_id": "d1", "text": "again"}\n` }),
    ).toMatch(/^corpus\.jsonl, line 5: The id “d1” is on line 1 and again on line 5\./);
    expect(await refusal({ ...BEIR, 'set/qrels/test.tsv': 'q8\td1\t1\n' })).toMatch(
      /^qrels\/test\.tsv: it judges none of the queries of queries\.jsonl/,
    );
    expect(await refusal({ 'a.txt': 'id\tsome words\n' })).toBe(
      'set: something is missing: queries (queries.jsonl) and judgments (qrels). An evaluation needs a corpus, queries and judgments, ' +
        'or runs and judgments, or RankGPT hits. Drop what is missing, too.',
    );
    expect(await refusal({ 'hits.json': '[{"query": "a", "hits": [{"docid": "1"}]}]' })).toMatch(
      /hits\.json, line 1/,
    );
    expect(await refusal({ 'x.trec': 'q1 Q0 d1 1 9 a\n', 'dl.qrels': 'q2 0 d1 1\n' })).toMatch(
      /^x\.trec: none of its queries, e\.g\. “q1”, is judged in dl\.qrels/,
    );
  });
});
