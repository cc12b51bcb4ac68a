/** Training as a process that is killed, stopped, and runs out of disk: it goes on to the same weights. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runTrainer, runWithFullDisk, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { writeSampleLabels } from '../testing/sample-labels.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import type { TrainSummary } from './train-request.ts';

const folder = testFolder('train-process');
const at = (...names: string[]) => join(folder, ...names);
const args = (output: string) => [
  ...['train', '--checkpoint', at('base'), '--input', at('labels.jsonl'), '--output', at(output), '--json'],
  ...['--threads', '1', '--steps', '24', '--batch', '2', '--learning-rate', '1e-3', '--hold-out', '4'],
  ...['--validate-every', '5', '--save-steps', '2'],
];
const weights = (output: string) => readFileSync(at(output, 'model.safetensors'));
const lossesOf = (output: string) =>
  readFileSync(at(output, 'train.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { step, loss, validation } = JSON.parse(line) as Record<string, unknown>;
      return { step, loss, validation };
    });
let whole: ReturnType<typeof lossesOf>;
let logBytes: number;

beforeAll(async () => {
  await writeTinyCheckpoint(at('base'), { dtypes: ['int8'] });
  writeSampleLabels(at('labels.jsonl'), { lists: 28, passages: 4 });
  const { code, stdout, stderr } = await runTrainer(args('whole'));
  expect([code, stderr]).toEqual([0, expect.stringMatching(/steps?, about .+ per step, measured/)]);
  expect(JSON.parse(stdout)).toMatchObject({ command: 'train', state: 'done', steps: { done: 24 } });
  whole = lossesOf('whole');
  logBytes = statSync(at('whole', 'train.jsonl')).size;
  expect(whole.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, step) => step));
}, 240_000);

/** A file that is being written beside its place. */
function unfinished(output: string, name: RegExp): string | undefined {
  const found = existsSync(at(output, 'work')) ? readdirSync(at(output, 'work')) : [];
  const temporary = found.find((file) => name.test(file) && file.endsWith('.tmp'));
  return temporary && at(output, 'work', temporary);
}

describe('train as a process', () => {
  it('goes on after kill -9: at random steps, while a state is written, while the result is', async () => {
    const log = () => at('killed', 'train.jsonl');
    const random = [Math.random(), Math.random()].sort().map((share) => Math.ceil(share * logBytes));
    const points: readonly (readonly [() => string | undefined, number])[] = [
      [log, random[0]!],
      [() => unfinished('killed', /^state/), 1],
      [log, random[1]!],
      [() => at('killed', 'card.json'), 1],
    ];
    for (const [file, bytes] of points) {
      await stopWhenGrown(startTrainer(args('killed')), file, bytes, 'SIGKILL');
    }
    const { code, stdout, stderr } = await runTrainer(args('killed'));
    expect([code, stderr, random]).toEqual([0, expect.not.stringContaining('rror'), random]);
    expect((JSON.parse(stdout) as TrainSummary).state).toBe('done');
    expect(lossesOf('killed')).toEqual(whole);
    expect(weights('killed').equals(weights('whole'))).toBe(true);
    expect(readdirSync(at('killed')).sort()).toEqual(readdirSync(at('whole')).sort());
  }, 240_000);

  it('tidies up after a kill that came between the result and the end', async () => {
    const tidy = readdirSync(at('whole')).sort();
    mkdirSync(at('whole', 'work'));
    writeFileSync(at('whole', 'work', 'state.bin'), 'state');
    writeFileSync(at('whole', 'train.lock'), '999999999 elsewhere-that-is-gone\n');
    utimesSync(at('whole', 'train.lock'), 1, 1);
    writeFileSync(at('whole', 'card.json.12345.tmp'), '{');
    const { code, stdout } = await runTrainer(args('whole'));
    expect([code, (JSON.parse(stdout) as TrainSummary).state]).toEqual([0, 'done']);
    expect(readdirSync(at('whole')).sort()).toEqual(tidy);
  }, 120_000);

  it('saves at Ctrl-C, says how to go on, and does', async () => {
    const log = () => at('stopped', 'train.jsonl');
    const stopped = await stopWhenGrown(startTrainer(args('stopped')), log, logBytes / 3, 'SIGINT');
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /Interrupted after \d+ of 24 steps, which are saved in .*Run the same command again/,
    );
    const { state, steps } = JSON.parse(stopped.stdout) as TrainSummary;
    expect(state).toBe('cancelled');
    const { code, stdout } = await runTrainer([...args('stopped'), '--resume']);
    expect([code, (JSON.parse(stdout) as TrainSummary).steps.resumed]).toEqual([0, steps.done]);
    expect(lossesOf('stopped')).toEqual(whole);
    expect(weights('stopped').equals(weights('whole'))).toBe(true);
  }, 240_000);

  it('goes on after a disk that was full', async () => {
    // The weights fit, the state (three times as large) does not.
    const { code, stderr } = await runWithFullDisk(args('full'), 2 * weights('whole').length);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /full cannot be written: .*What was saved before is intact\. Make room and run the same command again/,
      ),
    ]);
    expect(readdirSync(at('full', 'work')).filter((name) => name.includes('state'))).toEqual([]);
    expect((await runTrainer(args('full'))).code).toBe(0);
    expect(weights('full').equals(weights('whole'))).toBe(true);
  }, 240_000);

  it('goes on after kill -9 at two threads, with AdamW on two as well', async () => {
    // More than 2 ** 20 parameters: then a second thread updates its share of them.
    await writeTinyCheckpoint(at('wide'), { dtypes: ['int8'], config: { d_ff: 2000 } });
    const own = (output: string) => [
      ...[
        'train',
        '--checkpoint',
        at('wide'),
        '--input',
        at('labels.jsonl'),
        '--output',
        at(output),
        '--json',
      ],
      ...['--threads', '2', '--steps', '10', '--batch', '2', '--learning-rate', '1e-3', '--hold-out', '4'],
      ...['--validate-every', '5', '--save-steps', '2', '--select', 'last'],
    ];
    expect((await runTrainer(own('two'))).code).toBe(0);
    expect(weights('two').length / 4).toBeGreaterThan(2 ** 20);
    const log = () => at('two-killed', 'train.jsonl');
    const random = Math.ceil(Math.random() * 0.6 * statSync(at('two', 'train.jsonl')).size);
    const killed = await stopWhenGrown(startTrainer(own('two-killed')), log, random, 'SIGKILL');
    expect([killed.signal, random]).toEqual(['SIGKILL', random]);
    expect((await runTrainer(own('two-killed'))).code).toBe(0);
    expect(lossesOf('two-killed')).toEqual(lossesOf('two'));
    expect(weights('two-killed').equals(weights('two'))).toBe(true);
  }, 240_000);

  it('refuses options that contradict each other, before anything is read', async () => {
    const [both, none] = await Promise.all([
      runTrainer([...args('no'), '--resume', '--fresh']),
      runTrainer(['train', '--checkpoint', at('base'), '--output', at('no')]),
    ]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--resume or --fresh, not both')]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--input is missing')]);
  }, 120_000);
});
