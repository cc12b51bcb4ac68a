/** The command line itself, as a process: exit codes, what is said where, Ctrl-C. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAllDecisions } from '../../src/formats/decisions-read.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { rank as rankCommand } from './rank.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-command-'));
const path = (name: string) => join(root, name);
const main = new URL('../main.ts', import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the trainer; `onStart` is given a way to stop it. */
function trainer(
  args: readonly string[],
  onStart?: (kill: (signal: 'SIGINT' | 'SIGKILL') => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  onStart?.((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

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
  writeFileSync(path('some.jsonl'), writeRankGptHits(long.slice(0, 60), { lines: true }));
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
    const overview = await trainer([]);
    expect(overview).toMatchObject({ code: 0, err: '' });
    for (const name of ['rank', 'export', 'pretrain']) expect(overview.out).toContain(`  ${name} `);
    const help = await trainer(['rank', '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain('Examples');
    expect((await trainer(['help', 'rank'])).out).toBe(help.out);
  });

  it('ends with 2 and a line on stderr when it is used wrongly, with --json a line on stdout too', async () => {
    const unknown = await trainer(['rnak']);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toMatch(/There is no command “rnak”/);
    const { code, out, err } = await trainer(rank('--method', 'rg', '--output', path('y.trec')));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^rank: --input is missing\. .*--help.* shows examples\.\n$/);
    const told = await trainer(rank('--method', 'rg', '--output', path('y.trec'), '--json'));
    expect(told.code).toBe(2);
    expect(JSON.parse(told.out)).toEqual({
      command: 'rank',
      state: 'failed',
      error: { code: 'bad-input', message: expect.stringMatching(/^--input is missing/) },
    });
  });

  it('ranks, says what it did as one line of JSON, and keeps stderr quiet', async () => {
    const { code, out, err } = await trainer(
      rank('--method', 'prp-allpair', '--input', path('one.json'), '--output', path('o.json'), '--json'),
    );
    // No progress; an untaught model may be doubted, and rightly.
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^(Warning: .*\n)?$/) });
    expect(JSON.parse(out)).toMatchObject({ state: 'done', calls: { asked: 20 }, output: path('o.json') });
    expect(readAllDecisions(readFileSync(path('o.json'), 'utf8'))).toHaveLength(1);
  });

  it('prints only the estimate in a dry run', async () => {
    const { code, out } = await trainer(
      rank('--method', 'prp-heapsort', '--input', path('long.jsonl'), '--dry-run'),
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /^At most [\d,]+ calls, about .+ \(.+ calls\/s measured on 24 of the prompts\); .+ of memory \(.+ are free\), .+ on disk \(.+ are free\)\.\n$/,
    );
  });

  it('needs no output for a dry run, in any command', async () => {
    const { code, out, err } = await trainer([
      'export',
      '--checkpoint',
      path('teacher'),
      '--dry-run',
      '--json',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ command: 'export', state: 'dry-run' });
    expect(existsSync('output-of-a-dry-run')).toBe(false);
  });

  it('ends with one line of JSON also for a command that it does not know', async () => {
    const { code, out } = await trainer(['bogus', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ state: 'failed', error: { code: 'bad-input' } });
  });

  it('ends with 130 after Ctrl-C, with what is finished written, and goes on', async () => {
    const args = rank('--method', 'prp-allpair', '--input', path('long.jsonl'), '--output', path('o.jsonl'));
    const { code, err } = await trainer(args, whenGrown('o.jsonl', 'SIGINT'));
    expect(code).toBe(130);
    expect(err).toMatch(
      /Interrupted after \d+ of 3000 queries\. What was finished is in .*o\.jsonl; run the same/,
    );
    const documents = readAllDecisions(readFileSync(path('o.jsonl'), 'utf8'));
    const states = documents.map(({ methods }) => methods.teacher.state);
    expect(states[0]).toBe('done');
    expect(states.slice(0, -1).every((state) => state === 'done')).toBe(true);
    expect(states.length).toBeLessThan(3000);
    const dry = await trainer([...args, '--dry-run', '--json']);
    expect(JSON.parse(dry.out).queries.resumed).toBeGreaterThanOrEqual(
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
    expect((await trainer(args('whole.trec'))).code).toBe(0);
    for (let kills = 0; kills < 2; kills++) {
      const { code } = await trainer(args('killed.trec'), whenGrown('killed.trec', 'SIGKILL'));
      expect(code).toBeNull();
      expect(existsSync(path('killed.trec'))).toBe(false);
    }
    const { code, out } = await trainer(args('killed.trec'));
    expect(code).toBe(0);
    const { queries, state } = JSON.parse(out);
    expect([state, queries.done, queries.resumed > 1]).toEqual(['done', 60, true]);
    expect(readFileSync(path('killed.trec'), 'utf8')).toBe(readFileSync(path('whole.trec'), 'utf8'));
    expect(readdirSync(root).filter((name) => name.startsWith('killed.trec.'))).toEqual([]);
  }, 120_000);
});

/** Sends the signal when what is kept beside the output has grown since it was first seen. */
function whenGrown(output: string, signal: 'SIGINT' | 'SIGKILL') {
  const kept = () =>
    readdirSync(root).find((name) => name.startsWith(`${output}.`) && name.endsWith('.part'));
  const size = () => {
    const file = kept();
    return file === undefined ? 0 : statSync(path(file)).size;
  };
  const before = size();
  return (kill: (signal: 'SIGINT' | 'SIGKILL') => void) => {
    const timer = setInterval(() => {
      if (size() <= before + 1000) return;
      clearInterval(timer);
      kill(signal);
    }, 10);
    timer.unref();
  };
}
