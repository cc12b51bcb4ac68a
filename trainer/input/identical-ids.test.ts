/** Queries that are passages of the corpus, as in ArguAna: left out as BEIR does, in every command, and said. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { runCandidates } from '../candidates/find-candidates.ts';
import { readDistillRecipe } from '../distill/recipe.ts';
import { runEvaluation } from '../evaluate/run-evaluate.ts';
import { measuredValues, scoreRuns } from '../evaluate/score-runs.ts';
import { runSource } from '../label/ranked.ts';
import { runLabel } from '../label/run-label.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { readLists } from './lists.ts';

const folder = testFolder('identical-ids');
const at = (name: string) => join(folder, name);
const beir = at('arguments');
mkdirSync(join(beir, 'qrels'), { recursive: true });
const TEXTS = {
  'bikes-1': 'Cities should ban cars because bikes are quiet.',
  'bikes-2': 'Bikes are quiet, and yet cities with cars trade more.',
  'bikes-3': 'Cars carry what bikes in cities cannot.',
  'fish-1': 'Fishing should stop because stocks of fish shrink.',
  'fish-2': 'Fish stocks shrink by warmth, not by fishing.',
};
writeLines(
  join(beir, 'corpus.jsonl'),
  Object.entries(TEXTS).map(([_id, text]) => ({ _id, title: '', text })),
);
const queries = (['bikes-1', 'fish-1'] as const).map((_id) => ({ _id, text: TEXTS[_id] }));
writeLines(join(beir, 'queries.jsonl'), queries);
const judge = (lines: string) =>
  writeFileSync(join(beir, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${lines}`);
judge('bikes-1\tbikes-2\t1\nfish-1\tfish-2\t1\n');

const output = at('out.jsonl');
const request = { input: beir, k: 2, bm25: DEFAULT_BM25, output };
const ids = async () =>
  (await readLists(output)).map(({ candidates }) => candidates.map(({ passage }) => passage.id));

async function candidates(over: Partial<Parameters<typeof runCandidates>[0]> = {}) {
  const told: string[] = [];
  const summary = await runCandidates({ ...request, ...over }, { notice: (text) => told.push(text) });
  return { summary, told: told.join('\n'), ids: await ids() };
}

async function evaluated(over: Partial<Parameters<typeof runEvaluation>[0]> = {}) {
  const told: string[] = [];
  const summary = await runEvaluation(
    {
      data: [beir],
      checkpoints: [],
      methods: [{ id: 'bm25' }],
      k: 2,
      bm25: DEFAULT_BM25,
      output: at('evaluation'),
      measures: ['ndcg@10'],
      compared: 'ndcg@10',
      ...over,
    },
    { notice: (text) => told.push(text) },
  );
  return { ndcg: summary.rows[0]!.measures['ndcg@10']!, told: told.join('\n') };
}

describe('passages with their query’s own id', () => {
  it('are left out of candidates, of which k remain, and counted', async () => {
    const { summary, told, ids: left } = await candidates();
    expect(left).toEqual([['bikes-2', 'bikes-3'], ['fish-2']]);
    expect((await readLists(output))[0]!.candidates.map(({ rank }) => rank)).toEqual([1, 2]);
    expect(summary.identicalIds).toBe(2);
    expect(told).toMatch(/arguments: 2 queries have a passage with their own id.*--keep-identical-ids/);
    const kept = await candidates({ keepIdenticalIds: true });
    expect(kept.ids).toEqual([
      ['bikes-1', 'bikes-2'],
      ['fish-1', 'fish-2'],
    ]);
    expect([kept.summary.identicalIds, kept.told]).toEqual([0, '']);
  });

  it('are left out of runs that take the place of BM25', async () => {
    const run = at('first.trec');
    const names = ['bikes-1', 'bikes-2', 'bikes-3'];
    writeFileSync(run, names.map((id, i) => `bikes-1 Q0 ${id} ${i + 1} ${9 - i} t\n`).join(''));
    expect((await candidates({ run })).ids).toEqual([['bikes-2', 'bikes-3'], []]);
    expect((await candidates({ run, keepIdenticalIds: true })).ids).toEqual([['bikes-1', 'bikes-2'], []]);
  });

  it('stay where they are judged relevant: those are no copies', async () => {
    judge('bikes-1\tbikes-1\t1\nbikes-1\tbikes-2\t1\nfish-1\tfish-2\t1\n');
    const { summary, ids: left } = await candidates({ split: 'test' });
    judge('bikes-1\tbikes-2\t1\nfish-1\tfish-2\t1\n');
    expect(left).toEqual([['bikes-1', 'bikes-2'], ['fish-2']]);
    expect(summary.identicalIds).toBe(1);
  });

  it('are left out of what is evaluated, searched for or from a file, and the results say so', async () => {
    const searched = await evaluated();
    expect(searched.ndcg).toBe(1);
    expect(searched.told).toContain('2 queries have a passage with their own id');
    expect(JSON.parse(readFileSync(join(at('evaluation'), 'results.json'), 'utf8')).sets).toMatchObject([
      { identicalIdsLeftOut: 2 },
    ]);
    expect(readFileSync(join(at('evaluation'), 'table.md'), 'utf8')).toContain(
      'passages with their query’s own id are left out of the candidates (of 2 queries)',
    );
    const kept = await evaluated({ keepIdenticalIds: true });
    expect(kept.ndcg).toBeCloseTo(1 / Math.log2(3), 12);
    expect(kept.told).toBe('');
    await candidates({ keepIdenticalIds: true, k: 3 });
    expect((await evaluated({ candidates: [output] })).ndcg).toBe(1);
    expect((await evaluated({ candidates: [output], keepIdenticalIds: true })).ndcg).toBeLessThan(1);
  });

  it('are left out of runs that are scored where that is asked: trec_eval does not', async () => {
    await evaluated({ keepIdenticalIds: true });
    const run = join(at('evaluation'), 'runs', 'arguments', 'bm25.trec');
    const qrels = join(beir, 'qrels', 'test.tsv');
    const score = async (leaveOutIdenticalIds: boolean) => {
      const options = { measures: ['ndcg@10'], compared: 'ndcg@10', complete: true };
      const [row] = await scoreRuns({ ...options, runs: [run], qrels, leaveOutIdenticalIds });
      expect(row!.identicalIds).toBe(2);
      return measuredValues(row!.evaluation)['ndcg@10'];
    };
    expect(await score(false)).toBeCloseTo(1 / Math.log2(3), 12);
    expect(await score(true)).toBe(1);
    const { stderr } = await runTrainer(['evaluate', '--run', run, '--qrels', qrels]);
    expect(stderr).toContain('2 queries have a passage with their own id. BEIR leaves such passages out');
  });

  it('stay in lists that are labelled unless asked otherwise, which is said', async () => {
    await candidates({ keepIdenticalIds: true, k: 3 });
    const run = at('labels.trec');
    const text = Object.keys(TEXTS).map((id, i) => `${id.slice(0, -1)}1 Q0 ${id} 1 ${i} t\n`);
    writeFileSync(run, text.join(''));
    const label = async (leaveOutIdenticalIds: boolean) => {
      const told: string[] = [];
      const path = at(`labels-${leaveOutIdenticalIds}.jsonl`);
      await runLabel(
        { input: output, output: path, source: (lists) => runSource(run, lists), leaveOutIdenticalIds },
        { notice: (line) => told.push(line) },
      );
      const hits = (await readLists(path)).map((list) => list.candidates.map(({ passage }) => passage.id));
      return { hits, told: told.join('\n') };
    };
    expect(await label(false)).toMatchObject({
      hits: [
        ['bikes-1', 'bikes-2', 'bikes-3'],
        ['fish-1', 'fish-2'],
      ],
      told: expect.stringContaining('2 queries have a passage with their own id. BEIR leaves'),
    });
    expect(await label(true)).toEqual({ hits: [['bikes-2', 'bikes-3'], ['fish-2']], told: '' });
    const { stderr } = await runTrainer([
      ...['label', '--permutations', 'x.json', '--input', output, '--output', at('no.jsonl')],
      '--leave-out-identical-ids',
    ]);
    expect(stderr).toContain('would move them');
  });

  it('stay in recipes that do not say, and are left out by the shipped ones', async () => {
    const recipe = at('old.yaml');
    writeFileSync(recipe, 'data: { input: /data/x }\nteacher: { checkpoint: /models/t }\n');
    expect((await readDistillRecipe(recipe)).data).toMatchObject({
      keepIdenticalIds: true,
      cutQueries: false,
    });
    expect((await readDistillRecipe('small', { input: '/data/x' })).data.keepIdenticalIds).toBe(false);
  });
});
