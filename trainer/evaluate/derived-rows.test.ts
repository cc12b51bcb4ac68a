import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Qrels } from '../../src/types.ts';
import { baselineRows, fusedRows, readPopularity, tunedWeight } from './derived-rows.ts';
import type { JournalEntry } from './journal.ts';
import type { FinishedRow } from './results.ts';
import type { EvaluationSet } from './sets.ts';

/** Three candidates a query, the first stage's scores 3, 2, 1. */
function setOf(relevant: Readonly<Record<string, string>>, split = 'test'): EvaluationSet {
  const qrels: Qrels = new Map(Object.entries(relevant).map(([query, id]) => [query, new Map([[id, 1]])]));
  const jobs = Object.keys(relevant).map((id) => ({
    query: { id, text: id },
    candidates: ['a', 'b', 'c'].map((passage, i) => ({
      passage: { id: passage, text: passage },
      rank: i + 1,
      score: 3 - i,
    })),
    line: undefined,
  }));
  return { name: 'set', split, qrels, jobs, file: 'set', identicalIds: 0 };
}

const entry = (
  query: string,
  order: readonly string[],
  scores: readonly number[],
): [string, JournalEntry] => [
  query,
  { query, order, scores, calls: 3, tokens: 30, seconds: 0.5, cutPassages: 0 },
];

const rowOf = (set: EvaluationSet, ...entries: [string, JournalEntry][]): FinishedRow => ({
  set,
  name: 'qlm',
  slug: 'm.qlm',
  method: 'qlm',
  checkpoint: null,
  template: null,
  entries: new Map(entries),
  timed: true,
});

describe('fused rows', () => {
  const set = setOf({ q: 'c' });
  const row = rowOf(set, entry('q', ['c', 'a', 'b'], [9, 1, 0]));

  it('stand beside the row that they are made of, and cost what it does', () => {
    const fused = fusedRows({ fuse: ['rrf', 'interpolation'], compared: 'ndcg@10' }, { row });
    expect(fused.map(({ name, slug, fusion }) => [name, slug, fusion])).toEqual([
      ['qlm+rrf', 'm.qlm+rrf', { by: 'rrf' }],
      ['qlm+interpolation', 'm.qlm+interpolation', { by: 'interpolation', weight: 0.5 }],
    ]);
    const [rrf, interpolation] = fused.map(({ entries }) => entries.get('q')!);
    // a: 1/61 + 1/62, c: 1/63 + 1/61, b: 1/62 + 1/63.
    expect(rrf!.order).toEqual(['a', 'c', 'b']);
    expect(rrf).toMatchObject({ calls: 3, tokens: 30, seconds: 0.5 });
    expect(interpolation!.order).toEqual(['a', 'c', 'b']);
    expect(
      fusedRows({ fuse: ['interpolation'], fuseWeight: 1, compared: 'map' }, { row })[0]!.entries.get('q')!
        .order,
    ).toEqual(['c', 'a', 'b']);
  });

  it('choose λ on other judgments: towards who is right there', () => {
    const right = setOf({ x: 'c', y: 'c' }, 'dev');
    const model = new Map([entry('x', ['c', 'b', 'a'], [3, 2, 1]), entry('y', ['c', 'b', 'a'], [3, 2, 1])]);
    expect(tunedWeight({ set: right, entries: model }, 'recip_rank')).toBe(0.55);
    const wrong = setOf({ x: 'a', y: 'a' }, 'dev');
    expect(tunedWeight({ set: wrong, entries: model }, 'recip_rank')).toBe(0.5);
    const tuning = { set: right, entries: model };
    const [fused] = fusedRows({ fuse: ['interpolation'], compared: 'recip_rank' }, { row, tuning });
    expect(fused!.fusion).toEqual({ by: 'interpolation', weight: 0.55, tunedOn: 'dev' });
  });
});

describe('rows without a model', () => {
  it('are named as asked for; random says what is to be expected', () => {
    const set = setOf({ q1: 'a', q2: 'z' });
    const counts = new Map([['b', 2]]);
    const methods = [{ id: 'bm25' }, { id: 'random' }, { id: 'popularity', name: 'Popular' }] as const;
    const [random, popular] = baselineRows({ methods, seed: 7 }, set, counts);
    expect(random).toMatchObject({
      name: 'random',
      random: { seed: 7, expectedAccuracy: (1 / 3 + 0) / 2 },
      timed: false,
    });
    expect(random!.entries.get('q1')!.order.toSorted()).toEqual(['a', 'b', 'c']);
    expect(popular).toMatchObject({ name: 'Popular', method: 'popularity' });
    expect(popular!.entries.get('q2')).toMatchObject({ order: ['b', 'a', 'c'], scores: [2, 0, 0], calls: 0 });
  });

  it('find counts beside the corpus, or say what is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'popularity-'));
    const asked = { data: [folder], methods: [{ id: 'popularity' }] } as const;
    await expect(readPopularity(asked)).rejects.toThrow(/popularity\.csv/);
    await writeFile(join(folder, 'popularity.csv'), 'id,count\na,3\n');
    expect((await readPopularity(asked)).map((counts) => [...counts])).toEqual([[['a', 3]]]);
    await writeFile(join(folder, 'movie_mentions.csv'), 'id,count\na,4\n');
    await expect(readPopularity(asked)).rejects.toThrow(/Name one with --popularity/);
    const named = { ...asked, popularity: join(folder, 'movie_mentions.csv') };
    expect((await readPopularity(named))[0]!.get('a')).toBe(4);
    expect(await readPopularity({ data: ['/nowhere'], methods: [{ id: 'random' }] })).toEqual([]);
    await expect(readPopularity({ ...asked, data: ['/nowhere'] })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('/nowhere'),
    });
  });
});
