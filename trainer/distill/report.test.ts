/** What is said at the end. */
import { describe, expect, it } from 'vitest';
import type { DistillSummary, StageSummary } from './distill-request.ts';
import { lastLines } from './report.ts';

const summary = (seconds: number, worked: readonly number[]): DistillSummary => ({
  command: 'distill',
  state: 'done',
  recipe: 'small.yaml',
  labels: 'teacher',
  output: 'out',
  student: 'out/student',
  queries: { training: 600, heldOut: 100 },
  stages: worked.map((own): StageSummary => ({ stage: 'label', state: 'done', seconds: own })),
  seconds,
});
const first = (seconds: number, worked: readonly number[]) => lastLines(summary(seconds, worked))[0];

describe('the time that a student took', () => {
  it('is that of the run where there was no other, though its stages took less', () => {
    expect(first(384, [200, 177])).toBe('600 queries distilled, 100 held out, in 6 min 24 s.');
  });

  it('is told with that of earlier runs where there were some', () => {
    expect(first(30, [200, 177])).toBe(
      '600 queries distilled, 100 held out, in 30 s (6 min 17 s with earlier runs).',
    );
  });
});
