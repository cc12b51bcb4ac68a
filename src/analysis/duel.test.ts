import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preference } from '../ranking/pair-table.ts';
import { DecidedPairs } from './decided-pairs.ts';
import {
  chooseDuel,
  type DuelAnswer,
  type DuelJudges,
  duelResult,
  duelRoom,
  pairKey,
  scoreVerdict,
  teacherVerdict,
} from './duel.ts';

/** A judge by its margins (logit A − logit B) of ordered pairs. */
function judgesOf(
  n: number,
  margin: (a: number, b: number) => number | undefined,
  studentScores: readonly number[] | null,
): DuelJudges {
  const decisions = [];
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const logitA = a === b ? undefined : margin(a, b);
      if (logitA !== undefined)
        decisions.push({ a, b, logitA, logitB: 0, preference: preference(logitA, 0) });
    }
  }
  const teacherScores = Array.from({ length: n }, (_, i) => n - i);
  return { pairs: new DecidedPairs(n, decisions), teacherScores, studentScores };
}

const anyJudges = fc
  .integer({ min: 2, max: 8 })
  .chain((n) =>
    fc.record({
      n: fc.constant(n),
      margins: fc.array(fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined, freq: 4 }), {
        minLength: n * n,
        maxLength: n * n,
      }),
      student: fc.option(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: n, maxLength: n })),
    }),
  )
  .map(({ n, margins, student }) => judgesOf(n, (a, b) => margins[a * n + b], student));

/** By index, sure of it the more the further apart; 2 and 3 contradict themselves, 0 and 1 are narrow. */
const clear = (a: number, b: number): number =>
  Math.min(a, b) === 2 && Math.max(a, b) === 3 ? 1 : a + b === 1 ? (b - a) / 100 : b - a;

describe('chooseDuel', () => {
  it('takes pairs in which they part, contradictions, narrow calls and easy ones', () => {
    // The student has 4 and 5 the other way round.
    const judges = judgesOf(6, clear, [6, 5, 4, 3, 1, 2]);
    const pairs = chooseDuel(judges, 4, 1);
    const of = (reason: string): number[][] =>
      pairs.filter((one) => one.reason === reason).map(({ a, b }) => [a, b].sort());
    expect(of('parted')).toEqual([[4, 5]]);
    expect(of('contradictory')).toEqual([[2, 3]]);
    expect(of('narrow')).toEqual([[0, 1]]);
    expect(of('easy')).toEqual([[0, 5]]);
    // All there are, when more are wanted.
    expect(chooseDuel(judges, 40, 1)).toHaveLength(15);
  });

  it('takes each pair once, only decided ones, as many as there are, and none that was asked before', () => {
    fc.assert(
      fc.property(anyJudges, fc.integer({ min: 1, max: 30 }), fc.nat(), (judges, count, seed) => {
        const { size } = judges.pairs;
        const pairs = chooseDuel(judges, count, seed);
        const keys = pairs.map(({ a, b }) => pairKey(size, a, b));
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toHaveLength(Math.min(count, duelRoom(judges)));
        for (const { a, b } of pairs) expect(teacherVerdict(judges.pairs, a, b)).not.toBeUndefined();
        const more = chooseDuel(judges, count, seed, new Set(keys));
        expect(more.some(({ a, b }) => keys.includes(pairKey(size, a, b)))).toBe(false);
        expect(more).toHaveLength(Math.min(count, duelRoom(judges) - keys.length));
      }),
    );
  });

  it('gives the first place to the teacher’s winner as often as the second', () => {
    fc.assert(
      fc.property(anyJudges, fc.integer({ min: 1, max: 30 }), fc.nat(), (judges, count, seed) => {
        const pairs = chooseDuel(judges, count, seed);
        const balance = (some: typeof pairs): number =>
          some.reduce((sum, { a, b }) => {
            const winner = teacherVerdict(judges.pairs, a, b);
            return sum + (winner === a ? 1 : winner === b ? -1 : 0);
          }, 0);
        expect(Math.abs(balance(pairs))).toBeLessThanOrEqual(1);
        expect(Math.abs(balance(pairs.filter(({ reason }) => reason === 'parted')))).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('duelResult', () => {
  it('counts agreement where both name a winner, and orders passages by people’s wins', () => {
    const judges = judgesOf(4, clear, [4, 3, 1, 2]);
    const pairs = [
      { a: 0, b: 1, reason: 'narrow' },
      { a: 3, b: 2, reason: 'contradictory' },
      { a: 3, b: 0, reason: 'easy' },
      { a: 1, b: 2, reason: 'easy' },
    ] as const;
    const result = duelResult(judges, pairs, ['a', 'a', 'b', 'tie']);
    expect(result.peopleTeacher).toMatchObject({ same: { hits: 2, of: 2, share: 1 }, withoutWinner: 2 });
    expect(result.peopleStudent).toMatchObject({ same: { hits: 3, of: 3 }, withoutWinner: 1 });
    expect(result.ties).toEqual({ people: 1, teacher: 1, student: 0 });
    expect(result.first).toMatchObject({ hits: 2, of: 3 });
    // People: 0 won both, 3 and 1 half of theirs or a quarter … 0: 1, 1: ¼, 2: ¼, 3: ½. Teacher: 0 > 1 > 2 > 3.
    // Of six pairs 0 is above all (3 concordant), 3 is above 1 and 2 (2 discordant), 1 and 2 tie: 1 / √(5 · 6).
    expect(result.peopleTeacher.tau).toBeCloseTo(1 / Math.sqrt(30));
    expect(result.rows.map(({ parted }) => parted)).toEqual([false, false, false, false]);
    const against = duelResult(judges, pairs, ['b']);
    expect(against).toMatchObject({ answered: 1, passages: 2, peopleTeacher: { same: { hits: 0, of: 1 } } });
    expect(against.rows[0]).toMatchObject({ people: 1, teacher: 0, student: 0, parted: true });
  });

  it('says of people who answer as the teacher does that they agree with it, and works without a student', () => {
    fc.assert(
      fc.property(anyJudges, fc.nat(), (judges, seed) => {
        const pairs = chooseDuel(judges, 10, seed);
        const answers = pairs.map(({ a, b }): DuelAnswer => {
          const winner = teacherVerdict(judges.pairs, a, b);
          return winner === null ? 'tie' : winner === a ? 'a' : 'b';
        });
        const { peopleTeacher, peopleStudent, teacherStudent, ties, rows } = duelResult(
          judges,
          pairs,
          answers,
        );
        expect(peopleTeacher.same.hits).toBe(peopleTeacher.same.of);
        expect(peopleTeacher.withoutWinner).toBe(ties.people);
        expect(ties.people).toBe(ties.teacher);
        expect(peopleStudent === null).toBe(judges.studentScores === null);
        // Then what people and student have in common is what teacher and student have.
        expect(peopleStudent?.same).toEqual(teacherStudent?.same);
        for (const { pair, student } of rows) {
          expect(student).toBe(scoreVerdict(judges.studentScores, pair.a, pair.b));
        }
      }),
    );
  });

  it('is empty before the first answer', () => {
    const result = duelResult(judgesOf(3, clear, null), [], []);
    expect(result).toMatchObject({ answered: 0, passages: 0, rows: [], peopleStudent: null });
    expect(result.peopleTeacher.tau).toBeUndefined();
  });
});
