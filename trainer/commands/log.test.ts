/** Without a terminal long work is not silent: the estimate before it, and lines of progress while it goes, on stderr. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';

const folder = testFolder('commands-log');
const at = (name: string) => join(folder, name);
const ESTIMATE = /^[\d,]+ calls\b.*, about .+calls\/s measured on 24 .+ of memory \(.+ are free\)/m;
const PROGRESS =
  /^[\d,]+ of [\d,]+ calls · \d+ % · [\d.]+ calls\/s · (\d+ h \d+ min|\d+ min \d+ s|[\d.]+ s) left · /m;

beforeAll(async () => {
  process.env.RANKSCOPE_PROGRESS_SECONDS = '0.1';
  const corpus = readSampleCorpus('kitchen');
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['int8'] });
  const lists = Array.from({ length: 8 }, (_, i) => ({
    query: { id: `q${i}`, text: `${corpus.queries[i % corpus.queries.length]!.text} ${i}` },
    candidates: firstCandidates(corpus, 10),
  }));
  writeFileSync(at('lists.jsonl'), writeRankGptHits(lists, { lines: true }));
}, 120_000);

describe('a command whose output goes to a file', () => {
  it.each([
    ['rank', ['--method', 'prp-allpair', '--output', at('o.trec')]],
    ['label', ['--output', at('labels.jsonl')]],
  ])('%s', async (command, args) => {
    const { code, stderr } = await runTrainer([
      ...[command, '--checkpoint', at('teacher'), '--threads', '1'],
      ...['--input', at('lists.jsonl'), ...args],
    ]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(ESTIMATE)]);
    expect(stderr).toMatch(PROGRESS);
    expect(stderr).not.toContain('\u001b');
  });
});
