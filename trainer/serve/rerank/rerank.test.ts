/** `POST /v1/rerank` with real requests: the scores of `rank`, requests that share the model, and everything refused. */
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRankGptHits } from '../../../src/formats/hits.ts';
import type { Scorer } from '../../../src/inference/scorer.ts';
import { runRank } from '../../rank/run-rank.ts';
import { startTrainer } from '../../testing/command-line.ts';
import { testFolder } from '../../testing/folder.ts';
import { writeTinyCheckpoint } from '../../testing/tiny-checkpoint.ts';
import type { Serving } from '../listen.ts';
import { openReranker, type Reranker } from './open-reranker.ts';
import { serveRerank } from './rerank-server.ts';

const folder = testFolder('rerank');
const checkpoint = join(folder, 'student');
const QUERY = 'how warm is the water';
const DOCUMENTS = [
  'The water was cold.',
  'People of the town.',
  'How warm it is that day!',
  'Light and large',
];
let reranker: Reranker;
let serving: Serving;
/** Holds the model's runs up while it is pending. */
let gate: Promise<void> = Promise.resolve();

const request = { checkpoint, untrained: false, rawScores: true, threads: 1 };

beforeAll(async () => {
  await writeTinyCheckpoint(checkpoint, { dtypes: ['int8'], role: 'student', maxTokens: 160 });
  reranker = await openReranker(request);
  const { scorer } = reranker;
  const gated: Scorer = {
    info: scorer.info,
    async *score(...asked) {
      await gate;
      yield* scorer.score!(...asked);
    },
  };
  const limits = { maxDocuments: 20, maxRequests: 3 };
  serving = await serveRerank({ ...reranker, scorer: gated, host: 'localhost', port: 0, ...limits });
}, 60_000);
afterAll(async () => {
  await serving.stop();
  await reranker.dispose();
});

const post = (body: unknown, path = 'v1/rerank', headers: Record<string, string> = {}) =>
  fetch(`${serving.url}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const ranked = async (body: unknown) => (await post(body)).json();
const metric = async (name: string) => {
  const text = await (await fetch(`${serving.url}metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`rankscope_${name} `))!
      .split(' ')[1],
  );
};

describe('what is answered', () => {
  it('has the order and the scores of rank', async () => {
    const at = (name: string) => join(folder, name);
    const candidates = DOCUMENTS.map((text, i) => ({
      passage: { id: String(i), text },
      rank: i + 1,
      score: 4 - i,
    }));
    writeFileSync(at('hits.json'), writeRankGptHits([{ query: { id: 'q', text: QUERY }, candidates }]));
    await runRank({
      checkpoint,
      method: 'pointwise-yes',
      input: at('hits.json'),
      output: at('run.trec'),
      format: 'trec',
      threads: 1,
    });
    const run = readFileSync(at('run.trec'), 'utf8').trim().split('\n');
    const { results, usage, model } = await ranked({ query: QUERY, documents: DOCUMENTS });
    expect(results.map(({ index }: { index: number }) => String(index))).toEqual(
      run.map((line) => line.split(' ')[2]),
    );
    for (const [i, line] of run.entries()) {
      expect(results[i].relevance_score).toBeCloseTo(Number(line.split(' ')[4]), 4);
    }
    expect(usage.total_tokens).toBeGreaterThan(40);
    expect(model).toBe(reranker.name);
  });

  it('keeps to top_n, repeats documents on demand, reads titles, and takes what other servers take', async () => {
    const documents = DOCUMENTS.map((text) => ({ text, title: 'Town', url: 'x' }));
    const { results } = await ranked({
      model: 'any',
      query: QUERY,
      documents,
      top_n: 2,
      return_documents: true,
      rank_fields: ['text'],
    });
    expect(results).toHaveLength(2);
    expect(DOCUMENTS).toContain(results[0].document.text);
    const untitled = await ranked({ query: QUERY, documents: DOCUMENTS, top_n: 99 });
    expect(untitled.results).toHaveLength(4);
    expect(untitled.results[0].document).toBeUndefined();
    const score = (all: { index: number; relevance_score: number }[], i: number) =>
      all.find(({ index }) => index === i)!.relevance_score;
    const titled = await ranked({ query: QUERY, documents });
    expect(score(titled.results, 0)).not.toBe(score(untitled.results, 0));
    expect((await post({ query: QUERY, documents: ['a'] }, 'rerank')).status).toBe(200);
  });

  it('requests at the same time share the model’s runs, each with its own answer', async () => {
    const before = await metric('runs_shared_total');
    const alone = await ranked({ query: QUERY, documents: DOCUMENTS });
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const answers = [DOCUMENTS, DOCUMENTS, [...DOCUMENTS].reverse()].map((documents) =>
      ranked({ query: QUERY, documents }),
    );
    while ((await metric('prompts_waiting')) < 8) await new Promise((resolve) => setTimeout(resolve, 2));
    open();
    const [, first, second] = await Promise.all(answers);
    expect(first.results).toEqual(alone.results);
    expect(second.results.map(({ index }: { index: number }) => 3 - index)).toEqual(
      alone.results.map(({ index }: { index: number }) => index),
    );
    expect(await metric('runs_shared_total')).toBeGreaterThan(before);
    expect(await metric('documents_total')).toBeGreaterThan(8);
    expect(await metric('requests_in_progress')).toBe(0);
  });

  it('scores from 0 to 1 where they are not asked for raw', async () => {
    const { relevance, dispose } = await openReranker({ ...request, rawScores: false });
    await dispose();
    expect([relevance(-30), relevance(0), relevance(30)].map((x) => Math.round(x * 10) / 10)).toEqual([
      0, 0.5, 1,
    ]);
    expect(relevance(8)).toBeGreaterThan(relevance(7.99));
  });
});

