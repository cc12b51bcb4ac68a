import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComparisonCache } from '../cache.ts';
import { createMethod } from '../create-method.ts';
import { METHOD_IDS, methodNamed } from '../methods/registry.ts';
import { candidatesOf, FakeScorer } from '../testing/fake-scorer.ts';
import { thatWrites } from '../testing/writer.ts';
import type { Decision } from '../types.ts';
import { applyEvents, progressAt } from './apply-events.ts';
import { beginProgress, type ComparingProgress, kindOf, type LogEvent } from './progress.ts';

const begun = () => beginProgress('comparing', 3) as ComparingProgress;
const decision = (a: number, b: number, more: Partial<Decision> = {}): Decision => ({
  a,
  b,
  logitA: 1,
  logitB: 0,
  preference: 1,
  tokens: 10,
  ms: 2,
  cached: false,
  cuts: [],
  ...more,
});

describe('applyEvents', () => {
  it('keeps the array of an order that stays: what depends on it is not worked out again', () => {
    const before = begun();
    const same = applyEvents(before, [{ type: 'ranking', order: [0, 1, 2], scores: [3, 2, 1], at: 1 }]);
    expect(same.order).toBe(before.order);
    expect(same.scores).toEqual([3, 2, 1]);
    const other = applyEvents(before, [{ type: 'ranking', order: [1, 0, 2], scores: [3, 2, 1], at: 1 }]);
    expect(other.order).toEqual([1, 0, 2]);
  });

  it('counts asked and cached answers, tokens of asked ones only', () => {
    const items = [decision(0, 1), decision(1, 0, { cached: true, preference: 0 }), decision(0, 2)];
    const progress = applyEvents(begun(), [
      { type: 'planned', calls: 6, upperBound: false, at: 0 },
      { type: 'decided', items, at: 7 },
      { type: 'ranking', order: [1, 0, 2], scores: [2, 1, 0], at: 8 },
    ]);
    expect(progress).toMatchObject({
      asked: 2,
      cached: 1,
      tokens: 20,
      callMs: 6,
      ms: 8,
      version: 1,
      order: [1, 0, 2],
      planned: { calls: 6 },
    });
    expect(progress.matrix.at(1, 0)?.preference).toBe(0);
    expect(progress.matrix.table.get(0, 2)).toBe(1);
    expect(progress.matrix.at(2, 0)).toBeUndefined();
    expect(progress.matrix.decided).toBe(3);
  });

  it('ends with the time the worker measured, and counts anew after a Resume, whose clock goes on', () => {
    const totals = { planned: 6, asked: 6, cached: 0, tokens: 60, seconds: 1.5 };
    const ended = applyEvents(begun(), [{ type: 'done', totals, at: 1501 }]);
    expect(ended).toMatchObject({ ms: 1500, totals });
    const resumed = applyEvents(begun(), [
      { type: 'decided', items: [decision(0, 1)], at: 400 },
      { type: 'resumed', at: 400 },
      { type: 'decided', items: [decision(0, 1, { cached: true })], at: 402 },
    ]);
    expect(resumed).toMatchObject({ asked: 0, cached: 1, tokens: 0, earlierMs: 400, ms: 402, totals: null });
    expect(applyEvents(resumed, [{ type: 'done', totals, at: 1902 }]).ms).toBe(1900);
  });

  it('keeps the largest cut of each passage, whichever slot it stood in', () => {
    const cut = (slot: string, kept: number) => ({ slot, kept, total: 100 });
    const items = [
      decision(0, 1, { cuts: [cut('passage_a', 60), cut('passage_b', 50)] }),
      decision(1, 0, { cuts: [cut('passage_a', 70), cut('passage_b', 40)] }),
    ];
    const { truncations } = applyEvents(
      begun(),
      items.map((item): LogEvent => ({ type: 'decided', items: [item], at: 1 })),
    );
    expect([...truncations].map(([index, { kept }]) => [index, kept])).toEqual([
      [0, 40],
      [1, 50],
    ]);
  });
});

describe('a log', () => {
  it('of any method folds again to what was shown when it ran, at every moment, and to the totals at its end', async () => {
    const run = fc.record({
      id: fc.constantFrom(...METHOD_IDS),
      texts: fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      random: fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ id, texts, random }) => {
        const candidates = candidatesOf(texts);
        const kind = kindOf(id);
        const { template } = methodNamed(id);
        const scorer = thatWrites(
          new FakeScorer({
            answer: (slots, labels) =>
              Array.from({ length: labels }, (_, i) => (JSON.stringify(slots).length + 2 * i) % 5),
            random: () => random.next().value as number,
          }),
        );
        const method = createMethod(id, { template, cache: new ComparisonCache() });
        const log: LogEvent[] = [];
        const shown: { readonly at: number; readonly seen: string }[] = [];
        let live = beginProgress(kind, candidates.length);
        for await (const event of method.rank({ id: 'q', text: 'q' }, candidates, scorer)) {
          expect(event.at).toBeGreaterThanOrEqual(log.at(-1)?.at ?? 0);
          log.push(event);
          live = applyEvents(live, [event]);
          shown.push({ at: event.at, seen: facts(live) });
        }
        for (const [i, { at, seen }] of shown.entries()) {
          // Of several events of one moment the last counts.
          if (shown[i + 1]?.at !== at) expect(facts(progressAt(kind, candidates.length, log, at))).toBe(seen);
        }
        expect(live).toMatchObject({
          asked: live.totals!.asked,
          cached: live.totals!.cached,
          tokens: live.totals!.tokens,
        });
      }),
      { numRuns: 60 },
    );
  });
});

/** All that a progress says. */
const facts = (progress: ReturnType<typeof beginProgress>): string =>
  JSON.stringify({
    ...progress,
    truncations: [...progress.truncations],
    matrix: progress.kind === 'comparing' && progress.matrix.list(),
  });
