/** Pretraining as a process that is killed, stopped, and runs out of disk: it goes on to the same weights. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runTrainer, runWithFullDisk, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { tinyRecipe, writePreparedData } from '../testing/tiny-pretraining.ts';

const folder = testFolder('pretrain-process');
const at = (...names: string[]) => join(folder, ...names);
const args = (output: string) => [
  ...['pretrain', '--recipe', at('recipe.yaml'), '--output', at(output), '--skip-prepare', '--json'],
  ...['--save-seconds', '0'],
];
const MADE = ['base/model.safetensors', 'student/model.safetensors', 'stages/labels.jsonl'];
const made = (output: string) => MADE.map((file) => readFileSync(at(output, file)).toString('base64'));
let whole: string[];
let logBytes: number;

beforeAll(async () => {
  process.env.RANKSCOPE_WORK = at('data');
  writePreparedData(at('data'));
  writeFileSync(at('recipe.yaml'), stringify(tinyRecipe));
  const { code, stdout, stderr } = await runTrainer(args('whole'));
  expect([code, stderr]).toEqual([0, expect.stringContaining('Together about')]);
  expect(JSON.parse(stdout)).toMatchObject({ command: 'pretrain', state: 'done', steps: 15 });
  whole = made('whole');
  logBytes = statSync(at('whole', 'training.jsonl')).size;
}, 240_000);

/** A stage's state that is being written beside its place. */
function unfinished(output: string): string | undefined {
  const stages = at(output, 'stages');
  const found = existsSync(stages) ? readdirSync(stages) : [];
  const temporary = found.find((file) => /\.state\b.*(tmp|part)$/.test(file));
  return temporary && join(stages, temporary);
}

describe('pretrain as a process', () => {
  it('says what is left before it begins, and alone in a dry run', async () => {
    const none = await runTrainer([...args('none'), '--dry-run', '--verbose']);
    expect([none.code, existsSync(at('none'))]).toEqual([0, false]);
    const { state, estimate } = JSON.parse(none.stdout);
    expect(state).toBe('dry-run');
    expect(estimate.stages.map(({ stage }: { stage: string }) => stage)).toEqual([
      ...['match', 'pair', 'refine', 'polish', 'label', 'distil', 'evaluate'],
    ]);
    expect(Math.min(estimate.seconds, estimate.memoryBytes, estimate.diskBytes)).toBeGreaterThan(0);
    const text = await runTrainer(
      args('whole')
        .filter((arg) => arg !== '--json')
        .concat('--dry-run'),
    );
    expect(text.stdout).toMatch(/^Nothing is left to do/);
    const done = JSON.parse((await runTrainer([...args('whole'), '--dry-run'])).stdout).estimate;
    expect([done.seconds, done.stages]).toEqual([0, []]);
    // The two published models and the table are all that may be written again.
    expect(done.diskBytes).toBeLessThan(estimate.diskBytes / 4);
    rmSync(at('whole', 'evaluation.json'));
    const table = await runTrainer(
      args('whole')
        .filter((arg) => arg !== '--json')
        .concat('--dry-run'),
    );
    expect(table.stdout).toMatch(/^evaluate .*\nTogether about .+ of memory \(.+\), .+ on disk/);
  }, 120_000);

  it('goes on after kill -9: at random points of its log, while a state is written, while it labels', async () => {
    const log = () => at('killed', 'training.jsonl');
    const random = [Math.random(), Math.random()].sort().map((share) => Math.ceil(share * logBytes));
    const points: readonly (readonly [() => string | undefined, number])[] = [
      [log, random[0]!],
      [() => unfinished('killed'), 1],
      [log, random[1]!],
      [() => at('killed', 'stages', 'labels.jsonl'), 1],
    ];
    for (const [file, bytes] of points) {
      await stopWhenGrown(startTrainer(args('killed')), file, bytes, 'SIGKILL');
    }
    const { code, stdout } = await runTrainer(args('killed'));
    expect([code, random]).toEqual([0, random]);
    expect(JSON.parse(stdout).state).toBe('done');
    expect(made('killed')).toEqual(whole);
  }, 240_000);

  it('saves at Ctrl-C, says how to go on, and does', async () => {
    const log = () => at('stopped', 'training.jsonl');
    const stopped = await stopWhenGrown(startTrainer(args('stopped')), log, logBytes / 4, 'SIGINT');
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same command again');
    expect(JSON.parse(stopped.stdout)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    expect((await runTrainer(args('stopped'))).code).toBe(0);
    expect(made('stopped')).toEqual(whole);
  }, 240_000);

  it('goes on after a disk that was full', async () => {
    // The weights fit, the state (three times as large) does not.
    const weights = statSync(at('whole', 'base', 'model.safetensors')).size;
    const { code, stderr, stdout } = await runWithFullDisk(args('full'), 2 * weights);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/cannot be written.*ake room and run the same command/),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'failed', error: { code: 'device' } });
    expect((await runTrainer(args('full'))).code).toBe(0);
    expect(made('full')).toEqual(whole);
  }, 240_000);
});
