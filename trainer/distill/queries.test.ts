/** Which queries are trained on, and which are kept for the table. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder, writeLines } from '../testing/folder.ts';
import { chooseQueries } from './queries.ts';
import { readDistillRecipe } from './recipe.ts';

const folder = testFolder('distill-queries');
const ids = Array.from({ length: 20 }, (_, i) => `q${i}`);

/** A BEIR folder whose splits judge the queries from `first` to before `end`. */
function beir(name: string, splits: Readonly<Record<string, readonly [first: number, end: number]>>): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'qrels'), { recursive: true });
  writeLines(join(path, 'corpus.jsonl'), [{ _id: 'p1', text: 'light' }]);
  writeLines(
    join(path, 'queries.jsonl'),
    ids.map((_id) => ({ _id, text: `query ${_id}` })),
  );
  for (const [split, [first, end]] of Object.entries(splits)) {
    const lines = ids.slice(first, end).map((id) => `${id}\tp1\t1\n`);
    writeFileSync(join(path, 'qrels', `${split}.tsv`), `query-id\tcorpus-id\tscore\n${lines.join('')}`);
  }
  return path;
}

async function choose(input: string, fields: string) {
  const path = join(folder, 'recipe.yaml');
  writeFileSync(path, `data:\n  input: ${input}\n${fields}`);
  const chosen = await chooseQueries(await readDistillRecipe(path, { teacher: '/none' }));
  return {
    training: chosen.training.map(({ id }) => id),
    heldOut: chosen.heldOut?.queries.map(({ id }) => id) ?? [],
    judged: [...(chosen.heldOut?.qrels.keys() ?? [])],
    notices: chosen.notices,
  };
}

describe('chooseQueries', () => {
  it('keeps a test split out of training whole, and evaluates a part of it', async () => {
    const both = beir('both', { train: [0, 12], test: [12, 20] });
    const { training, heldOut, judged } = await choose(both, 'evaluate: { heldOut: 5 }\n');
    expect(training).toEqual(ids.slice(0, 12));
    expect(heldOut).toHaveLength(5);
    expect(heldOut.every((id) => ids.indexOf(id) >= 12)).toBe(true);
    expect(judged).toEqual(heldOut);
  });

  it('tells an input that is not there from one that is a file', async () => {
    const gone = join(folder, 'gone');
    await expect(choose(gone, '')).rejects.toMatchObject({
      code: 'missing',
      message: `${gone} cannot be read: there is no such file or folder.`,
    });
    const file = join(beir('file', { train: [0, 12] }), 'corpus.jsonl');
    await expect(choose(file, '')).rejects.toThrow(
      /is not a folder, so it is read as a corpus\. Add data\.queries/,
    );
  });

  it('takes a part of the only split out', async () => {
    const one = beir('one', { train: [0, 12] });
    const { training, heldOut } = await choose(one, '  split: train\nevaluate: { heldOut: 3 }\n');
    expect(heldOut).toHaveLength(3);
    expect([...training, ...heldOut].sort()).toEqual(ids.slice(0, 12).sort());
    // Without a split all queries are trained on, judged or not.
    expect((await choose(one, 'evaluate: { heldOut: 3 }\n')).training).toHaveLength(17);
    expect((await choose(one, 'evaluate: { heldOut: 0 }\n')).training).toEqual(ids);
  });

  it('draws by the seed, always the same', async () => {
    const one = beir('drawn', { train: [0, 20] });
    const fields = '  sample: 6\nevaluate: { heldOut: 4 }\n';
    const first = await choose(one, fields);
    expect(first.training).toHaveLength(6);
    expect(await choose(one, fields)).toEqual(first);
    expect((await choose(one, `${fields}seed: 2\n`)).training).not.toEqual(first.training);
    expect((await choose(one, '  sample: 99\n')).notices.join()).toContain('data.sample is 99; there are');
  });

  it('does without judgments, and says so', async () => {
    const none = beir('none', {});
    const { training, heldOut, notices } = await choose(none, 'evaluate: { heldOut: 5 }\n');
    expect([training.length, heldOut]).toEqual([20, []]);
    expect(notices).toEqual([
      `No judgments in ${none}: no query is held out, and nothing is evaluated on it.`,
    ]);
  });

  it('leaves most of the only judged queries to training, also where they are a test split', async () => {
    const all = beir('all', { test: [0, 20] });
    const { training, heldOut, notices } = await choose(all, '');
    expect([training.length, heldOut.length]).toEqual([15, 5]);
    expect(notices).toEqual(['5 of the 20 judged queries are held out: the rest are needed for training.']);
  });
});
