/** `rank` and `evaluate` by a service: what is written, said and sent, what is resumed, and that the key is nowhere. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAllDecisions } from '../../src/formats/decisions-read.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { openRecordings } from '../../src/formats/recording/open.ts';
import { readTrecRun } from '../../src/formats/runs.ts';
import type { METHOD_IDS } from '../../src/ranking/methods/registry.ts';
import { type Finished, startTrainer } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { type RemoteService, shared, startService } from '../testing/remote-service.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';

const KEY = 'sk-never-written-4f1c9a77';
const folder = testFolder('remote');
const at = (name: string) => join(folder, name);
const input = at('hits.jsonl');
const corpus = readSampleCorpus('kitchen');
const lists = corpus.queries.slice(0, 3).map((query) => ({ query, candidates: firstCandidates(corpus, 4) }));
const said: string[] = [];

let service: RemoteService;
beforeAll(async () => {
  service = await startService({ key: KEY });
  process.env.RANKSCOPE_API_KEY = KEY;
  writeFileSync(input, writeRankGptHits(lists, { lines: true }));
});
afterAll(async () => {
  delete process.env.RANKSCOPE_API_KEY;
  await service.close();
});

async function trainer(...args: string[]): Promise<Finished> {
  const done = await startTrainer(args).finished;
  said.push(done.stdout, done.stderr);
  return done;
}

const rank = (method: (typeof METHOD_IDS)[number], output: string, ...more: string[]) =>
  trainer(
    ...['rank', '--endpoint', service.url, '--model', 'judge', '--method', method],
    ...['--input', input, '--output', at(output), ...more],
  );

/** The judge's order: more shared words first, else the order given. */
const judged = lists.map(({ query, candidates }) =>
  candidates
    .map(({ passage }) => ({
      id: passage.id,
      score: shared(query.text, `${passage.title ?? ''} ${passage.text}`),
    }))
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id),
);

describe('a service instead of a checkpoint', () => {
  it('estimates without asking', async () => {
    const { stdout, code } = await rank(
      'listwise',
      'x.trec',
      '--dry-run',
      '--price',
      '2',
      '--price-output',
      '10',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /calls to 127\.0\.0\.1:\d+, about [\d,]+ input tokens and at most [\d,]+ output tokens, at most about 0\.\d+/,
    );
    expect(service.seen).toHaveLength(0);
  });

  it('ranks by a rerank service, and says what it took', async () => {
    const { stdout, code } = await rank('rerank', 'rerank.trec', '--price', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /3 requests to 127\.0\.0\.1:\d+; [\d,]+ input and 0 output tokens as it counts them, 0\.\d+\./,
    );
    const run = readTrecRun(readFileSync(at('rerank.trec'), 'utf8'), 'rerank.trec');
    expect(lists.map(({ query }) => run.get(query.id)!.map(({ id }) => id))).toEqual(judged);
  });

  it('ranks listwise; the page can replay it', async () => {
    expect((await rank('listwise', 'list.rankscope.jsonl')).code).toBe(0);
    const [first] = openAll('list.rankscope.jsonl');
    expect(first!.runs[0]!.checkpoint).toMatchObject({ name: 'judge', service: new URL(service.url).host });
    expect(readFileSync(at('list.rankscope.jsonl'), 'utf8')).not.toMatch(/"dtype"|"device"/);
  });

  it('goes on where it broke off, and asks nothing twice', async () => {
    const asked = () => service.seen.length;
    const before = asked();
    // The second query’s first request is refused for good.
    const calls = 4 * 3;
    service.faults.push(...Array.from({ length: calls }, () => ({ kind: 'slow', ms: 0 }) as const));
    service.faults.push({ kind: 'status', status: 402, message: `no money for ${KEY}` });
    const broken = await rank('prp-allpair', 'pairs.json', '--parallel', '1');
    expect(broken.code).not.toBe(0);
    expect(broken.stderr).toMatch(/wants to be paid first \(402\).*no money for •••/);
    expect(asked() - before).toBe(calls + 1);
    service.faults.length = 0;
    const { stdout, code } = await rank('prp-allpair', 'pairs.json', '--parallel', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\(1 already done\)/);
    expect(asked() - before).toBe(1 + 3 * calls);
    const { decisions } = readAllDecisions(readFileSync(at('pairs.json'), 'utf8'))[0]!.methods.teacher;
    expect(decisions).toHaveLength(calls);
    expect(Math.exp(Math.max(decisions[0]!.logitA, decisions[0]!.logitB))).toBeCloseTo(0.75, 4);
  });

  it('is evaluated beside BM25', async () => {
    const data = at('data');
    mkdirSync(join(data, 'qrels'), { recursive: true });
    writeLines(
      join(data, 'corpus.jsonl'),
      corpus.passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
    );
    writeLines(
      join(data, 'queries.jsonl'),
      lists.map(({ query: { id, text } }) => ({ _id: id, text })),
    );
    const qrels = lists.map(({ query }) => `${query.id}\t${corpus.passages[0]!.id}\t1\n`).join('');
    writeFileSync(join(data, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${qrels}`);
    const args = ['evaluate', '--data', data, '--endpoint', service.url, '--model', 'judge', '--k', '4'];
    const more = ['--methods', 'bm25,rerank,listwise,qlm', '--output', at('results'), '--price', '1'];
    const { stdout, stderr, code } = await trainer(...args, ...more);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/not asked by qlm: the service cannot do what that needs/);
    expect(stderr).toMatch(/rerank: 3 calls to 127\.0\.0\.1/);
    expect(stdout).toMatch(/\| rerank +\|/);
    expect(stdout).toMatch(/requests to 127\.0\.0\.1:\d+/);
    const { rows } = JSON.parse(readFileSync(join(at('results'), 'results.json'), 'utf8')) as {
      rows: { method: string; checkpoint: object | null }[];
    };
    expect(rows.map(({ method }) => method)).toEqual(['bm25', 'rerank', 'listwise']);
    expect(rows[1]!.checkpoint).toEqual({
      name: 'judge',
      digest: expect.any(String),
      service: expect.any(String),
    });
    // Resumed: nothing is asked again.
    const before = service.seen.length;
    expect((await trainer(...args, ...more)).code).toBe(0);
    expect(service.seen).toHaveLength(before);
  });

  it('says what is wrong with key and options, and never the key', async () => {
    const refused = await trainer(
      ...['rank', '--endpoint', service.url, '--model', 'judge', '--method', 'listwise'],
      ...['--input', input, '--output', at('y.trec'), '--key-env', KEY],
    );
    expect(refused.stderr).toMatch(/--key-env takes the name of an environment variable/);
    process.env.OTHER_KEY = `${KEY}-wrong`;
    const wrong = await rank('listwise', 'z.trec', '--key-env', 'OTHER_KEY');
    delete process.env.OTHER_KEY;
    expect(wrong.stderr).toMatch(/does not accept the key \(401\)/);
    expect((await rank('listwise', 'z.trec', '--checkpoint', 'x')).stderr).toMatch(/not both/);
    expect((await rank('listwise', 'z.trec', '--dtype', 'int8')).stderr).toMatch(
      /--dtype is for --checkpoint/,
    );
    expect((await rank('qlm', 'z.trec')).stderr).toMatch(/qlm needs the likelihood of a given text/);
  });

  it('has written and said the key nowhere', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(files.length).toBeGreaterThan(8);
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
    expect(service.seen.some(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
    for (const text of [...texts, ...said]) expect(text).not.toContain(KEY);
  });
});

function openAll(name: string) {
  return openRecordings(new Uint8Array(readFileSync(at(name))), name);
}
