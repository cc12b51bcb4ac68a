import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testFolder } from '../testing/folder.ts';
import { summaryLines } from './report.ts';
import { TrainLog, thinned } from './train-log.ts';

const path = join(testFolder('train-log'), 'train.jsonl');
const line = (step: number, own: object) => `${JSON.stringify({ step, ...own })}\n`;

it('counts the steps that changed nothing, also those of an earlier run, and says so at the end', async () => {
  const kept = [line(0, {}), line(1, { loss: 2, gradientNorm: 1 }), line(2, { loss: 1, gradientNorm: null })];
  writeFileSync(path, [...kept, line(3, { loss: 1, gradientNorm: null })].join(''));
  const log = await TrainLog.open(path, 3);
  expect([log.skipped, readFileSync(path, 'utf8')]).toEqual([1, kept.join('')]);
  await log.append({ step: 3, loss: null, gradientNorm: null });
  await log.close();
  const { skipped, losses } = log;
  expect([skipped, losses]).toEqual([
    2,
    [
      [1, 2],
      [2, 1],
    ],
  ]);
  const summary = {
    command: 'train',
    state: 'done',
    output: 'x',
    validation: [],
    seconds: 1,
    peakBytes: 1,
  } as const;
  const lines = (steps: { done: number; total: number; resumed: number; skipped?: number }) =>
    summaryLines({ ...summary, steps, lossCurve: thinned(losses, 10) }).join('\n');
  expect(lines({ done: 3, total: 3, resumed: 2, skipped })).toContain('2 steps changed nothing');
  expect(lines({ done: 3, total: 3, resumed: 2 })).not.toContain('changed nothing');
});
