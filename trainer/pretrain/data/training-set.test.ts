import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readTrainingSet, type TrainingSetInput, writeTrainingSet } from './training-set.ts';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-set-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tokens = fc.array(fc.nat(8191), { maxLength: 96 });
const input: fc.Arbitrary<TrainingSetInput> = fc
  .array(fc.record({ key: fc.string(), text: fc.string(), tokens }), { minLength: 1, maxLength: 8 })
  .chain((passages) =>
    fc.record({
      vocabulary: fc.constant(8192),
      collections: fc.constant(['a', 'b']),
      passages: fc.constant(passages),
      queries: fc.array(
        fc.record({
          key: fc.string(),
          text: fc.string(),
          judged: fc.constant({ x: 2 }),
          tokens: fc.array(fc.nat(8191), { maxLength: 48 }),
          part: fc.constantFrom('train' as const, 'distill' as const, 'held-out' as const),
          collection: fc.constantFrom('a', 'b'),
          candidates: fc.array(
            fc.record({
              passage: fc.nat(passages.length - 1),
              cosine: fc.float({ min: -1, max: 1, noNaN: true }),
              grade: fc.nat(3),
              rank: fc.nat(50),
            }),
            { maxLength: 5 },
          ),
        }),
        { maxLength: 6 },
      ),
    }),
  );

describe('a training set', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(input, (given) => {
        writeTrainingSet(folder, given);
        const set = readTrainingSet(folder);
        expect(set.passageTexts()).toEqual(given.passages.map(({ key, text }) => ({ key, text })));
        expect(given.passages.map((_, p) => [...set.passage(p)])).toEqual(
          given.passages.map((one) => one.tokens),
        );
        given.queries.forEach((query, q) => {
          expect([...set.query(q)]).toEqual(query.tokens);
          const rows = set.candidates(q);
          expect([...rows.passage]).toEqual(query.candidates.map((row) => row.passage));
          expect([...rows.cosine]).toEqual(query.candidates.map((row) => Math.fround(row.cosine)));
          expect([...rows.grade]).toEqual(query.candidates.map((row) => row.grade));
          expect([...rows.rank]).toEqual(query.candidates.map((row) => row.rank));
          expect(set.queriesOf(query.part)).toContain(q);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('says what to do when it is missing or altered', () => {
    expect(() => readTrainingSet(join(folder, 'nowhere'))).toThrow(
      /meta\.json is not there\. Prepare the data/,
    );
    writeTrainingSet(folder, {
      vocabulary: 10,
      collections: ['a'],
      passages: [{ key: 'p', text: 'p', tokens: [3, 4, 5] }],
      queries: [],
    });
    writeFileSync(join(folder, 'passages.tokens.u16'), new Uint16Array([3, 4]));
    expect(() => readTrainingSet(folder)).toThrow(/does not fit together\. Prepare it again/);
  });

  it('cuts to the tokens asked for', () => {
    writeTrainingSet(folder, {
      vocabulary: 10,
      collections: ['a'],
      passages: [
        { key: 'p', text: 'p', tokens: [3, 4, 5] },
        { key: 'r', text: 'r', tokens: [6] },
      ],
      queries: [],
    });
    const set = readTrainingSet(folder);
    expect([...set.passage(0, 2)]).toEqual([3, 4]);
    expect([...set.passage(1, 2)]).toEqual([6]);
  });

  it('keeps BM25’s scores where there are any, and refuses others’', () => {
    const scored = join(folder, 'scored');
    const [passage] = [{ key: 'p', text: 'a', tokens: [1] }];
    const candidate = (score?: number) => ({ passage: 0, cosine: 0, grade: 0, rank: 1, score });
    const query = (...scores: (number | undefined)[]) => ({
      key: 'q',
      text: 'b',
      judged: {},
      tokens: [1],
      part: 'held-out' as const,
      collection: 'a',
      candidates: scores.map(candidate),
    });
    const set = { vocabulary: 9, collections: ['a'], passages: [passage] };
    writeTrainingSet(scored, { ...set, queries: [query(3.5), query(2.25, 1.5)] });
    expect([...readTrainingSet(scored).scores(1)!]).toEqual([2.25, 1.5]);
    writeFileSync(join(scored, 'candidates.score.f32'), new Float32Array(2));
    expect(() => readTrainingSet(scored)).toThrow(/does not fit together/);
    writeTrainingSet(join(folder, 'bare'), { ...set, queries: [query(undefined)] });
    expect(readTrainingSet(join(folder, 'bare')).scores(0)).toBeUndefined();
  });
});
