import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DoubtKind, findDoubt, findDoubts, type Ranked } from './doubts.ts';
import type { MethodId } from './methods/registry.ts';
import { RELEVANCE, STUDENT } from './presets.ts';
import { collect } from './testing/collect.ts';
import { candidatesOf, FakeScorer, seededRandom } from './testing/fake-scorer.ts';
import { arbitrary, byNumber, method, SCHEDULES } from './testing/judges.ts';

const texts = (n: number) => Array.from({ length: n }, (_, i) => String((i * 13) % n));
/** The doubt about a whole ranking by this model. */
async function doubtOf(
  id: MethodId,
  list: readonly string[],
  answer: (slots: Readonly<Record<string, string>>) => readonly number[],
  options: Parameters<typeof method>[1] = {},
) {
  return doubtAbout(id, list, new FakeScorer({ answer }), options);
}

async function doubtAbout(
  id: MethodId,
  list: readonly string[],
  scorer: FakeScorer,
  options: Parameters<typeof method>[1] = {},
) {
  const run = await collect(method(id, options), candidatesOf(list), scorer);
  return findDoubt({ ...run, method: id });
}

const student = { template: STUDENT };
const eq2 = { template: RELEVANCE, trueProbabilities: true };

describe('a ranking by lists', () => {
  it('is doubted where most answers were no whole list, from three answers on', () => {
    const of = (...malformed: boolean[]) =>
      findDoubt({
        method: 'prp-allpair',
        order: [1, 0],
        scores: [2, 1],
        scored: [],
        decisions: [],
        listed: malformed.map((one) => ({ malformed: one })),
      });
    expect(of(true, true, false)).toEqual({ kind: 'malformed', malformed: 2, answers: 3 });
    expect(of(true, true, false, false)).toBeUndefined();
    expect(of(true, true)).toBeUndefined();
  });
});

describe('a ranking of pairs by a judge that is never in doubt', () => {
  const of = (margins: readonly number[]) =>
    findDoubts({ method: 'prp-allpair', order: [1, 0], scores: [2, 1], scored: [], decisions: [], margins });

  it('is looked at where hardly any probability is in between, from 30 calls on', () => {
    expect(of(Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 9 : -9)))).toEqual([
      { kind: 'saturated', share: 1, calls: 30 },
    ]);
    expect(of(new Array(29).fill(9))).toEqual([]);
    expect(of([...new Array(29).fill(9), 1, 2])).toEqual([]);
    expect(of([])).toEqual([]);
  });
});

describe('a pointwise ranking', () => {
  it('is doubted where all scores are alike, from three passages on', async () => {
    expect(await doubtOf('pointwise-yes', texts(5), () => [-2.5], student)).toEqual({
      kind: 'same-scores',
      passages: 5,
      score: -2.5,
    });
    // What rounding makes of one and the same score.
    const rounding = ({ passage = '' }) => [1 + Number(passage) * 1e-5];
    expect((await doubtOf('pointwise-yes', texts(5), rounding, student))?.kind).toBe('same-scores');
    expect(await doubtOf('pointwise-yes', texts(2), () => [0], student)).toBeUndefined();
    const near = ({ passage = '' }: Readonly<Record<string, string>>) => [Number(passage) * 0.01];
    expect(await doubtOf('pointwise-yes', texts(5), near, student)).toBeUndefined();
  });

  it('is doubted where the labels are next to impossible, if that is known', async () => {
    const far = { kind: 'labels-unlikely' as DoubtKind };
    const scored = [3, 2, 1].map((yes) => ({ logits: [yes, 0], logSumExp: 12 }));
    const ranked: Ranked = { method: 'rg', order: [0, 1, 2], scores: [1, 0.9, 0.8], scored, decisions: [] };
    expect(findDoubt(ranked)).toMatchObject(far);
    expect(findDoubt({ ...ranked, scored: scored.map(({ logits }) => ({ logits })) })).toBeUndefined();
    expect(findDoubt({ ...ranked, scored: scored.slice(0, 2) })).toBeUndefined();
    const likelihoods = { ...ranked, method: 'qlm', scored: Array(3).fill({ logits: [] }) } as const;
    expect(findDoubt({ ...likelihoods, scores: [-9.4, -9.5, -9.6] })).toBeUndefined();
    expect(findDoubt({ ...likelihoods, scores: [-9, -9, -9] })?.kind).toBe('same-scores');
    // The fake's labels are its whole vocabulary: as likely as can be.
    const answer = ({ passage = '' }: Readonly<Record<string, string>>) => [Number(passage), 0];
    expect(await doubtOf('rg', texts(5), answer, eq2)).toBeUndefined();
  });

  it('is worth a look where it is exactly the input, from eight passages on', async () => {
    const falling = (n: number) => Array.from({ length: n }, (_, i) => String(n - i));
    const answer = ({ passage = '' }: Readonly<Record<string, string>>) => [Number(passage)];
    expect(await doubtOf('pointwise-yes', falling(8), answer, student)).toEqual({
      kind: 'same-order',
      passages: 8,
    });
    expect(await doubtOf('pointwise-yes', falling(7), answer, student)).toBeUndefined();
    // A tie is in the input's order by rule, so the whole order is not a coincidence.
    const tied = ['9', '8', '7', '6', '5', '4', '3', '3'];
    expect(await doubtOf('pointwise-yes', tied, answer, student)).toBeUndefined();
  });
});

