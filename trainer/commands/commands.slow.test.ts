/** The command line itself, as a process: exit codes, what is said where, Ctrl-C. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAllDecisions } from '../../src/formats/decisions-read.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { runFromSource, runTrainer, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { rank as rankCommand } from './rank.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-command-'));
const path = (name: string) => join(root, name);
const rank = (...args: string[]) => ['rank', '--checkpoint', path('teacher'), '--threads', '1', ...args];

beforeAll(async () => {
  const corpus = readSampleCorpus('kitchen');
  await writeTinyCheckpoint(path('teacher'), { dtypes: ['int8'] });
  const list = { query: corpus.queries[0]!, candidates: firstCandidates(corpus, 5) };
  writeFileSync(path('one.json'), writeRankGptHits([list]));
  const long = Array.from({ length: 3000 }, (_, i) => ({
    query: { id: `q${i}`, text: `${corpus.queries[i % corpus.queries.length]!.text} ${i}` },
    candidates: firstCandidates(corpus, 30),
  }));
  writeFileSync(path('long.jsonl'), writeRankGptHits(long, { lines: true }));
  writeFileSync(path('some.jsonl'), writeRankGptHits(long.slice(0, 24), { lines: true }));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('options that are wrong', () => {
  const io = ['--input', path('one.json'), '--output', path('y.trec')];
  const cases: readonly (readonly [args: string[], message: RegExp])[] = [
    [[], /^--method is missing/],
    [['--method', 'best'], /^--method is “best”; it must be one of pointwise-yes, rg, /],
    [
      ['--method', 'rg', '--inptu', 'x'],
      /^Unknown option '--inptu'\. Did you mean --input\? Options are --checkpoint/,
    ],
    [['--method', 'rg', 'stray'], /Unexpected argument 'stray'/],
    [['--method', 'rg', '--input', 'x', '--output', 'x.doc'], /Add --format/],
    [['--method', 'rg', '--k', '0', ...io], /^--k is “0”; it must be a whole number from 1/],
    [['--method', 'rg', '--threads', '1e2', ...io], /^--threads is “1e2”/],
    [['--method', 'rg', '--passes', '3', ...io], /^--passes is for --method prp-sliding/],
    [['--method', 'student', '--true-probabilities', ...io], /^--true-probabilities is for --method rg/],
    [
      ['--method', 'rg', '--dtype', 'fp16', ...io],
      /^--dtype is “fp16”; it must be one of fp32, int8, q8, q4/,
    ],
  ];
  for (const [args, message] of cases) {
    it(args.join(' ').replaceAll(root, '…') || '(none)', async () => {
      const run = rankCommand.run(['--checkpoint', path('teacher'), ...args]);
      await expect(run).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(message),
      });
    });
  }
});

describe('the trainer as a process', () => {
  it('lists its commands, and teaches one by examples', async () => {
    const overview = await runFromSource([]);
    expect(overview).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['rank', 'export', 'pretrain']) expect(overview.stdout).toContain(`  ${name} `);
    const help = await runTrainer(['rank', '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Examples');
    expect((await runTrainer(['help', 'rank'])).stdout).toBe(help.stdout);
  });

  it('ends with 2 and a line on stderr when it is used wrongly, with --json a line on stdout too', async () => {
    const unknown = await runTrainer(['rnak']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/There is no command “rnak”/);
    const { code, stdout, stderr } = await runTrainer(rank('--method', 'rg', '--output', path('y.trec')));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^rank: --input is missing\. .*--help.* shows examples\.\n$/);
    const told = await runTrainer(rank('--method', 'rg', '--output', path('y.trec'), '--json'));
    expect(told.code).toBe(2);
    expect(JSON.parse(told.stdout)).toEqual({
      command: 'rank',
      state: 'failed',
      error: { code: 'bad-input', message: expect.stringMatching(/^--input is missing/) },
    });
  });

  it('ranks, says what it did as one line of JSON, and keeps stderr quiet', async () => {
    const { code, stdout, stderr } = await runFromSource(
      rank('--method', 'prp-allpair', '--input', path('one.json'), '--output', path('o.json'), '--json'),
    );
    // No progress; an untaught model may be doubted, and rightly.
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^(Warning: .*\n)?$/) });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'done', calls: { asked: 20 }, output: path('o.json') });
    expect(readAllDecisions(readFileSync(path('o.json'), 'utf8'))).toHaveLength(1);
  });

  it('prints only the estimate in a dry run', async () => {
    const { code, stdout } = await runTrainer(
      rank('--method', 'prp-heapsort', '--input', path('long.jsonl'), '--dry-run'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^At most [\d,]+ calls, about .+ \(.+ calls\/s measured on 24 of the prompts\); .+ of memory \(.+ are free\), .+ on disk \(.+ are free\)\.\n$/,
    );
  });

  it('needs no output for a dry run, in any command', async () => {
    const { code, stdout, stderr } = await runTrainer([
      'export',
      '--checkpoint',
      path('teacher'),
      '--dry-run',
      '--json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ command: 'export', state: 'dry-run' });
    expect(existsSync('output-of-a-dry-run')).toBe(false);
  });

  it('ends with one line of JSON also for a command that it does not know', async () => {
    const { code, stdout } = await runTrainer(['bogus', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failed', error: { code: 'bad-input' } });
  });

  it('ends with 130 after Ctrl-C, with what is finished written, and goes on', async () => {
    const args = rank('--method', 'prp-allpair', '--input', path('long.jsonl'), '--output', path('o.jsonl'));
    const { code, stderr } = await stopWhenGrown(startTrainer(args), ...grown('o.jsonl'), 'SIGINT');
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /Interrupted after \d+ of 3000 queries\. What was finished is in .*o\.jsonl; run the same/,
    );
    const documents = readAllDecisions(readFileSync(path('o.jsonl'), 'utf8'));
    const states = documents.map(({ methods }) => methods.teacher.state);
    expect(states[0]).toBe('done');
    expect(states.slice(0, -1).every((state) => state === 'done')).toBe(true);
    expect(states.length).toBeLessThan(3000);
    const dry = await runTrainer([...args, '--dry-run', '--json']);
    expect(JSON.parse(dry.stdout).queries.resumed).toBeGreaterThanOrEqual(
      states.filter((one) => one === 'done').length,
    );
  }, 120_000);

  it('goes on after kill -9 to what a run without it writes', async () => {
    const args = (output: string) =>
      rank(
        '--method',
        'prp-allpair',
        '--input',
        path('some.jsonl'),
        '--k',
        '8',
        '--output',
        path(output),
        '--json',
      );
    expect((await runTrainer(args('whole.trec'))).code).toBe(0);
    for (let kills = 0; kills < 2; kills++) {
      const { code } = await stopWhenGrown(
        startTrainer(args('killed.trec')),
        ...grown('killed.trec'),
        'SIGKILL',
      );
      expect(code).toBeNull();
      expect(existsSync(path('killed.trec'))).toBe(false);
    }
    const { code, stdout } = await runTrainer(args('killed.trec'));
    expect(code).toBe(0);
    const { queries, state } = JSON.parse(stdout);
    expect([state, queries.done, queries.resumed > 1]).toEqual(['done', 24, true]);
    expect(readFileSync(path('killed.trec'), 'utf8')).toBe(readFileSync(path('whole.trec'), 'utf8'));
    expect(readdirSync(root).filter((name) => name.startsWith('killed.trec.'))).toEqual([]);
  }, 120_000);
});

/** What is kept beside the output, and how much of it there is when it has grown since now. */
function grown(output: string): [kept: () => string | undefined, bytes: number] {
  const kept = () => {
    const found = readdirSync(root).find((name) => name.startsWith(`${output}.`) && name.endsWith('.part'));
    return found && path(found);
  };
  const before = kept();
  return [kept, (before === undefined ? 0 : statSync(before).size) + 1001];
}
