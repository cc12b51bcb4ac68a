/** The command line itself, as a process: exit codes, what is said where, Ctrl-C. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** Runs the trainer; `onStart` is given a way to press Ctrl-C. */
function trainer(args: readonly string[], onStart?: (kill: () => void) => void): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  onStart?.(() => child.kill('SIGINT'));
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
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('options that are wrong', () => {
  const io = ['--input', path('one.json'), '--output', path('y.trec')];
  const cases: readonly (readonly [args: string[], message: RegExp])[] = [
    [[], /^--method is missing/],
    [['--method', 'best'], /^--method is “best”; it must be one of student, rg, prp-allpair/],
    [['--method', 'rg', '--inptu', 'x'], /^Unknown option '--inptu'\. Options are --checkpoint/],
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

  it('ends with 1 and a line on stderr when it is used wrongly', async () => {
    const unknown = await trainer(['rnak']);
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toMatch(/There is no command "rnak"/);
    const { code, out, err } = await trainer(rank('--method', 'rg', '--output', path('y.trec')));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^rank: --input is missing\. .*--help.* shows examples\.\n$/);
  });

  it('ranks, says what it did as one line of JSON, and keeps stderr quiet', async () => {
    const { code, out, err } = await trainer(
      rank('--method', 'prp-allpair', '--input', path('one.json'), '--output', path('o.json'), '--json'),
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ state: 'done', calls: { asked: 20 }, output: path('o.json') });
    expect(readAllDecisions(readFileSync(path('o.json'), 'utf8'))).toHaveLength(1);
  });

  it('prints only the estimate in a dry run', async () => {
    const { code, out } = await trainer(
      rank('--method', 'prp-heapsort', '--input', path('long.jsonl'), '--dry-run'),
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^At most [\d,]+ calls, about .+ \(.+ calls\/s measured on 24 of the prompts\)\.\n$/);
  });

  it('ends with 130 after Ctrl-C, with what is finished written', async () => {
    const args = rank('--method', 'prp-allpair', '--input', path('long.jsonl'), '--output', path('o.jsonl'));
    const { code, err } = await trainer(args, (kill) => {
      // Work has begun when the file beside the output has grown.
      const timer = setInterval(() => {
        if (grown()) {
          clearInterval(timer);
          kill();
        }
      }, 50);
    });
    expect(code).toBe(130);
    expect(err).toMatch(/Interrupted after \d+ of 3000 queries\. What was finished is in .*o\.jsonl/);
    const documents = readAllDecisions(readFileSync(path('o.jsonl'), 'utf8'));
    const states = documents.map(({ methods }) => methods.teacher.state);
    expect(states[0]).toBe('done');
    expect(states.slice(0, -1).every((state) => state === 'done')).toBe(true);
    expect(states.length).toBeLessThan(3000);
  });
});

function grown(): boolean {
  const file = readdirSync(root).find((name) => /^o\.jsonl\.\d+\.tmp$/.test(name));
  return file !== undefined && statSync(path(file)).size > 1000;
}
