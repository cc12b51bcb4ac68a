/** What cannot fit is refused before anything is started, with the stage, the figures and a way out. */
import { tmpdir } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { DistillEstimate, StageEstimate } from './distill-request.ts';
import type { StageName } from './layout.ts';
import { estimateLines } from './report.ts';
import { refuseWhatCannotFit, sumUp } from './resources.ts';

const stage = (name: StageName, values: Partial<StageEstimate>): StageEstimate => ({
  stage: name,
  state: 'new',
  seconds: 10,
  memoryBytes: 1e6,
  diskBytes: 1e6,
  ...values,
});
const estimate = (
  stages: readonly StageEstimate[],
  free = { memoryBytes: 64e9, diskBytes: 1e9 },
): DistillEstimate => ({
  stages,
  free,
  seconds: 20,
  memoryBytes: 1e6,
  diskBytes: stages.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
});

describe('resources of a distillation', () => {
  it('adds up work and disk, and takes the most of memory', async () => {
    const sum = await sumUp(
      [stage('label', { memoryBytes: 5e6 }), stage('train', {})],
      `${tmpdir()}/not/there/yet`,
    );
    expect(sum).toMatchObject({ seconds: 20, memoryBytes: 5e6, diskBytes: 2e6 });
    expect(sum.free.memoryBytes).toBeGreaterThan(process.memoryUsage().rss);
    expect(sum.free.diskBytes).toBeGreaterThan(0);
  });

  it('lets through what fits', () => {
    expect(() => refuseWhatCannotFit(estimate([stage('train', {})]), 'out')).not.toThrow();
  });

  it('names the stage that needs too much memory, the index that Node has no room for, and a full disk', () => {
    const train = estimate([stage('label', {}), stage('train', { memoryBytes: 90e9 })]);
    expect(() => refuseWhatCannotFit(train, 'out')).toThrow(
      /stage train needs about 90\.0 GB of memory and 64\.0 GB are free\. Choose a smaller student.*Nothing was started/,
    );
    const heap = getHeapStatistics().heap_size_limit;
    const index = estimate([stage('candidates', { memoryBytes: 2 * heap })], {
      memoryBytes: 9 * heap,
      diskBytes: 1e9,
    });
    expect(() => refuseWhatCannotFit(index, 'out')).toThrow(
      /NODE_OPTIONS=--max-old-space-size=\d+, or give a TREC run/,
    );
    const disk = estimate([stage('label', { diskBytes: 2e9 })]);
    expect(() => refuseWhatCannotFit(disk, 'out')).toThrow(
      /take about 2\.0 GB, and 1\.0 GB are free on the disk of out/,
    );
  });

  it('says it in a line a stage', () => {
    const work = { count: 33_600, unit: 'calls', upperBound: true };
    const lines = estimateLines(
      estimate([stage('candidates', { state: 'done' }), stage('label', { work, state: 'begun' })]),
    );
    expect(lines[0]).toBe('1 candidates already done');
    expect(lines[1]).toBe(
      '2 label      at most 33,600 calls, about 10 s, 1 MB of memory, 1 MB on disk (begun)',
    );
    expect(lines[2]).toMatch(/^In total about 20 s; at most 1 MB of memory \(64\.0 GB are free\)/);
  });
});
