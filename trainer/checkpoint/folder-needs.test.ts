import { describe, expect, it } from 'vitest';
import type { ModelPlan } from '../../src/weights/plan-model.ts';
import { refusal } from '../testing/temporary.ts';
import { needsOf } from './folder-needs.ts';

const planOf = (size: number, scratch = 0) => ({ size, bytes: 4 * size, scratch }) as ModelPlan;

describe('memory and disk', () => {
  it('grow with the weights, the dtype and what reading takes beside', () => {
    const small = needsOf(planOf(77e6), ['int8'], 4);
    expect(small.convertBytes).toBeGreaterThan(4 * 77e6 + 2 * 77e6);
    expect(needsOf(planOf(77e6), ['int8', 'fp32'], 4).convertBytes).toBeGreaterThan(3 * 4 * 77e6);
    expect(needsOf(planOf(77e6, 1e9), ['int8'], 4).convertBytes).toBeGreaterThan(4 * 77e6 + 1e9);
    expect(small.diskBytes).toBeGreaterThan(5 * 77e6);
    expect(needsOf(planOf(77e6), ['int8'], 2).diskBytes).toBeLessThan(small.diskBytes - 1.5e8);
  });

  it('a scorer beyond 2 GiB is refused with the dtypes that fit', async () => {
    expect(await refusal(() => needsOf(planOf(783e6), ['int8', 'fp32'], 4))).toMatch(
      /as fp32 would take 3\.1 GB; .*Choose --dtypes int8,q8,q4\./,
    );
    expect(await refusal(() => needsOf(planOf(2.85e9), ['int8'], 2))).toContain('Choose --dtypes q4.');
    expect(await refusal(() => needsOf(planOf(11e9), ['q4'], 2))).toContain('Choose a smaller model.');
    expect(needsOf(planOf(783e6), ['int8'], 4).measurable).toBe(false);
  });
});
