/** Which prompts run together: all of them once, little padding, in the order of the windows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, type BatchingOptions, planBatches } from './batching.ts';

const CPU: BatchingOptions = { rows: 8, window: 32, waste: 0.08 };
const lengthLists = fc.array(fc.integer({ min: 1, max: 320 }), { maxLength: 150 });
const options = fc.record({
  rows: fc.integer({ min: 1, max: 16 }),
  window: fc.integer({ min: 1, max: 64 }),
  waste: fc.double({ min: 0, max: 0.9, noNaN: true }),
  lengths: fc.constantFrom<readonly number[] | undefined>(undefined, [8], [32, 64, 256]),
  full: fc.boolean(),
});

const padding = ({ rows, length }: Batch, lengths: readonly number[]) =>
  1 - rows.reduce((sum, i) => sum + lengths[i]!, 0) / (rows.length * length);

describe('planBatches', () => {
  it('puts every prompt into exactly one batch that is long enough and not too big', () => {
    fc.assert(
      fc.property(lengthLists, options, (lengths, settings) => {
        const plan = planBatches(lengths, settings);
        const all = plan.flatMap(({ rows }) => rows).sort((a, b) => a - b);
        expect(all).toEqual(lengths.map((_, i) => i));
        for (const { rows, height, length } of plan) {
          const longest = Math.max(...rows.map((i) => lengths[i]!));
          expect(rows.length).toBeLessThanOrEqual(settings.rows);
          expect(height).toBe(settings.full ? settings.rows : rows.length);
          expect(length).toBeGreaterThanOrEqual(longest);
          if (!settings.lengths) expect(length).toBe(longest);
          else if (!settings.lengths.includes(length)) expect(length % settings.lengths.at(-1)!).toBe(0);
        }
      }),
    );
  });

  it('keeps rows × length² of a batch within an area, of more than one prompt', () => {
    fc.assert(
      fc.property(lengthLists, options, fc.integer({ min: 1, max: 500_000 }), (lengths, settings, area) => {
        const plan = planBatches(lengths, { ...settings, area });
        expect(plan.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const { rows, height, length } of plan) {
          expect(height).toBeGreaterThanOrEqual(rows.length);
          if (height > 1) expect(height * length ** 2).toBeLessThanOrEqual(area);
        }
      }),
    );
  });

  it('wastes no more of any batch on padding than allowed', () => {
    fc.assert(
      fc.property(lengthLists, options, (lengths, settings) => {
        for (const batch of planBatches(lengths, { ...settings, lengths: undefined })) {
          expect(padding(batch, lengths)).toBeLessThanOrEqual(settings.waste + 1e-12);
        }
      }),
    );
  });

  it('finishes a window before the next one begins', () => {
    fc.assert(
      fc.property(lengthLists, options, (lengths, settings) => {
        const windows = planBatches(lengths, settings).map(({ rows }) => [
          ...new Set(rows.map((i) => Math.floor(i / settings.window))),
        ]);
        expect(windows.every((inside) => inside.length === 1)).toBe(true);
        const order = windows.flat();
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });

  it('fills batches of like lengths', () => {
    const plan = planBatches(new Array<number>(30).fill(100), CPU);
    expect(plan.map(({ rows }) => rows.length)).toEqual([8, 8, 8, 6]);
    expect(plan[0]!.rows).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('with the settings of CPU and WASM wastes under 8 % on prompts of mixed lengths', () => {
    const lengths = Array.from({ length: 90 }, (_, i) => 60 + ((i * 37) % 140));
    const plan = planBatches(lengths, CPU);
    const read = plan.reduce((sum, { rows, length }) => sum + rows.length * length, 0);
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    expect(1 - tokens / read).toBeLessThan(0.08);
    // And still runs several rows at once.
    expect(plan.length).toBeLessThan(30);
  });

  it('rounds lengths up to the next bucket, and batches up to their rows', () => {
    const plan = planBatches([3, 60, 64, 65, 300, 513], {
      rows: 2,
      window: 9,
      waste: 1,
      lengths: [64, 256],
      full: true,
    });
    expect(plan.map(({ length }) => length)).toEqual([64, 256, 768]);
    expect(planBatches([5, 6, 7], { ...CPU, waste: 1, full: true })).toEqual([
      { rows: [0, 1, 2], height: 8, length: 7 },
    ]);
  });

  it('plans nothing for no prompts', () => {
    expect(planBatches([], CPU)).toEqual([]);
  });
});
