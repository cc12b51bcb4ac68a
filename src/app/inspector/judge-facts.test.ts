import { describe, expect, it } from 'vitest';
import type { PairDecision } from '../../analysis/decided-pairs.ts';
import { type JudgeReport, judgeReport, packDecisions } from '../../analysis/judge-report.ts';
import { decision } from '../../analysis/testing/judges.ts';
import { judgeFacts } from './judge-facts.ts';

const IDS = ['p1', 'p2', 'p3', 'p4'];

function reportOf(
  decisions: readonly PairDecision[],
  grades: readonly (number | undefined)[] = [],
): JudgeReport {
  const order = [0, 1, 2, 3];
  const scores = [4, 3, 2, 1];
  return judgeReport({
    decisions: packDecisions(4, decisions),
    orders: [
      { name: 'teacher', order, scores },
      { name: 'bm25', order: order.toReversed(), scores },
    ],
    grades: IDS.map((_, i) => grades[i]),
  });
}

/** p1 → p2 → p3 → p1 in a ring, all above p4; p1 and p4 in both orders to the first shown. */
const RING: PairDecision[] = (
  [
    [0, 1, 1],
    [1, 2, 1],
    [2, 0, 1],
    [1, 3, 1],
    [2, 3, 1],
  ] as const
)
  .flatMap(([winner, loser, margin]) => [decision(winner, loser, margin), decision(loser, winner, -margin)])
  .concat([decision(0, 3, 1), decision(3, 0, 1)]);

const facts = (report: JudgeReport) =>
  new Map(judgeFacts(report, 4, (i) => IDS[i]!).map((fact) => [fact.id, fact]));

describe('facts about a judge', () => {
  it('name the figure and point at the cells behind it', () => {
    const found = facts(reportOf(RING));
    expect(found.get('consistency')).toMatchObject({ value: '.83', cells: [3, 12] });
    expect(found.get('consistency')!.detail).toMatch(/5 of 6$/);
    expect(found.get('first')!.value).toBe('.58');
    expect(found.get('fairness')).toMatchObject({
      value: '−.17',
      detail: '1 flips to the first, 0 to the second',
    });
    const ring = found.get('triads')!;
    expect(ring.value).toBe('1');
    expect(ring.definition).toContain('p1 → p2 → p3 → p1');
    expect(ring.cells.toSorted((a, b) => a - b)).toEqual([1, 2, 4, 6, 8, 9]);
    expect(found.get('condorcet')!.value).toBe('none');
    expect(found.get('condorcet')!.detail).toBe('Smith set: 4');
    expect(found.get('calibration')).toMatchObject({
      value: '–',
      detail: 'needs graded passages',
      cells: [],
    });
  });

  it('give no interval and no cells before both orders were asked', () => {
    const found = facts(reportOf([decision(0, 1, 0.05)]));
    expect(found.get('consistency')).toMatchObject({ value: '–', detail: 'nothing to count yet', cells: [] });
    expect(found.get('narrow')).toMatchObject({ value: '1', cells: [1] });
    expect(found.get('triads')!.cells).toEqual([]);
  });

  it('point at what another order says otherwise, and measure calibration where grades tell passages apart', () => {
    const found = facts(reportOf([decision(0, 1, 2), decision(1, 0, -2)], [3, 0]));
    expect(found.get('disagree-bm25')).toMatchObject({ value: '1', cells: [1, 4] });
    expect(found.get('calibration')!.value).toMatch(/^ECE \.1/);
  });
});
