import { describe, expect, it } from 'vitest';
import { queryValues } from '../../evaluation/table/query-values.ts';
import { evaluationTable, type RowResults } from '../../evaluation/table/table.ts';
import { writeEvaluationLatex } from './latex.ts';
import { writeEvaluationMarkdown } from './markdown.ts';
import type { EvaluationReport } from './report.ts';
import { writeEvaluationCsv, writePerQueryCsv } from './tables-csv.ts';

const grades = new Map([['a', 1]]);
const row = (id: string, name: string, kind: RowResults['kind'], order: readonly string[]): RowResults => ({
  id,
  name,
  kind,
  values: [queryValues(order, grades, { level: 1, condensed: false })],
  costs: [{ calls: 1204, tokens: 10, padded: null, seconds: 0.25, flops: null }],
});
const rows = [
  row('x', '=HYPERLINK("evil")', 'first-stage', ['b', 'a']),
  row('y', 'PRP_1 & 50 % · |x|', 'method', ['a', 'b']),
  row('z', 'Ideal', 'ceiling', ['a']),
];
const table = evaluationTable({
  rows,
  columns: ['ndcg@10', 'calls', 'median'],
  judged: true,
  reference: 'x',
  compared: 'ndcg@10',
  comparisons: new Map([
    [
      'ndcg@10',
      [{ a: 0, b: 1, queries: 9, mean: -0.3, wins: 0, ties: 0, losses: 9, p: 0.01, corrected: 0.01 }],
    ],
  ]),
});
const report: EvaluationReport = {
  name: 'my_set',
  queries: 1,
  depth: 10,
  table,
  compared: 'nDCG@10',
  notes: ['BM25 (k1 0.9).'],
  tested: true,
};

describe('an evaluation’s table', () => {
  it('in Markdown has the best in bold, letters of what it is above, and escapes names', () => {
    const text = writeEvaluationMarkdown(report);
    expect(text).toContain('## my\\_set (1 query, top 10)');
    expect(text).toContain(
      '| b | PRP\\_1 & 50 % · \\|x\\| | **1.0000**<sup>a</sup> | 1,204 | 0.2500 | 1/0/0 |',
    );
    expect(text).toContain('| a | =HYPERLINK("evil") | 0.6309 | – | 0.2500 | – |');
    expect(text).toContain('|  | *Ideal* | 1.0000 | – | – | – |');
    expect(text).toMatch(/Letters name the rows.*\nW\/T\/L: queries on which .*\nBM25/);
  });

  it('in LaTeX is a whole table with every sign escaped', () => {
    const text = writeEvaluationLatex(report);
    expect(text).toContain(
      '$^{b}$ & PRP\\_1 \\& 50 \\% $\\cdot$ |x| & \\textbf{1.0000}$^{a}$ & 1,204 & 0.2500 & 1/0/0 \\\\',
    );
    expect(text).toContain('& \\textcolor{gray}{Ideal} &');
    expect(text).toContain('\\begin{tabular}{llrrrr}');
    expect(text.match(/\\\\\n/g)).toHaveLength(4);
  });

  it('in CSV is safe for spreadsheets, with values in full', () => {
    const [head, first, second] = writeEvaluationCsv(table).split('\r\n');
    expect(head).toBe(
      'row,method,queries,nDCG@10,nDCG@10 above,Calls/query,Seconds/query (median),wins,ties,losses',
    );
    expect(first).toBe(`a,"'=HYPERLINK(""evil"")",1,${1 / Math.log2(3)},,,0.25,,,`);
    expect(second).toBe('b,PRP_1 & 50 % · |x|,1,1,a,1204,0.25,1,0,0');
    const perQuery = writePerQueryCsv([{ id: 'q1', text: '+1' }], rows).split('\r\n');
    expect(perQuery).toHaveLength(5);
    expect(perQuery[1]).toMatch(/^q1,'\+1,"'=HYPER/);
  });
});
