import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../state/readings/verdict.ts';
import { presentSentence } from './sentence.ts';

const side = (seconds: number, calls: number, cached = 0) => ({
  seconds,
  calls,
  cached,
  ended: true,
  method: '',
  conditions: '',
});
const facts: Verdict = {
  query: 'q',
  pointwise: 'student',
  candidates: 10,
  top: { size: 3, shared: 3, sameOrder: true },
  undecided: [],
  ndcg10: { bm25: 0.5, student: 0.832, teacher: 0.821 },
  speed: { kind: 'ratio', ratio: 10, student: side(0.4, 10), teacher: side(4, 90), raced: false },
  range: null,
};

describe('presentSentence', () => {
  it('says agreement, quality, calls and times in one sentence', () => {
    expect(presentSentence(facts)).toBe(
      'The student agrees with the teacher on the top 3, with nDCG@10 .832 against .821, 10 calls against 90 and 400 ms against 4.00 s.',
    );
  });

  it('says no more than was measured', () => {
    const top = { size: 3, shared: 1, sameOrder: false };
    expect(presentSentence({ ...facts, top, ndcg10: null, speed: { kind: 'hidden', reason: '' } })).toBe(
      'The student shares 1 of the teacher’s top 3.',
    );
    const cached: Verdict['speed'] = {
      kind: 'cached',
      cached: 90,
      student: side(1, 10),
      teacher: side(1, 0, 90),
    };
    const kept = presentSentence({ ...facts, speed: cached });
    expect(kept).toMatch(/10 calls against 90 \(answers were kept, so no times\)\.$/);
    expect(kept).not.toMatch(/\d m?s\b/);
    expect(presentSentence({ ...facts, undecided: ['teacher'] })).toMatch(
      /^The teacher decides nothing here/,
    );
  });
});
