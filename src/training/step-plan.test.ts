import { describe, expect, it } from 'vitest';
import { rateAt, StepPlan } from './step-plan.ts';

const settings = { epochs: 3, batch: 4, accumulate: 2, seed: 7 };
const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
const allOf = (plan: StepPlan) => Array.from({ length: plan.steps }, (_, step) => plan.listsOf(step));

describe('the lists of steps', () => {
  it('are every list once an epoch, each epoch in another order', () => {
    const plan = new StepPlan(10, settings);
    expect(plan.steps).toBe(4);
    const seen = allOf(plan).flat(2);
    const epochs = [0, 1, 2].map((e) => seen.slice(10 * e, 10 * e + 10));
    for (const epoch of epochs) expect(sorted(epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map(String)).size).toBe(3);
    // 30 lists: three steps of 4 + 4, and what is left.
    expect(allOf(plan).map((parts) => parts.map(({ length }) => length))).toEqual([
      [4, 4],
      [4, 4],
      [4, 4],
      [4, 2],
    ]);
    expect([1, 2, 4].map((steps) => plan.epochsAfter(steps))).toEqual([0.8, 1.6, 3]);
  });

  it('depend on seed and step alone', () => {
    const forwards = new StepPlan(25, settings);
    const all = allOf(forwards);
    const backwards = new StepPlan(25, settings);
    for (let step = backwards.steps - 1; step >= 0; step--)
      expect(backwards.listsOf(step)).toEqual(all[step]);
    expect(new StepPlan(25, { ...settings, seed: 8 }).listsOf(0)).not.toEqual(all[0]);
  });

  it('end by epochs, by steps, or by what comes first', () => {
    const steps = (own: object) => new StepPlan(10, { batch: 4, accumulate: 1, seed: 1, ...own }).steps;
    expect(steps({ steps: 20 })).toBe(20);
    expect(steps({ steps: 20, epochs: 1 })).toBe(3);
    expect(steps({ steps: 2, epochs: 1 })).toBe(2);
    expect(steps({ epochs: 0.5 })).toBe(2);
    expect(new StepPlan(10, { batch: 4, accumulate: 1, seed: 1, steps: 5 }).listsOf(4).flat()).toHaveLength(
      4,
    );
  });
});

describe('the rate', () => {
  const rates = (schedule: 'constant' | 'linear', warmup: number) =>
    [0, 1, 2, 3, 4, 5].map((step) => rateAt(step, 6, { learningRate: 8, schedule, warmup }));
  it('rises, and stays or falls', () => {
    expect(rates('constant', 0)).toEqual([8, 8, 8, 8, 8, 8]);
    expect(rates('constant', 4)).toEqual([2, 4, 6, 8, 8, 8]);
    expect(rates('linear', 2)).toEqual([4, 8, 8, 6, 4, 2]);
  });
});
