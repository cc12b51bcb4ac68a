/** Labelling as a process that is killed, stopped, and runs out of disk: it goes on to the same bytes. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { runTrainer, runWithFullDisk, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';

const folder = testFolder('label-process');
const at = (name: string) => join(folder, name);
const corpus = readSampleCorpus('town');
const lists = corpus.queries.map((query) => ({ query, candidates: firstCandidates(corpus, 6) }));
const args = (output: string) => [
  ...['label', '--checkpoint', at('teacher'), '--input', at('in.jsonl'), '--threads', '1', '--json'],
  ...['--output', at(output)],
];
let whole: Buffer;

beforeAll(async () => {
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['int8'] });
  writeFileSync(at('in.jsonl'), writeRankGptHits(lists, { lines: true }));
  const { code, stdout, stderr } = await runTrainer(args('whole.jsonl'));
  expect([code, stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
  expect(JSON.parse(stdout)).toMatchObject({
    command: 'label',
    state: 'done',
    audit: { queries: lists.length },
  });
  whole = readFileSync(at('whole.jsonl'));
}, 120_000);

describe('label as a process', () => {
  it('goes on after kill -9 and Ctrl-C', async () => {
    const file = () => at('killed.jsonl');
    const random = Math.ceil(0.5 * Math.random() * whole.length);
    const killed = await stopWhenGrown(startTrainer(args('killed.jsonl')), file, random, 'SIGKILL');
    expect([killed.signal, random]).toEqual(['SIGKILL', random]);
    expect(whole.subarray(0, statSync(file()).size).equals(readFileSync(file()))).toBe(true);
    const grown = statSync(file()).size + 1;
    const stopped = await stopWhenGrown(startTrainer(args('killed.jsonl')), file, grown, 'SIGINT');
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same command again');
    const left = readFileSync(file());
    expect(left.length).toBeLessThan(whole.length);
    expect(left.at(-1)).toBe(10);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ state: 'cancelled' });
    expect((await runTrainer(args('killed.jsonl'))).code).toBe(0);
    expect(readFileSync(file()).equals(whole)).toBe(true);
  }, 240_000);

  it('goes on after a write that did not fit', async () => {
    const { code, stderr } = await runWithFullDisk(args('full.jsonl'), whole.length / 2);
    expect(code).toBe(1);
    expect(stderr).toMatch(/full\.jsonl cannot be continued: .* Make room and run the same command again/);
    const partial = readFileSync(at('full.jsonl'));
    expect(partial.length).toBeGreaterThan(0);
    expect(partial.at(-1)).toBe(10);
    expect((await runTrainer(args('full.jsonl'))).code).toBe(0);
    expect(readFileSync(at('full.jsonl')).equals(whole)).toBe(true);
  }, 240_000);

  it('refuses two sources, options of another one, and shards that are none', async () => {
    const base = ['label', '--input', at('in.jsonl'), '--output', at('no.jsonl')];
    const [none, two, stray, shard] = await Promise.all([
      runTrainer(base),
      runTrainer([...base, '--checkpoint', at('teacher'), '--run', at('x.trec')]),
      runTrainer([...base, '--run', at('x.trec'), '--schedule', 'heapsort']),
      runTrainer([...args('no.jsonl'), '--shard', '3/2']),
    ]);
    expect([none.code, two.code, stray.code, shard.code]).toEqual([2, 2, 2, 2]);
    expect(none.stderr).toContain('Give one source of labels');
    expect(two.stderr).toContain('Give one source of labels');
    expect(stray.stderr).toContain('--schedule has no effect with --run');
    expect(shard.stderr).toContain('--shard is “3/2”');
  }, 120_000);
});
