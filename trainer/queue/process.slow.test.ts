/** Labelling by workers that are killed, hang, come late and are stopped: one machine's bytes come out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { runTrainer, type Started, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { hasRedis, startRedis, type TestRedis } from '../testing/redis-server.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';

const folder = testFolder('label-queue');
const at = (name: string) => join(folder, name);
const corpus = readSampleCorpus('town');
const candidates = firstCandidates(corpus, 6);
/** Workers killed on the way: RANKSCOPE_KILLS=20 takes two minutes. */
const KILLS = Number(process.env.RANKSCOPE_KILLS ?? 2);
const lists = Array.from({ length: 2 * KILLS }, (_, round) =>
  corpus.queries.map(({ id, text }) => ({ query: { id: `${id}-${round}`, text }, candidates })),
).flat();
let redis: TestRedis;
let whole: Buffer;
const started: Started[] = [];

const teacher = (name = 'teacher') => ['--checkpoint', at(name)];
const label = (output: string) =>
  startTrainer([
    ...['label', ...teacher(), '--input', at('in.jsonl'), '--output', at(output), '--json'],
    ...['--queue', redis.url, '--job-queries', '2', '--lease', '2'],
  ]);
function worker(...more: string[]): Started {
  const one = startTrainer([
    ...['worker', '--queue', redis.url, '--threads', '1', ...(more.length > 0 ? more : teacher())],
  ]);
  started.push(one);
  return one;
}
const grown = async (output: string, share: number) => {
  const need = share * whole.length;
  for (;;) {
    try {
      if (readFileSync(at(output)).length >= need) return;
    } catch {
      // It is not there yet.
    }
    await new Promise((go) => setTimeout(go, 5));
  }
};

describe.skipIf(!hasRedis)('label on many machines (skipped without redis-server)', () => {
  beforeAll(async () => {
    redis = await startRedis();
    await writeTinyCheckpoint(at('teacher'), { dtypes: ['int8'] });
    await writeTinyCheckpoint(at('other'), { dtypes: ['int8'], seed: 9 });
    writeFileSync(at('in.jsonl'), writeRankGptHits(lists, { lines: true }));
    const alone = ['label', ...teacher(), '--input', at('in.jsonl'), '--output', at('whole.jsonl')];
    expect((await runTrainer([...alone, '--threads', '1'])).code).toBe(0);
    whole = readFileSync(at('whole.jsonl'));
  }, 60_000);

  afterAll(() => {
    for (const { child } of started) child.kill('SIGKILL');
    redis?.stop();
  });

  it('loses nothing and does nothing twice when workers are killed, lose the network and hang', async () => {
    const run = label('out.jsonl');
    worker();
    worker();
    // Anywhere in the run, another each time.
    for (let kill = 0; kill < KILLS; kill++) {
      await grown('out.jsonl', (0.5 * (kill + Math.random())) / KILLS);
      const [victim] = started.splice(0, 1);
      victim!.child.kill('SIGKILL');
      expect((await victim!.finished).signal).toBe('SIGKILL');
      worker();
    }
    await grown('out.jsonl', 0.5);
    // All sides lose the network.
    const admin = new Redis(redis.url);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    admin.disconnect();
    await grown('out.jsonl', 0.65);
    const hanging = started.splice(0, 1)[0]!;
    hanging.child.kill('SIGSTOP');
    const { code, stderr, stdout } = await run.finished;
    hanging.child.kill('SIGKILL');
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'done', queries: { done: lists.length } });
    expect(readFileSync(at('out.jsonl')).equals(whole)).toBe(true);
    const audit = (name: string) => JSON.parse(readFileSync(at(name), 'utf8')).audit;
    expect(audit('out.audit.json')).toEqual(audit('whole.audit.json'));
  }, 300_000);

  it('goes on after Ctrl-C on both sides, and no text has the password', async () => {
    const texts: string[] = [];
    const stopped = await stopWhenGrown(
      label('stop.jsonl'),
      () => at('stop.jsonl'),
      whole.length / 5,
      'SIGINT',
    );
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same command again');
    const leaving = started.splice(0, 1)[0]!;
    leaving.child.kill('SIGINT');
    const left = await leaving.finished;
    expect([left.code, left.stderr]).toEqual([130, expect.stringContaining('back in the queue')]);
    worker();
    const done = await label('stop.jsonl').finished;
    expect([done.code, done.stderr]).toEqual([0, expect.anything()]);
    expect(JSON.parse(done.stdout)).toMatchObject({ state: 'done', queries: { total: lists.length } });
    expect(readFileSync(at('stop.jsonl')).equals(whole)).toBe(true);
    for (const { child } of started) child.kill('SIGINT');
    const ends = await Promise.all(started.map(({ finished }) => finished));
    texts.push(stopped.stderr, left.stderr, done.stdout, ...ends.map(({ stderr }) => stderr));
    const files = ['stop.jsonl', 'stop.audit.json'].map((name) => readFileSync(at(name), 'utf8'));
    for (const text of [...texts, ...files]) {
      expect(text).not.toContain(redis.password);
      expect(text).not.toContain(encodeURIComponent(redis.password));
    }
    started.length = 0;
  }, 90_000);

  it('refuses a worker with other weights or another dtype, and says what is the matter', async () => {
    const run = label('refused.jsonl');
    await new Promise((go) => setTimeout(go, 1500));
    const [weights, dtype, closed] = await Promise.all([
      worker(...teacher('other')).finished,
      worker(...teacher(), '--dtype', 'q8').finished,
      runTrainer(['worker', '--queue', `redis://:nobody-knows@127.0.0.1:${redis.port}`, ...teacher()]),
    ]);
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    expect([weights.code, dtype.code, closed.code]).toEqual([2, 2, 1]);
    expect(weights.stderr).toMatch(/cannot take part.*another weights: [0-9a-f]{64}, not [0-9a-f]{64}/);
    expect(dtype.stderr).toMatch(/cannot take part/);
    expect(closed.stderr).toMatch(/does not answer .*WRONGPASS.* Check user and password/);
    expect(closed.stderr).not.toContain('nobody-knows');
  }, 60_000);
});
