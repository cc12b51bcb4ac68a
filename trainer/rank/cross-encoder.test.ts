/** A cross-encoder's folder through `rank`, `evaluate` and `serve --rerank`: one order, and refused where it cannot be asked. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { DEFAULT_MEASURES } from '../evaluate/measures.ts';
import { runEvaluation } from '../evaluate/run-evaluate.ts';
import { teacherSource } from '../label/teacher.ts';
import { openReranker } from '../serve/rerank/open-reranker.ts';
import { serveRerank } from '../serve/rerank/rerank-server.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { tinyCrossEncoder } from '../testing/tiny-cross-encoder.ts';
import type { RankRequest } from './rank-request.ts';
import { runRank } from './run-rank.ts';

const folder = testFolder('cross-encoder');
const at = (...names: string[]) => join(folder, ...names);
const write = (path: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
};
const query = { id: 'q', text: 'how warm is the water of the pool' };
const TEXTS = [
  'The river was cold.',
  'People of the town.',
  'How warm it is in that bath!',
  'Light and large',
  'open pool',
];
const passages = TEXTS.map((text, i) => ({ id: `d${i}`, text }));

beforeAll(async () => {
  for (const [path, bytes] of tinyCrossEncoder()) write(at('cross', path), bytes);
  await writeTinyCheckpoint(at('student'), { dtypes: ['fp32'], role: 'student' });
  const candidates = passages.map((passage, i) => ({ passage, rank: i + 1, score: 5 - i }));
  write(at('hits.json'), writeRankGptHits([{ query, candidates }]));
  const long = { id: 'long', text: 'water '.repeat(200) };
  write(at('long.json'), writeRankGptHits([{ query: long, candidates }]));
  mkdirSync(at('data', 'qrels'), { recursive: true });
  writeLines(
    at('data', 'corpus.jsonl'),
    passages.map(({ id, text }) => ({ _id: id, text })),
  );
  writeLines(at('data', 'queries.jsonl'), [{ _id: query.id, text: query.text }]);
  write(at('data', 'qrels', 'test.tsv'), 'query-id\tcorpus-id\tscore\nq\td2\t2\n');
}, 60_000);

const request = (over: Partial<RankRequest> = {}): RankRequest => ({
  checkpoint: at('cross'),
  method: 'cross-encoder',
  input: at('hits.json'),
  format: 'trec',
  threads: 1,
  output: at('run.trec'),
  ...over,
});
/** Passage and score, best first. */
const runOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , id, , score]) => [id!, Number(score)] as const);

describe('a cross-encoder on the command line', () => {
  it('ranks, is evaluated and serves in one order', async () => {
    const summary = await runRank(request());
    expect(summary.calls).toMatchObject({ asked: 5 });
    const run = runOf(at('run.trec'));
    expect(run).toHaveLength(5);
    expect(new Set(run.map(([, score]) => score)).size).toBe(5);

    const told: string[] = [];
    const evaluated = await runEvaluation(
      {
        data: [at('data')],
        checkpoints: [at('cross'), at('student')],
        methods: [{ id: 'bm25' }, { id: 'cross-encoder' }, { id: 'pointwise-yes' }],
        k: 5,
        output: at('evaluated'),
        bm25: DEFAULT_BM25,
        measures: DEFAULT_MEASURES,
        compared: 'ndcg@10',
        threads: 1,
      },
      { notice: (text) => told.push(text) },
    );
    expect(evaluated.rows.map(({ name }) => name)).toEqual([
      'bm25',
      'cross cross-encoder',
      'student pointwise-yes',
    ]);
    expect(told).toContain('student is not asked by cross-encoder: that is for cross-encoders.');
    expect(told.join()).toMatch(/cross is not asked by pointwise-yes: it is a cross-encoder/);
    const found = runOf(at('evaluated', evaluated.rows[1]!.run));
    const among = new Set(found.map(([id]) => id));
    expect(found.map(([id]) => id)).toEqual(run.map(([id]) => id).filter((id) => among.has(id)));

    const reranker = await openReranker({
      checkpoint: at('cross'),
      untrained: false,
      rawScores: true,
      threads: 1,
    });
    expect(reranker.method.id).toBe('cross-encoder');
    const serving = await serveRerank({
      ...reranker,
      host: 'localhost',
      port: 0,
      maxDocuments: 9,
      maxRequests: 3,
    });
    try {
      const ask = async () => {
        const body = JSON.stringify({ query: query.text, documents: TEXTS });
        const answer = await fetch(`${serving.url}v1/rerank`, { method: 'POST', body });
        return (await answer.json()).results as { index: number; relevance_score: number }[];
      };
      // Two at once share the model's runs.
      for (const results of await Promise.all([ask(), ask()])) {
        expect(results.map(({ index }) => `d${index}`)).toEqual(run.map(([id]) => id));
        for (const [i, [, score]] of run.entries()) expect(results[i]!.relevance_score).toBeCloseTo(score, 4);
      }
    } finally {
      await serving.stop();
      await reranker.dispose();
    }
  }, 60_000);

  it('cuts long queries where that is asked, and refuses them else', async () => {
    const input = at('long.json');
    await expect(runRank(request({ input }))).rejects.toThrow(
      /query long .* takes 203 tokens and this model reads 128/,
    );
    await runRank(request({ input, cutQueries: true, output: at('cut.trec') }));
    expect(runOf(at('cut.trec'))).toHaveLength(5);
  });

  it('is refused for other methods, and other models for its own, before anything is loaded', async () => {
    await expect(runRank(request({ method: 'pointwise-yes', untrained: true }))).rejects.toThrow(
      /The method pointwise-yes needs logits of single words, and cross gives relevance scores/,
    );
    await expect(runRank(request({ checkpoint: at('student') }))).rejects.toThrow(
      /cross-encoder needs relevance scores/,
    );
    await expect(
      openReranker({ checkpoint: at('cross'), method: 'monot5', untrained: true, rawScores: false }),
    ).rejects.toThrow(/monot5 needs logits/);
    await expect(
      teacherSource({ checkpoint: at('cross'), input: 'x', schedule: 'all-pairs', untrained: true }),
    ).rejects.toThrow(/prp-allpair needs logits/);
  });
});
