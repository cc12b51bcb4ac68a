import { describe, expect, it } from 'vitest';
import { doubtReason, doubtText } from './doubt-words.ts';
import type { Doubt } from './doubts.ts';

const input = { input: 'BM25' };
const first: Doubt = { kind: 'one-position', position: 'first', share: 1, decisions: 90 };

describe('a doubt in words', () => {
  it('says what was seen, with its figures', () => {
    expect(doubtText({ kind: 'same-scores', passages: 10, score: 0 }, input)).toBe(
      'All 10 passages got the same score, so the order is still that of BM25.',
    );
    expect(doubtText(first, input)).toMatch(/^The passage shown first won all 90 comparisons, /);
    expect(doubtText({ ...first, position: 'second', share: 0.985 }, input)).toMatch(
      /^The passage shown second won 98\.5 % of the 90 comparisons, /,
    );
    expect(doubtText({ kind: 'few-winners', winners: 0, pairs: 45 }, input)).toMatch(/^None of the 45 pairs/);
    expect(doubtText({ kind: 'few-winners', winners: 5, pairs: 45 }, input)).toMatch(
      /^Only 5 of the 45 pairs/,
    );
    expect(doubtText({ kind: 'malformed', malformed: 2, answers: 3 }, input)).toMatch(
      /^2 of the 3 answers were not complete lists of the passages shown/,
    );
    const unlikely = (probability: number) => doubtText({ kind: 'labels-unlikely', probability }, input);
    expect(unlikely(0.00014)).toContain(' 0.01 % of the probability');
    expect(unlikely(1e-9)).toContain(' under 0.001 % of the probability');
  });

  it('gives the reason that is known, else what it may be', () => {
    const reason = (known: object) => doubtReason('one-position', { ...input, ...known });
    expect(reason({ sameTexts: true, trained: false })).toBe('All passages have the same text.');
    expect(reason({ trained: false })).toBe('The model was not trained on this prompt.');
    expect(reason({ trained: true })).toMatch(/wrong checkpoint, or the passages may be too alike/);
    expect(reason({ allCut: true })).toMatch(/wrong checkpoint, or a prompt .* All passages were cut/);
    expect(doubtReason('labels-unlikely', { ...input, trained: true })).toContain(
      'without true probabilities',
    );
    expect(doubtReason('same-order', { ...input, trained: false })).toContain('may agree');
  });
});
