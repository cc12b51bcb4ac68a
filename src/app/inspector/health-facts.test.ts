import { describe, expect, it } from 'vitest';
import type { DecidedPairs } from '../../analysis/decided-pairs.ts';
import { type JudgeReport, judgeReport, packDecisions } from '../../analysis/judge-report.ts';
import { contradictoryJudge, judge } from '../../analysis/testing/judges.ts';
import { rankByPairs } from '../../ranking/schedules/all-pairs.ts';
import { healthFacts } from './health-facts.ts';

function reportOf(pairs: DecidedPairs): JudgeReport {
  const decisions = [...pairs.asked()].map(([a, b]) => ({
    a,
    b,
    logitA: pairs.margin(a, b),
    logitB: 0,
    preference: pairs.table.get(a, b)!,
  }));
  const { order, scores } = rankByPairs(pairs.table);
  return judgeReport({
    decisions: packDecisions(pairs.size, decisions),
    orders: [{ name: 'teacher', order, scores }],
    grades: order.map(() => undefined),
  });
}

const about = (pairs: DecidedPairs) =>
  new Map(healthFacts(reportOf(pairs), pairs.size).map((fact) => [fact.id, fact]));
const doubted = (pairs: DecidedPairs) => [...about(pairs)].flatMap(([id, { doubt }]) => (doubt ? [id] : []));

describe('the health of a judge, in words', () => {
  it('finds nothing in a judge that answers, however often it contradicts itself', () => {
    expect(doubted(contradictoryJudge(12, 0.3, 4))).toEqual([]);
  });

  it('names what is no answer, with its cells', () => {
    const constant = judge(6, () => 0);
    expect(doubted(constant)).toEqual(['health-equal']);
    expect(about(constant).get('health-equal')).toMatchObject({ value: '30 of 30' });
    expect(about(constant).get('health-equal')!.cells).toHaveLength(30);

    const first = about(judge(6, () => 1)).get('health-position')!;
    expect(first).toMatchObject({ value: '1.00', detail: 'won by the passage shown first, 30 of 30 calls' });
    expect(first.doubt).toContain('The passage shown first won all 30');

    const certain = judge(8, (a, b) => (b - a) * 8);
    expect(doubted(certain)).toEqual(['health-saturated', 'health-order']);
    expect(about(certain).get('health-saturated')).toMatchObject({ value: '1.00' });
    expect(about(certain).get('health-order')).toMatchObject({ value: 'unchanged' });
  });

  it('says that the labels’ probability is not asked of pairs', () => {
    expect(about(judge(4, (a, b) => a - b)).get('health-labels')!.value).toBe('not asked');
    expect(about(judge(4, (a, b) => a - b)).get('health-order')!.value).toBe('4 of 4 moved');
  });
});
