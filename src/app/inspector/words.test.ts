import { expect, it } from 'vitest';
import { decision } from '../../analysis/testing/judges.ts';
import { decisionInWords, disagree, probabilityOfA, shortProbability } from './words.ts';

it('reads P(A) from the two logits, shortly', () => {
  expect(probabilityOfA({ logitA: 1, logitB: 1 })).toBe(0.5);
  expect(probabilityOfA({ logitA: 3, logitB: 1 })).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  expect([0.834, 0.999, 0.004, 1].map(shortProbability)).toEqual(['.83', '1.00', '.00', '1.00']);
});

it('says who was shown first, who won, how surely, and what the other order says', () => {
  expect(decisionInWords('p1', 'p2', undefined, undefined)).toBe('p1 as A, p2 as B: not asked');
  expect(decisionInWords('p1', 'p2', decision(0, 1, 2), undefined)).toBe(
    'p1 as A, p2 as B: p1 preferred, P(A) .88',
  );
  expect(decisionInWords('p1', 'p2', decision(0, 1, -2), decision(1, 0, -1))).toBe(
    'p1 as A, p2 as B: p2 preferred, P(A) .12, the other order disagrees',
  );
  expect(decisionInWords('p1', 'p2', decision(0, 1, 0), decision(1, 0, 0))).toBe(
    'p1 as A, p2 as B: equal, P(A) .50',
  );
});

it('calls a winner in one order and a tie in the other a disagreement', () => {
  expect(disagree(decision(0, 1, 1), decision(1, 0, -1))).toBe(false);
  expect(disagree(decision(0, 1, 1), decision(1, 0, 0))).toBe(true);
  expect(disagree(decision(0, 1, 1), undefined)).toBe(false);
});
