/** Our numbers against trec_eval's own outputs, to the four decimals it prints. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readQrels } from '../formats/qrels.ts';
import { readTrecRun } from '../formats/runs.ts';
import { type EvaluateOptions, evaluateRun } from './evaluate-run.ts';
import { trecDecimals } from './print.ts';

const SHARED = new URL('../../../shared/', import.meta.url).pathname;
const present = existsSync(`${SHARED}reference/trec_eval`);
const read = (path: string) => readFileSync(SHARED + path, 'utf8');

/** trec_eval's names of the measures we have, in a form parseMetric knows, or undefined. */
function ours(name: string): string | undefined {
  if (/^(map|recip_rank|Rprec|ndcg|num_ret|num_rel|num_rel_ret)$/.test(name)) return name;
  return /^(P|recall|ndcg_cut|map_cut|success)_\d+$/.test(name) ? name : undefined;
}

function compare(output: string, qrels: string, run: string, options: EvaluateOptions = {}): number {
  const rows = read(output)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([name = '', query = '', value = '']) => (ours(name) ? [{ name, query, value }] : []));
  const names = [...new Set(rows.map(({ name }) => name))];
  const evaluation = evaluateRun(readTrecRun(read(run), run), readQrels(read(qrels), qrels), names, options);
  const wrong: string[] = [];
  for (const { name, query, value } of rows) {
    const values = query === 'all' ? evaluation.overall : evaluation.perQuery.get(query);
    const mine = values?.[names.indexOf(name)] ?? Number.NaN;
    const printed = name.startsWith('num_') ? String(mine) : trecDecimals(mine);
    if (printed !== value) wrong.push(`${name} ${query}: ours ${printed}, trec_eval ${value}`);
  }
  expect(wrong).toEqual([]);
  return rows.length;
}

describe.skipIf(!present)(
  'trec_eval reference outputs (skipped where ../shared/reference/trec_eval is missing)',
  () => {
    const test = 'reference/trec_eval/';
    it('out.test: the official measures', () => {
      expect(compare(`${test}out.test`, `${test}qrels.test`, `${test}results.test`)).toBeGreaterThan(13);
    });

    it('out.test.a and .aq: all measures, over all and by query', () => {
      expect(compare(`${test}out.test.a`, `${test}qrels.test`, `${test}results.test`)).toBeGreaterThan(40);
      expect(compare(`${test}out.test.aq`, `${test}qrels.test`, `${test}results.test`)).toBeGreaterThan(160);
    });

    it('out.test.aqc: over all judged queries, a truncated run', () => {
      const rows = compare(`${test}out.test.aqc`, `${test}qrels.test`, `${test}results.trunc`, {
        complete: true,
      });
      expect(rows).toBeGreaterThan(160);
    });

    for (const name of ['bm25', 'bm25_rm3', 'splade_p_p_ensemble_distil']) {
      it(`TREC DL 2021, ${name}`, () => {
        const rows = compare(
          `reference/trec_eval_outputs/trec-dl21.${name}.top100.txt`,
          'data/trec-dl21/qrels/test.trec',
          `data/trec-dl21/runs/${name}.top100.trec`,
        );
        expect(rows).toBe(810);
      });
    }
  },
);
