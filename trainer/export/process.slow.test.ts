/**
 * Export and convert as processes that are killed, stopped, and run out of disk: a folder that is not finished has no
 * card, one with a card is whole, and the same command makes the same files.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import { writeHfFolder } from '../checkpoint/testing/hf-folder.ts';
import { runTrainer, runWithFullDisk, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';

const folder = testFolder('folder-process');
const at = (...names: string[]) => join(folder, ...names);
const COMMON = ['--dtypes', 'fp32,int8,q8', '--threads', '1', '--json'];
const COMMANDS = {
  export: (output: string) => ['export', '--checkpoint', at('hf'), '--output', at(output), ...COMMON],
  convert: (output: string) => ['convert', '--input', at('hf'), '--output', at(output), ...COMMON],
} as const;
type Name = keyof typeof COMMANDS;

const filesIn = (output: string) =>
  readdirSync(at(output), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(at(output).length + 1))
    .sort();
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
/** Of everything but the card and its text, which name their own folder. */
const digests = (output: string) =>
  filesIn(output)
    .filter((file) => !['ranker.json', 'README.md'].includes(file))
    .map((file) => [file, sha256(at(output, file))]);

/** Never half: without a card, or with one whose every file is there as it says. */
function expectHonest(output: string): void {
  const path = at(output, 'ranker.json');
  if (!existsSync(path)) return;
  const card = parseRankerCard(readFileSync(path, 'utf8'), path);
  expect(Object.keys(card.dtypeMeasures ?? {}).sort()).toEqual(['fp32', 'int8', 'q8']);
  for (const [file, { bytes, sha256: digest }] of Object.entries(card.files)) {
    expect([file, statSync(at(output, file)).size]).toEqual([file, bytes]);
    expect([file, sha256(at(output, file))]).toEqual([file, digest]);
  }
}

beforeAll(async () => {
  writeHfFolder(at('hf'), { config: { n_positions: 192 } });
  for (const name of Object.keys(COMMANDS) as Name[]) {
    const { code, stdout, stderr } = await runTrainer(COMMANDS[name](`${name}-whole`));
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
    expect(JSON.parse(stdout)).toMatchObject({ command: name, state: 'done' });
    expectHonest(`${name}-whole`);
  }
}, 240_000);

describe.each(Object.keys(COMMANDS) as Name[])('%s as a process', (name) => {
  const args = COMMANDS[name];
  const whole = () => digests(`${name}-whole`);

  it('goes on after kill -9 at random files, over an earlier folder too', async () => {
    const output = `${name}-killed`;
    // Files of a whole folder, so that an old card could vouch for new ones.
    cpSync(at(`${name}-whole`), at(output), { recursive: true });
    const old = new Map(filesIn(output).map((file) => [file, statSync(at(output, file)).mtimeMs]));
    const points = [
      'config.json',
      'model.safetensors',
      'onnx/scorer_int8.onnx',
      'onnx/scorer_q8.onnx',
      'README.md',
    ];
    const random = points.filter(() => Math.random() < 0.5);
    for (const file of random.length > 0 ? random : [points[2]!]) {
      const rewritten = () => {
        const found = statSync(at(output, file), { throwIfNoEntry: false });
        return found && found.mtimeMs !== old.get(file) ? at(output, file) : undefined;
      };
      const { signal } = await stopWhenGrown(startTrainer(args(output)), rewritten, 1, 'SIGKILL');
      // The text comes just before the card: the process may be over by then.
      if (file !== 'README.md') expect([file, signal]).toEqual([file, 'SIGKILL']);
      if (file !== 'README.md') expect([file, existsSync(at(output, 'ranker.json'))]).toEqual([file, false]);
      expectHonest(output);
      for (const one of filesIn(output)) old.set(one, statSync(at(output, one)).mtimeMs);
    }
    expect((await runTrainer(args(output))).code).toBe(0);
    expectHonest(output);
    expect(digests(output)).toEqual(whole());
  }, 240_000);

  it('ends at Ctrl-C without a card, and goes on', async () => {
    const output = `${name}-stopped`;
    const model = () => at(output, 'model.safetensors');
    const { code, stdout, stderr } = await stopWhenGrown(startTrainer(args(output)), model, 1, 'SIGINT');
    expect([code, stderr]).toEqual([130, expect.stringContaining('Cancelled')]);
    expect(JSON.parse(stdout)).toMatchObject({ command: name, state: 'cancelled' });
    expect(existsSync(at(output, 'ranker.json'))).toBe(false);
    expect((await runTrainer(args(output))).code).toBe(0);
    expect(digests(output)).toEqual(whole());
  }, 240_000);

  it('says that a disk is full, leaves no card, and goes on', async () => {
    const output = `${name}-full`;
    const limit = statSync(at(`${name}-whole`, 'onnx', 'scorer_fp32.onnx')).size / 2;
    const { code, stdout, stderr } = await runWithFullDisk(args(output), limit);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /cannot be written: .* (The folder is incomplete|Nothing of it was kept)\. Make room and run the same command/,
      ),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ command: name, state: 'failed', error: { code: 'device' } });
    expect(existsSync(at(output, 'ranker.json'))).toBe(false);
    expect((await runTrainer(args(output))).code).toBe(0);
    expect(digests(output)).toEqual(whole());
  }, 240_000);
});
