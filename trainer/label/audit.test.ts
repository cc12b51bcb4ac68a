import { describe, expect, it } from 'vitest';
import { preference } from '../../src/ranking/pair-table.ts';
import { Auditor } from './audit.ts';
import { auditText } from './audit-text.ts';

const query = { id: 'q1', text: 'what is it' };
/** [a, b, logit A − logit B, passages cut] */
const decide = (...rows: [number, number, number, number?][]) =>
  rows.map(([a, b, margin, cut = 0]) => ({
    a,
    b,
    logitA: margin,
    logitB: 0,
    cut,
    preference: preference(margin, 0),
  }));

describe('the audit of labels', () => {
  it('counts contradictions, bias, cycles, cut prompts and narrow calls by hand', () => {
    const auditor = new Auditor();
    // Strict majorities 0 > 1 > 2 > 0 go round; 3 against 0: both times the passage shown first wins.
    const decisions = decide(
      ...(
        [
          [0, 1, 2],
          [1, 0, -2],
          [1, 2, 2, 1],
          [2, 1, -2, 2],
          [2, 0, 2],
          [0, 2, -0.05],
        ] as const
      ).map((row): [number, number, number, number?] => [...row]),
      [3, 0, 1],
      [0, 3, 1],
    );
    auditor.add(query, { order: [1, 0, 2, 3], scores: [4, 3, 2, 1], decisions });
    auditor.add({ id: 'q2', text: 'one candidate' }, { order: [0], scores: [0], decisions: [] });
    const audit = auditor.result();
    expect(audit).toMatchObject({ queries: 2, passages: 5, trivial: 1, firstPlaceChanged: 1 });
    expect(audit.tauToFirstStage).toBeCloseTo(4 / 6, 12);
    expect(audit.decisions).toEqual({
      made: 8,
      pairs: 4,
      contradictory: 1,
      contradictionRate: 1 / 4,
      even: 0,
      positionBias: 5 / 8,
      cycles: 1,
      strictThrees: 1,
      queriesWithCycles: 1,
      cutPrompts: 2,
      narrow: 1,
      narrowBelow: 0.1,
      medianMargin: 2,
      mostContradictory: [{ ...query, contradictory: 1, pairs: 4, cycles: 1 }],
    });
    const text = auditText(audit);
    expect(text).toContain('contradictory pairs             25.0 % (1 of 4)');
    expect(text).toContain('1/4  q1  “what is it”');
  });

  it('warns of a teacher that names the passage shown first whatever it is', () => {
    const auditor = new Auditor();
    const order = [0, 1, 2, 3, 4];
    const first = decide(
      ...order.flatMap((a) => order.filter((b) => b !== a).map((b): [number, number, number] => [a, b, 1])),
    );
    for (let i = 0; i < 3; i++) {
      auditor.add({ ...query, id: `q${i}` }, { order, scores: [4, 4, 4, 4, 4], decisions: first });
    }
    const audit = auditor.result();
    expect(audit.doubts).toEqual([
      expect.stringMatching(/^Warning: in 3 of 3 queries one place in the prompt won .* wrong checkpoint/),
    ]);
    expect(auditText(audit)).toContain(audit.doubts![0]);
  });

  it('lists the twenty most contradictory queries, worst first', () => {
    const auditor = new Auditor();
    for (let i = 0; i < 1500; i++) {
      const id = `q${i}`;
      // Of 3 pairs, i mod 4 are contradictory.
      const pairs = [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const;
      const rows = pairs.flatMap(
        ([a, b], n) =>
          [
            [a, b, 1],
            [b, a, n < i % 4 ? 1 : -1],
          ] as [number, number, number][],
      );
      auditor.add({ id, text: id }, { order: [0, 1, 2], scores: [2, 1, 0], decisions: decide(...rows) });
    }
    const { mostContradictory, pairs, contradictory } = auditor.result().decisions!;
    expect(mostContradictory.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, i) => `q${4 * i + 3}`),
    );
    expect([pairs, contradictory]).toEqual([4500, 375 * (1 + 2 + 3)]);
  });

  it('says nothing of decisions where a source makes none', () => {
    const auditor = new Auditor();
    auditor.add(query, { order: [0, 1], scores: [1, 0], decisions: [] });
    expect(auditor.result()).toEqual({
      queries: 1,
      passages: 2,
      trivial: 0,
      tauToFirstStage: 1,
      firstPlaceChanged: 0,
    });
    expect(auditText(auditor.result())).toContain('no decisions');
  });
});
