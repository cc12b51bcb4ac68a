import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTrainingSet, type TrainingSet, writeTrainingSet } from './data/training-set.ts';
import { callsOf, decisionsOf, firstStage, listChooser, strengthProbabilities } from './label.ts';

const folder = mkdtempSync(join(tmpdir(), 'rankscope-label-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ten queries of each of two collections; query q finds twelve of its collection's 60 passages, from 5 q mod 60 on. */
let set: TrainingSet;
const own = (query: number) => (query < 10 ? 0 : 60);
beforeAll(() => {
  const text = (key: string) => ({ key, text: key, tokens: [2] });
  writeTrainingSet(folder, {
    vocabulary: 8,
    collections: ['boolq', 'squad'],
    passages: Array.from({ length: 120 }, (_, p) => text(`p${p}`)),
    queries: Array.from({ length: 20 }, (_, q) => ({
      ...text(`q${q}`),
      judged: {},
      part: 'distill' as const,
      collection: q < 10 ? 'boolq' : 'squad',
      candidates: Array.from({ length: 12 }, (_, i) => ({
        passage: own(q) + ((5 * q + i) % 60),
        cosine: 0,
        grade: 0,
        rank: i + 1,
      })),
    })),
  });
  set = readTrainingSet(folder);
});

const chooser = (lists: { depth: number; deep: number; random: number }, seed = 1) =>
  listChooser({ set, recipe: { seed } }, lists);

it('takes the best, then some spread over those further down', () => {
  const found = firstStage({ set }, 3, Infinity);
  expect(chooser({ depth: 6, deep: 2, random: 0 })(3)).toEqual([
    ...found.slice(0, 4),
    found[4 + 2],
    found[4 + 6],
  ]);
});

it('adds passages that other queries of the same collection found', () => {
  const lists = { depth: 8, deep: 2, random: 3 };
  for (let query = 0; query < 20; query++) {
    const chosen = chooser(lists)(query);
    expect(new Set(chosen).size).toBe(8);
    expect(chosen.slice(0, 3)).toEqual(firstStage({ set }, query, 3));
    for (const passage of chosen) expect(Math.floor(passage / 60) * 60).toBe(own(query));
  }
  // Most of what they found, this one did not.
  const random = Array.from({ length: 20 }, (_, query) => chooser(lists)(query).slice(5));
  const foreign = random.flatMap((passages, query) =>
    passages.filter((passage) => !firstStage({ set }, query, Infinity).includes(passage)),
  );
  expect(foreign.length).toBeGreaterThan(30);
});

it('asks the same of a query whichever others are asked, and other things under another seed', () => {
  const lists = { depth: 6, deep: 0, random: 4 };
  const one = chooser(lists);
  one(1);
  expect(one(7)).toEqual(chooser(lists)(7));
  expect(chooser(lists, 2)(7)).not.toEqual(chooser(lists)(7));
});

it('counts the calls of a query', () => {
  expect(callsOf({ queries: 1, depth: 8, deep: 0, random: 0 })).toBe(56);
  expect(callsOf({ queries: 1, depth: 20, deep: 9, random: 3, pairs: 60 })).toBe(120);
});

it('reads the decisions that were asked, and no other', () => {
  const margins = [0, 2, 0, -1, 0, 0, 0, 0, 0];
  const all = { query: 0, passages: [4, 5, 6], ranks: [1, 2, 3], margins };
  expect(decisionsOf(all)).toHaveLength(6);
  const asked = [
    [0, 1],
    [1, 0],
  ] as const;
  expect(decisionsOf({ ...all, asked })).toEqual([
    { a: 0, b: 1, margin: 2 },
    { a: 1, b: 0, margin: -1 },
  ]);
});

it('has a probability for pairs that nobody asked, through those that were', () => {
  const won = (a: number, b: number) => [
    { a, b, margin: 1 },
    { a: b, b: a, margin: -1 },
  ];
  const probabilities = strengthProbabilities(3, [...won(0, 1), ...won(1, 2)]);
  const of = (i: number, j: number) => probabilities[3 * i + j]!;
  expect(of(0, 1)).toBeGreaterThan(0.5);
  expect(of(0, 2)).toBeGreaterThan(of(0, 1));
  expect(of(2, 0)).toBeCloseTo(1 - of(0, 2), 9);
  expect(of(1, 1)).toBeNaN();
});
