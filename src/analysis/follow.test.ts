import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairTable } from '../ranking/pair-table.ts';
import { rankByPairs } from '../ranking/schedules/all-pairs.ts';
import type { PairDecision } from './decided-pairs.ts';
import { followPassage, partingOf } from './follow.ts';

const decide = (a: number, b: number, margin: number): PairDecision => ({
  a,
  b,
  logitA: margin,
  logitB: 0,
  preference: margin > 0 ? 1 : margin < 0 ? 0 : 0.5,
});
const at = (decisions: readonly PairDecision[]) => (a: number, b: number) =>
  decisions.find((one) => one.a === a && one.b === b);

describe('a passage that is followed', () => {
  it('has its games from its own side, upsets first, contradictions told', () => {
    const decisions = [
      decide(1, 0, 2),
      decide(0, 1, -1), // 1 beats 0, which is ranked above it
      decide(1, 2, 3),
      decide(2, 1, 1), // each wins as A
      decide(1, 3, 1),
      decide(3, 1, -1), // 1 beats 3, as its place says
    ];
    const { meetings, points, games, of, place } = followPassage(at(decisions), [0, 1, 2, 3], 1);
    expect({ points, games, of, place }).toEqual({ points: 5, games: 6, of: 6, place: 2 });
    expect(
      meetings.map(({ opponent, points, upset, contradictory }) => [opponent, points, upset, contradictory]),
    ).toEqual([
      [0, 2, 'beat-higher', false],
      [2, 1, undefined, true],
      [3, 2, undefined, false],
    ]);
    expect(meetings[0]!.asB).toEqual({ points: 1, margin: 1 });
  });

  it('loses to a lower one even where only one order was asked; what was not asked gives nothing', () => {
    const { meetings, points, games } = followPassage(at([decide(2, 0, 5)]), [0, 1, 2], 0);
    expect(meetings[0]).toMatchObject({ opponent: 2, upset: 'lost-to-lower', asked: 1, points: 0 });
    expect(meetings[0]!.asA).toBeUndefined();
    expect({ points, games }).toEqual({ points: 0, games: 1 });
  });

  it('adds up to the score of Eq. 5 where all games were asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }),
        fc.infiniteStream(fc.integer({ min: -2, max: 2 })),
        (n, margins) => {
          const table = new PairTable(n);
          const decisions: PairDecision[] = [];
          for (let a = 0; a < n; a++) {
            for (let b = 0; b < n; b++) {
              if (a === b) continue;
              const decision = decide(a, b, margins.next().value!);
              decisions.push(decision);
              table.set(a, b, decision.preference);
            }
          }
          const { order, scores } = rankByPairs(table);
          order.forEach((position, i) => {
            const followed = followPassage(at(decisions), order, position);
            expect(followed.points).toBe(scores[i]);
            expect(followed.place).toBe(i + 1);
          });
        },
      ),
    );
  });
});

it('names the passages on whose account two ranks differ', () => {
  expect(partingOf([0, 1, 2, 3], [2, 3, 0, 1], 1)).toEqual({ gained: [2, 3], lost: [] });
  expect(partingOf([2, 3, 0, 1], [0, 1, 2, 3], 1)).toEqual({ gained: [], lost: [2, 3] });
  expect(partingOf([1, 0], [1, 0], 0)).toEqual({ gained: [], lost: [] });
});
