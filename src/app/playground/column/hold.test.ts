import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnState } from '../../../state/run/run.ts';
import type { Candidate } from '../../../types.ts';
import { type AttentionEvent, attend, isReading, nextShown, nobody, type Ranked } from './hold.ts';

const events: readonly AttentionEvent[] = ['moved', 'near', 'rested', 'left', 'focused', 'blurred', 'let-go'];
const readingAfter = (...told: AttentionEvent[]): boolean => isReading(told.reduce(attend, nobody));

describe('who counts as a reader', () => {
  it.each<[AttentionEvent[], boolean]>([
    [[], false],
    [['moved'], true],
    [['moved', 'near'], true],
    [['moved', 'near', 'rested'], false],
    [['moved', 'left'], false],
    [['moved', 'rested', 'moved'], true],
    // A pointer that came to lie over a column when a dialog closed, and then goes on elsewhere in it.
    [['near'], false],
    [['rested'], false],
    [['moved', 'rested', 'near'], false],
    [['focused'], true],
    [['focused', 'rested', 'left'], true],
    [['focused', 'blurred'], false],
    [['moved', 'focused', 'let-go'], false],
    [['moved', 'let-go', 'near'], false],
    [['moved', 'let-go', 'moved'], true],
    [['focused', 'let-go', 'focused'], true],
  ])('%j: %s', (told, reading) => {
    expect(readingAfter(...told)).toBe(reading);
  });

  it('a pointer that has left and no focus is nobody, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (told) => {
        expect([...told, 'left' as const, 'blurred' as const].reduce(attend, nobody)).toEqual(nobody);
      }),
    );
  });
});

const passages = (n: number): readonly Candidate[] =>
  Array.from({ length: n }, (_, i) => ({ passage: { id: `p${i}`, text: `${i}` }, rank: i + 1, score: 1 }));
const candidates = passages(3);
const ranked = (
  order: number[],
  { state = 'running' as ColumnState, scores = [3, 2, 1], set = { candidates } } = {},
): Ranked => ({ state, run: { order, scores, set } });
const old = ranked([0, 1, 2]);

describe('what is shown', () => {
  it('keeps an order with scores for a reader while the run goes on', () => {
    expect(nextShown(old, ranked([2, 0, 1]), true)).toBe(old);
    const newer = ranked([2, 0, 1]);
    expect(nextShown(old, newer, false)).toBe(newer);
  });

  it('never keeps what has no scores yet', () => {
    const first = ranked([2, 0, 1]);
    expect(nextShown(ranked([0, 1, 2], { scores: [Number.NaN, Number.NaN, Number.NaN] }), first, true)).toBe(
      first,
    );
  });

  it('shows newer scores of the same order', () => {
    const newer = ranked([0, 1, 2], { scores: [6, 5, 4] });
    expect(nextShown(old, newer, true)).toBe(newer);
  });

  it('shows another run’s candidates at once', () => {
    const newer = ranked([2, 0, 1], { set: { candidates: passages(3) } });
    expect(nextShown(old, newer, true)).toBe(newer);
  });

  it('waits only while the run goes on, and ends with its last state whatever readers do', () => {
    const permutation = fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 });
    const score = fc.oneof(fc.constant(Number.NaN), fc.double({ noNaN: true }));
    const step = fc.record({
      told: fc.array(fc.constantFrom(...events)),
      order: permutation,
      scores: fc.array(score, { minLength: 3, maxLength: 3 }),
    });
    const settled = fc.constantFrom<ColumnState>('done', 'cancelled', 'error');
    fc.assert(
      fc.property(fc.array(step), permutation, settled, (steps, last, state) => {
        let attention = nobody;
        let shown = old;
        for (const { told, order, scores } of steps) {
          attention = told.reduce(attend, attention);
          const latest = ranked(order, { scores });
          const next = nextShown(shown, latest, isReading(attention));
          expect([shown, latest]).toContain(next);
          if (next !== latest) {
            expect(isReading(attention)).toBe(true);
            expect(next.run!.scores.some(Number.isFinite)).toBe(true);
            expect(next.run!.order).not.toEqual(order);
          }
          shown = next;
        }
        const end = ranked(last, { state });
        expect(nextShown(shown, end, isReading(attention))).toBe(end);
      }),
    );
  });
});
