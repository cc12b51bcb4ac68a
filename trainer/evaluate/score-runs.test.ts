/** `evaluate --run`: trec_eval's numbers, the comparison, and what is refused. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trecDecimals } from '../../src/evaluation/print.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { DEFAULT_MEASURES } from './measures.ts';
import { measuredValues, scoreRuns } from './score-runs.ts';

const SHARED = new URL('../../../shared/', import.meta.url).pathname;
const missing = !existsSync(`${SHARED}reference/trec_eval`);
const folder = testFolder('score-runs');
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const options = { measures: DEFAULT_MEASURES, compared: 'ndcg@10', complete: true };

describe.skipIf(missing)('trec_eval (skipped where ../shared/reference/trec_eval is missing)', () => {
  const measures = ['map', 'recip_rank', 'ndcg_cut_10', 'P_5', 'recall_100', 'num_ret'];

  it.each([
    ['a truncated run, all judged queries (-c)', 'out.test.aqc', 'results.trunc', true],
    ['a whole run', 'out.test.aq', 'results.test', false],
  ])('%s', async (_, output, run, complete) => {
    const base = `${SHARED}reference/trec_eval/`;
    const [row] = await scoreRuns({
      runs: [base + run],
      qrels: `${base}qrels.test`,
      measures,
      compared: 'map',
      complete,
    });
    const printed = readFileSync(base + output, 'utf8')
      .split('\n')
      .map((line) => line.split(/\s+/));
    for (const [i, measure] of measures.entries()) {
      const expected = printed.find(([name, query]) => name === measure && query === 'all')?.[2];
      const value = row!.evaluation.overall[i]!;
      expect(`${measure} ${measure === 'num_ret' ? value : trecDecimals(value)}`).toBe(
        `${measure} ${expected}`,
      );
    }
  });
});

describe('runs against judgments', () => {
  const qrels = file('qrels.txt', 'q1 0 a 2\nq1 0 b 1\nq1 0 c 0\nq2 0 d 1\nq3 0 e 1\n');
  // a and b tie: trec_eval puts the larger id first, so b stands above a.
  const tied = file('tied.trec', 'q1 Q0 a 1 1.0 t\nq1 Q0 b 2 1.0 t\nq2 Q0 d 1 3 t\nx Q0 a 1 1 t\n');
  const good = file('good.trec', 'q1 Q0 a 9 2 g\nq1 Q0 b 1 1 g\nq2 Q0 d 1 3 g\nq3 Q0 e 1 1 g\n');

  it('count missing queries as 0 and put ties by id, descending', async () => {
    const [row] = await scoreRuns({ ...options, runs: [tied], qrels });
    expect(row).toMatchObject({ queries: 3, missing: 1, name: 'tied.trec' });
    const ideal = 2 + 1 / Math.log2(3);
    const q1 = (1 + 2 / Math.log2(3)) / ideal;
    const values = measuredValues(row!.evaluation);
    expect(values['ndcg@10']).toBeCloseTo((q1 + 1) / 3, 12);
    expect(values['accuracy@1']).toBeCloseTo(2 / 3, 12);
    const [retrieved] = await scoreRuns({ ...options, complete: false, runs: [tied], qrels });
    expect(measuredValues(retrieved!.evaluation)['ndcg@10']).toBeCloseTo((q1 + 1) / 2, 12);
  });

  it('compare every run with the baseline in pairs', async () => {
    const rows = await scoreRuns({ ...options, runs: [tied, good], qrels });
    expect(rows[0]!.difference).toBeUndefined();
    expect(rows[1]!.difference).toMatchObject({ against: 'tied.trec', queries: 3 });
    const values = rows.map(({ evaluation }) => measuredValues(evaluation)['ndcg@10']!);
    expect(rows[1]!.difference!.mean).toBeCloseTo(values[1]! - values[0]!, 12);
    // Of the 8 sign patterns of (d1, 0, 1), those with equal signs on both: half.
    expect(rows[1]!.difference!.p).toBeCloseTo(0.5, 12);
    const swapped = await scoreRuns({ ...options, runs: [tied, good], qrels, baseline: 'good.trec' });
    expect(swapped[0]!.difference!.mean).toBeCloseTo(-rows[1]!.difference!.mean, 12);
  });

  it('give a row for every tag of a file', async () => {
    const both = file('both.trec', readFileSync(tied, 'utf8') + readFileSync(good, 'utf8'));
    const rows = await scoreRuns({ ...options, runs: [both], qrels });
    expect(rows.map(({ name }) => name)).toEqual(['both.trec t', 'both.trec g']);
  });

  it.each([
    ['a short line', 'q1 Q0 a 1 1.0\n', /bad\.trec, line 1: expected six fields/],
    ['a passage twice', 'q1 Q0 a 1 1 t\nq1 Q0 a 2 0.5 t\n', /line 2: passage “a” is already listed/],
    ['no judged query', 'z Q0 a 1 1 t\n', /none of its 1 query \(“z” …\) is judged/],
    ['no line', '\n', /it has no lines/],
  ])('refuse a run with %s', async (_, text, message) => {
    await expect(scoreRuns({ ...options, runs: [file('bad.trec', text)], qrels })).rejects.toThrow(message);
  });

  it('name the line of bad judgments, and the rows where the baseline is none', async () => {
    const bad = file('bad.qrels', 'q1 0 a 1\nq1 0 b x\n');
    await expect(scoreRuns({ ...options, runs: [good], qrels: bad })).rejects.toThrow(/bad\.qrels, line 2/);
    const wrong = scoreRuns({ ...options, runs: [tied, good], qrels, baseline: 'best' });
    await expect(wrong).rejects.toThrow(/one of tied\.trec, good\.trec/);
  });

  it('as a process: one line of JSON, or a table', async () => {
    const args = ['evaluate', '--run', tied, good, '--qrels', qrels];
    const [json, table, single, wrong] = await Promise.all([
      runTrainer([...args, '--json']),
      runTrainer(args),
      runTrainer(['evaluate', `--run=${good}`, '--qrels', qrels, '--json', '--metrics', 'map,P_1']),
      runTrainer([...args, '--k', '10']),
    ]);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(json.stdout.trim().split('\n')).toHaveLength(1);
    const { runs } = JSON.parse(json.stdout);
    expect(runs).toMatchObject([
      { run: tied, missing: 1 },
      { run: good, map: 1, 'ndcg@10': 1, 'recip_rank@10': 1 },
    ]);
    expect(JSON.parse(single.stdout)).toMatchObject({ map: 1, 'precision@1': 1 });
    expect(table.stdout).toContain('| good.trec |');
    expect(table.stdout).toContain('they count as 0');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('--k is for --data, not for --run');
  }, 120_000);
});

describe('ids of runs and judgments', () => {
  const spaced = file('spaced.tsv', 'query-id\tcorpus-id\tscore\nq 1\tSalt flat\t1\nq 1\tPink lake\t0\n');
  const entries = 'q_1 Q0 Salt_flat 1 2 TAG\nq_1 Q0 Pink_lake 2 1 TAG\n';

  it('of our own run are matched as they were rewritten; another’s are not', async () => {
    const own = file('own.trec', entries.replaceAll('TAG', 'rankscope-student'));
    const [row] = await scoreRuns({ ...options, runs: [own], qrels: spaced });
    expect(measuredValues(row!.evaluation)['ndcg@10']).toBe(1);
    expect(row).toMatchObject({ restored: 3, judged: { passages: 2, of: 2 }, missing: 0 });
    const other = file('other.trec', entries.replaceAll('TAG', 'bm25'));
    await expect(scoreRuns({ ...options, runs: [other], qrels: spaced })).rejects.toThrow(
      /none of its 1 query \(“q_1” …\) is judged .* “q 1”/,
    );
  });

  it('are told where they have nothing in common', async () => {
    const strange = file('strange.trec', 'q1 Q0 X1 1 2 t\nq1 Q0 X2 2 1 t\n');
    const judged = file('judged.txt', 'q1 0 d1 1\n');
    const { code, stdout, stderr } = await runTrainer([
      'evaluate',
      '--run',
      strange,
      '--qrels',
      judged,
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ judgedPassages: 0 }] });
    expect(stderr).toMatch(
      /Note: strange\.trec: none of its passages for judged queries is judged in .*judged\.txt/,
    );
  });

  it('may have spaces where tabs part the fields; a line parted wrongly is refused by its number', async () => {
    const line = (id: string, rank: number, between: string) =>
      ['q1', 'Q0', id, rank, 3 - rank, 't'].join(between);
    const judged = file('tabbed.txt', 'q1\t0\tSalt flat\t1\n');
    const run = (name: string, between: string) =>
      file(name, `${line('Salt flat', 1, between)}\n${line('Pink lake', 2, between)}\n`);
    const [row] = await scoreRuns({ ...options, runs: [run('tabs.trec', '\t')], qrels: judged });
    expect(measuredValues(row!.evaluation)['accuracy@1']).toBe(1);
    await expect(scoreRuns({ ...options, runs: [run('spaces.trec', ' ')], qrels: judged })).rejects.toThrow(
      /spaces\.trec, line 1: the rank must be a number, found “flat”/,
    );
  });
});
