import { describe, expect, it } from 'vitest';
import { introduction, type Plan } from './introductions.ts';

const plan: Plan = {
  candidates: 10,
  calls: 10,
  upTo: false,
  cached: 0,
  schedule: 'All pairs',
  kind: 'pairwise',
  shown: 2,
};

describe('what an empty column says', () => {
  it('tells the calls that a run will make', () => {
    expect(introduction('bm25', plan).join(' ')).toContain('Finds the 10 passages');
    expect(introduction('student', plan)[1]).toContain(': 10 calls. Is it');
    expect(introduction('base', plan)[1]).toContain('takes 10 calls too');
    expect(introduction('teacher', { ...plan, calls: 90 })[1]).toBe(
      'Every pair is asked, and each win counts: 90 calls.',
    );
  });

  it('tells a bound where the answers decide what is asked', () => {
    const heapsort = { ...plan, calls: 70, upTo: true, schedule: 'Heapsort' };
    expect(introduction('teacher', heapsort)[1]).toBe(
      'Heapsort decides which pairs are asked: up to 70 calls instead of 90.',
    );
  });

  it('promises no number where all pairs may be needed', () => {
    const topk = { ...plan, calls: 90, upTo: true, schedule: 'Exact top k' };
    expect(introduction('teacher', topk)[1]).toBe(
      'Exact top k decides which pairs are asked: up to 90 calls, as a rule far fewer.',
    );
  });

  it('says of a cross-encoder that it has no teacher', () => {
    expect(introduction('student', { ...plan, kind: 'relevance' }).join(' ')).toBe(
      'A cross-encoder reads each of the 10 passages together with the query, as one text. One score a passage makes the order: 10 calls.',
    );
  });

  it('tells how many passages a teacher is shown at once', () => {
    const setwise = {
      ...plan,
      kind: 'setwise',
      shown: 3,
      calls: 12,
      upTo: true,
      schedule: 'Setwise heapsort',
    } as const;
    expect(introduction('teacher', setwise).join(' ')).toBe(
      'Reads 3 of the 10 passages at a time and names the one that answers the query best. Setwise heapsort decides which are shown together: up to 12 calls.',
    );
    const listwise = { ...plan, kind: 'listwise', shown: 4, calls: 4, schedule: 'Listwise' } as const;
    expect(introduction('teacher', listwise)[1]).toContain(
      'from the bottom of the list to the top: 4 calls.',
    );
  });

  it('tells what needs no call, and speaks of one passage in the singular', () => {
    expect(introduction('teacher', { ...plan, calls: 90, cached: 72 })[1]).toContain(
      '90 calls, 72 of them answered already.',
    );
    expect(introduction('student', { ...plan, cached: 10 })[1]).toContain(
      '10 calls, all of them answered already',
    );
    expect(introduction('student', { ...plan, candidates: 1, calls: 1 }).join(' ')).toMatch(
      /^Reads each passage once.*: 1 call\. /,
    );
  });
});