describe('what is refused', () => {
  it.each([
    ['no JSON', '{"query": ', 400, /not JSON/],
    ['a list', [], 400, /JSON object with “query” and “documents”/],
    ['no documents', { query: 'a' }, 400, /“documents”/],
    ['an empty query', { query: ' ', documents: ['a'] }, 400, /“query” is empty/],
    ['no document', { query: 'a', documents: [] }, 400, /“documents” is empty/],
    ['a number for a document', { query: 'a', documents: ['a', 7] }, 400, /documents\[1\]/],
    ['too many', { query: 'a', documents: Array(21).fill('a') }, 400, /at most 20/],
    ['top_n 0', { query: 'a', documents: ['a'], top_n: 0 }, 400, /“top_n” must be a whole number from 1/],
    ['a query without end', { query: 'water '.repeat(400), documents: ['a'] }, 400, /no room/],
    ['a body without end', `"${'x'.repeat(16_000_001)}"`, 413, /16 MB/],
  ])('%s', async (_, body, status, words) => {
    const answer = await post(body);
    expect([answer.status, (await answer.json()).error.message]).toEqual([
      status,
      expect.stringMatching(words),
    ]);
  });

  it('other paths, other methods, pages, and names that are not this machine’s', async () => {
    expect((await post({}, 'v1/embeddings')).status).toBe(404);
    expect((await fetch(`${serving.url}v1/rerank`)).status).toBe(405);
    const page = await post({ query: 'a', documents: ['a'] }, 'v1/rerank', {
      origin: 'https://evil.example',
    });
    expect(page.status).toBe(403);
    expect((await fetch(`${serving.url}health`)).status).toBe(200);
    expect((await (await fetch(`${serving.url}v1/models`)).json()).data[0].id).toBe(reranker.name);
  });

  it('more requests than it may have at a time: they are told to come again, the others are answered', async () => {
    const documents = Array(20).fill(DOCUMENTS[0]);
    const answers = await Promise.all(Array.from({ length: 12 }, () => post({ query: QUERY, documents })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    expect(statuses).toContain(503);
    expect(answers.find(({ status }) => status === 503)!.headers.get('retry-after')).toBe('1');
    expect((await post({ query: QUERY, documents })).status).toBe(200);
  });

  it('a checkpoint or a method that cannot rank so', async () => {
    await expect(openReranker({ ...request, checkpoint: join(folder, 'none') })).rejects.toMatchObject({
      code: 'missing',
    });
    await expect(openReranker({ ...request, method: 'prp-allpair' })).rejects.toThrow(/pointwise/);
    await expect(openReranker({ ...request, template: 'paper-prp' })).rejects.toThrow(/is pairwise/);
  });
});

it('the command answers, and ends by Ctrl-C once the request in progress is answered', async () => {
  const { child, finished } = startTrainer(['serve', '--rerank', checkpoint, '--port', '0', '--json']);
  const first = await new Promise<string>((resolve) =>
    child.stdout!.once('data', (data) => resolve(String(data))),
  );
  const { url, state, method } = JSON.parse(first);
  expect([state, method]).toEqual(['listening', 'pointwise-yes']);
  const body = JSON.stringify({ query: QUERY, documents: DOCUMENTS });
  const sent = httpRequest(`${url}v1/rerank`, { method: 'POST' });
  const answer = new Promise<string>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', async (response) => resolve(String(Buffer.concat(await response.toArray()))));
  });
  // Half a request is in progress for as long as the test likes.
  sent.write(body.slice(0, 20));
  const metrics = () => fetch(`${url}metrics`).then((response) => response.text());
  while (!/requests_in_progress 1/.test(await metrics()))
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  // It takes no new ones from now on.
  const isUp = () =>
    metrics().then(
      () => true,
      () => false,
    );
  while (await isUp()) await new Promise((resolve) => setTimeout(resolve, 5));
  sent.end(body.slice(20));
  expect(JSON.parse(await answer).results).toHaveLength(DOCUMENTS.length);
  expect((await finished).code).toBe(0);
}, 60_000);
