import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rankByBaseline } from './rank-baseline.ts';

async function files() {
  const folder = await mkdtemp(join(tmpdir(), 'rank-baseline-'));
  const input = join(folder, 'hits.json');
  const hits = ['a', 'b', 'c', 'd'].map((docid, i) => ({
    docid,
    content: `text ${docid}`,
    rank: i + 1,
    score: 9 - i,
  }));
  await writeFile(
    input,
    JSON.stringify(
      [
        { query: 'one', qid: 'q1', hits },
        { query: 'two', qid: 'q2', hits },
      ].map((list) => ({ ...list, hits: list.hits.map((hit) => ({ ...hit, qid: list.qid })) })),
    ),
  );
  const counts = join(folder, 'popularity.csv');
  await writeFile(counts, 'id,count\nc,5\nb,2\n');
  return { input, counts, output: join(folder, 'out.trec') };
}

const idsOf = (text: string, query: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${query} `))
    .map((line) => line.split(' ')[2]!);

describe('rank without a model', () => {
  it('writes a random order, the same for the same seed', async () => {
    const { input, output } = await files();
    const once = async (seed: number) => {
      await rankByBaseline({ method: 'random', input, output, format: 'trec', seed });
      return readFile(output, 'utf8');
    };
    const text = await once(3);
    expect(await once(3)).toBe(text);
    expect(idsOf(text, 'q1').toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(text).toContain('rankscope-random');
    const others = await Promise.all([4, 5, 6, 7].map(async (seed) => (await rankOne(input, seed)).join()));
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it('writes the most mentioned first, as a run or as hits', async () => {
    const { input, counts, output } = await files();
    const summary = await rankByBaseline({
      method: 'popularity',
      input,
      output,
      format: 'trec',
      popularity: counts,
      k: 3,
    });
    expect(summary).toMatchObject({ state: 'done', queries: { total: 2, done: 2 }, calls: { asked: 0 } });
    expect(idsOf(await readFile(output, 'utf8'), 'q2')).toEqual(['c', 'b', 'a']);
    await rankByBaseline({ method: 'popularity', input, output, format: 'hits', popularity: counts });
    const [first] = JSON.parse(await readFile(output, 'utf8')) as { hits: { docid: string }[] }[];
    expect(first!.hits.map(({ docid }) => docid)).toEqual(['c', 'b', 'a', 'd']);
  });

  it('says what is missing, and writes nothing in a dry run', async () => {
    const { input, output } = await files();
    await expect(rankByBaseline({ method: 'popularity', input, output, format: 'trec' })).rejects.toThrow(
      /--popularity/,
    );
    await expect(rankByBaseline({ method: 'random', input, output, format: 'decisions' })).rejects.toThrow(
      /--format trec or hits/,
    );
    expect(await rankByBaseline({ method: 'random', input, format: 'trec' })).toMatchObject({
      state: 'dry-run',
    });
    await expect(readFile(output)).rejects.toThrow(/ENOENT/);
  });
});

async function rankOne(input: string, seed: number): Promise<string[]> {
  const output = `${input}.${seed}.trec`;
  await rankByBaseline({ method: 'random', input, output, format: 'trec', seed });
  return idsOf(await readFile(output, 'utf8'), 'q1');
}
