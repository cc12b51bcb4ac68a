/** `evaluate --preset`: a paper's table on one's own data. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { choosePreset, presetList, setNotices } from './paper-preset.ts';

const folder = testFolder('evaluate-preset');
const at = (...names: string[]) => join(folder, ...names);
const { passages, queries } = readSampleCorpus('night-sky');

beforeAll(async () => {
  mkdirSync(at('dl20', 'qrels'), { recursive: true });
  writeLines(
    at('dl20', 'corpus.jsonl'),
    passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
  );
  writeLines(
    at('dl20', 'queries.jsonl'),
    queries.map(({ id, text }) => ({ _id: id, text })),
  );
  const judgments = queries.map(({ id }, i) => `${id}\t${passages[i]!.id}\t1\n`);
  writeFileSync(at('dl20', 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judgments.join('')}`);
  await writeTinyCheckpoint(at('flan-t5-base'), { dtypes: ['int8'], role: 'teacher' });
  await writeTinyCheckpoint(at('mine'), { dtypes: ['int8'], role: 'student', seed: 2 });
});

const args = (...more: string[]) => [
  ...['evaluate', '--data', at('dl20'), '--threads', '1', '--preset', ...more],
];

describe('evaluate --preset', () => {
  it('runs the rows that the checkpoints show, and writes the paper’s numbers beside them', async () => {
    const { code, stdout, stderr } = await runTrainer(
      args(
        ...['table-2', '--checkpoint', at('flan-t5-base'), at('mine')],
        ...['--k', '4', '--output', at('out')],
      ),
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Table 2.*not run, for want of a checkpoint: monoT5 .*RankGPT \(Listwise\)/);
    const [measured] = JSON.parse(readFileSync(at('out', 'paper.json'), 'utf8')).sets;
    const rows = measured.rows as {
      name: string;
      model: string;
      printed: boolean;
      cells: { own: number; paper: number }[];
    }[];
    const filled = rows.filter(({ cells }) => cells[0]!.own !== null);
    expect([measured.set, filled.map(({ name, model, printed }) => [name, model, printed])]).toEqual([
      'dl20',
      [
        ['BM25', '', true],
        ['Relevance Generation', 'FLAN-T5-Base', true],
        ['PRP (Allpair)', 'FLAN-T5-Base', true],
        ['Instruction Distillation', 'mine', false],
      ],
    ]);
    const results = JSON.parse(readFileSync(at('out', 'results.json'), 'utf8'));
    const prp = results.rows.find(({ method }: { method: string }) => method === 'prp-allpair');
    expect(filled[2]!.cells[2]!.own).toBe(prp.measures['ndcg@10']);
    expect(filled[2]!.cells[3]!.own).toBe(prp.secondsPerQuery);
    expect(results.k).toBe(4);
    expect(stdout).toContain('## dl20 (');
    expect(stdout).toContain('arxiv.org/abs/2311.01555');
    expect(stdout).toContain(readFileSync(at('out', 'paper.md'), 'utf8').split('\n')[0]);
    expect(readFileSync(at('out', 'paper.csv'), 'utf8')).toContain('Cohere Rerank,english-v2.0,yes');
  }, 120_000);

  it('lists what there is, and refuses what there is not', async () => {
    const { stdout } = await runTrainer(['evaluate', '--preset', 'list']);
    expect(stdout.trim()).toBe(presetList());
    expect(presetList()).toMatch(/^table-2 .*\n.*Its sets: dl19, dl20/m);
    expect(choosePreset('instruction-distillation:table-3').preset.id).toBe('table-3');
    expect(() => choosePreset('table2')).toThrow(/--preset is “table2”; did you mean table-2\?/);
    expect(() => choosePreset('table-2', 'dl21')).toThrow(/--preset-set is “dl21”.* There are dl19, dl20/);
    const both = await runTrainer(args('table-2', '--methods', 'bm25', '--output', at('no')));
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('leave --methods out')]);
  }, 60_000);

  it('says which of the paper’s sets stands beside data of another name', () => {
    const chosen = choosePreset('table-2');
    expect(setNotices(chosen, ['data/dl20', 'data/trec-dl-2019'])).toEqual([]);
    expect(setNotices(chosen, ['data/mine'])).toEqual([
      expect.stringMatching(/^mine .* TREC DL 2019 stands beside/),
    ]);
    expect(setNotices(choosePreset('table-2', 'dl19'), ['data/mine'])).toEqual([]);
  });
});