describe('a pairwise ranking', () => {
  it('is doubted where a place in the prompt wins, whatever stands there', async () => {
    for (const id of SCHEDULES) {
      expect(await doubtOf(id, texts(10), () => [1, 0])).toMatchObject({
        kind: 'one-position',
        position: 'first',
        share: 1,
      });
      expect(await doubtOf(id, texts(10), () => [0, 1])).toMatchObject({
        kind: 'one-position',
        position: 'second',
        share: 1,
      });
    }
    expect(await doubtOf('prp-allpair', texts(4), () => [1, 0])).toBeUndefined();
  });

  it('is doubted where the labels are equally likely, and where every pair contradicts itself', async () => {
    for (const id of SCHEDULES) {
      expect(await doubtOf(id, texts(5), () => [0.5, 0.5])).toMatchObject({ kind: 'same-logits' });
    }
    // A wins with an even sum, B with an odd one: asked in the other order, the other passage.
    const moody = ({ passage_a = '', passage_b = '' }: Readonly<Record<string, string>>) =>
      (Number(passage_a) + Number(passage_b)) % 2 === 0 ? [1, 0] : [0, 1];
    expect(await doubtOf('prp-allpair', texts(6), moody)).toEqual({
      kind: 'few-winners',
      winners: 0,
      pairs: 15,
    });
  });

  it('is doubted where few of many pairs have a winner, and not where a third have one', async () => {
    // Passage A wins, but for the first so many passages, which win against all behind them.
    const firstOf =
      (strong: number) =>
      ({ passage_a = '', passage_b = '' }) => {
        const [a, b] = [Number(passage_a), Number(passage_b)];
        return Math.min(a, b) < strong && a > b ? [0, 1] : [1, 0];
      };
    expect(await doubtOf('prp-allpair', texts(10), firstOf(1))).toEqual({
      kind: 'few-winners',
      winners: 9,
      pairs: 45,
    });
    expect(await doubtOf('prp-allpair', texts(10), firstOf(2))).toBeUndefined();
    // Of fewer pairs as many may be a coincidence.
    expect(await doubtOf('prp-allpair', texts(6), firstOf(1))).toBeUndefined();
  });

  it('is worth a look where each of many winners stood before', async () => {
    const falling = Array.from({ length: 13 }, (_, i) => String(13 - i));
    for (const id of SCHEDULES) {
      expect((await doubtAbout(id, falling, byNumber()))?.kind).toBe('same-order');
    }
    expect(await doubtAbout('prp-allpair', falling.slice(8), byNumber())).toBeUndefined();
  });

  it('is not doubted for a judge that answers, not even one without sense', async () => {
    const lists = await Promise.all(
      Array.from({ length: 300 }, (_, judge) =>
        doubtAbout(SCHEDULES[judge % SCHEDULES.length]!, texts(5 + (judge % 8)), arbitrary(judge + 1)),
      ),
    );
    expect(lists.filter(Boolean)).toEqual([]);
    // Half of the pairs go to the place in the prompt, a strong bias that teachers do have.
    const biased = (judge: number) => {
      const random = seededRandom(judge);
      const leaning = new Map<string, readonly number[]>();
      return ({ passage_a = '', passage_b = '' }: Readonly<Record<string, string>>) => {
        const pair = [passage_a, passage_b].sort().join();
        if (!leaning.has(pair)) leaning.set(pair, random() < 0.5 ? [1, 0] : []);
        const lean = leaning.get(pair)!;
        return lean.length > 0 ? lean : [Number(passage_a), Number(passage_b)];
      };
    };
    const leaning = await Promise.all(
      Array.from({ length: 300 }, (_, judge) => doubtOf('prp-allpair', texts(6), biased(judge))),
    );
    expect(leaning.filter(Boolean)).toEqual([]);
  });
});

describe('short lists', () => {
  it('are never doubted: with one or two passages everything is chance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SCHEDULES),
        fc.integer({ min: 0, max: 2 }),
        fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 })),
        async (id, n, logits) => {
          expect(await doubtOf(id, texts(n), () => logits)).toBeUndefined();
          expect(await doubtOf('pointwise-yes', texts(n), () => logits.slice(0, 1), student)).toBeUndefined();
          expect(await doubtOf('rg', texts(n), () => logits, eq2)).toBeUndefined();
        },
      ),
    );
  });
});
