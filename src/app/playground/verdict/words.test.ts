import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpeedSide } from '../../../state/readings/speed-up.ts';
import type { Verdict } from '../../../state/readings/verdict.ts';
import { formatShare } from '../../ui/numbers.ts';
import { verdictSentences, verdictToCopy } from './words.ts';

const side = (seconds: number, calls: number, cached = 0): SpeedSide => ({
  seconds,
  calls,
  cached,
  ended: true,
  method: '',
  conditions: 'WASM · 2 threads · int8',
});

const ratio = (student: number, teacher: number, raced = false): Verdict['speed'] => ({
  kind: 'ratio',
  ratio: teacher / student,
  raced,
  student: side(student, 10),
  teacher: side(teacher, 90),
});

const facts: Verdict = {
  query: 'why does bread rise',
  pointwise: 'student',
  candidates: 10,
  top: { size: 3, shared: 3, sameOrder: true },
  undecided: [],
  ndcg10: { bm25: 0.524, student: 0.712, teacher: 0.7206 },
  speed: ratio(0.4, 3.1),
  range: null,
};
const say = (patch: Partial<Verdict>): string => verdictSentences({ ...facts, ...patch }).join(' ');

describe('verdictSentences', () => {
  it('says agreement, quality, calls and times, each as it was measured', () => {
    expect(say({})).toBe(
      'Student and teacher agree on the top 3. nDCG@10: BM25 .524, student .712, teacher .721. ' +
        'The student asked 10 questions in 400 ms, the teacher 90 in 3.10 s.',
    );
  });

  it('tells apart the same order, the same passages, some of them and none', () => {
    const top = (shared: number) => say({ top: { size: 3, shared, sameOrder: false } });
    expect(top(3)).toContain('have the same top 3, in a different order.');
    expect(top(2)).toContain('share 2 of their top 3.');
    expect(top(0)).toContain('share none of their top 3.');
  });

  it('makes no top 3 of three candidates or fewer', () => {
    const few = { candidates: 3, top: { size: 3, shared: 3, sameOrder: false } };
    expect(say(few)).toContain('Student and teacher put the 3 passages in different orders.');
    expect(say(few)).not.toContain('top 3');
  });

  it('claims no agreement with an order that is only BM25’s', () => {
    const text = say({ undecided: ['teacher'] });
    expect(text).toContain('The teacher puts no passage above another, so its order is BM25’s.');
    expect(text).not.toContain('agree');
  });

  it('says nothing of quality without grades', () => {
    expect(say({ ndcg10: null })).not.toMatch(/nDCG|\.\d{3}/);
  });

  it('compares no times of kept answers', () => {
    const speed = (cached: number): Verdict['speed'] => ({
      kind: 'cached',
      cached,
      student: side(0.4, 0, 10),
      teacher: side(3.1, 100 - cached, cached - 10),
    });
    const some = say({ speed: speed(80) });
    expect(some).toContain('needed 10 answers, the teacher 90; 80 of them were kept from earlier runs');
    expect(some).not.toMatch(/\d m?s\b/);
    expect(say({ speed: speed(100) })).toContain('all of them were kept');
  });

  it('says nothing of the cost where nothing was measured', () => {
    expect(say({ speed: { kind: 'hidden', reason: '' } })).not.toMatch(/question|answer/);
  });

  it('names the base as such, a race, and the range of repeats', () => {
    expect(say({ pointwise: 'base' })).toMatch(/^Base and teacher .* base \.712.* The base asked/);
    expect(say({ speed: ratio(0.4, 3.1, true) })).toContain('each slowed the other');
    const range = {
      runs: 3,
      student: [0.4, 0.45],
      teacher: [3.1, 3.1],
      median: { student: 0.41, teacher: 3.1 },
    } as const;
    expect(say({ range })).toContain('Median of 3 runs: 410 ms (400 ms to 450 ms) against 3.10 s.');
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  it('never claims a winner, and says alike exactly where the shown figures are', () => {
    fc.assert(
      fc.property(share, share, share, fc.boolean(), (bm25, student, near, same) => {
        const teacher = same ? Math.min(1, Math.max(0, student + (near - 0.5) / 1e4)) : near;
        const text = say({ ndcg10: { bm25, student, teacher } });
        const figures = [bm25, student, teacher].map(formatShare);
        for (const figure of figures) expect(text).toContain(figure);
        expect(text.includes('alike')).toBe(new Set(figures).size === 1);
        expect(text).not.toMatch(/\b(best|better|worse|wins?|winner|beats?|ahead|higher|lower|faster)\b/i);
      }),
    );
  });
});

describe('verdictToCopy', () => {
  it('carries the query, and the conditions of times only where there are times', () => {
    expect(verdictToCopy(facts)).toMatch(/^“why does bread rise”: .*teacher: WASM · 2 threads · int8\)$/);
    expect(verdictToCopy({ ...facts, speed: { kind: 'hidden', reason: '' } })).not.toContain('WASM');
  });
});
