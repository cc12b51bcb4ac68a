/**
 * What sparse labels are worth at equal calls, from labels of all pairs of twenty that exist already: no model is asked.
 *
 *   npx tsx bench/sparse.ts LABELS.jsonl [--qrels FILE] [--calls 56]
 *
 * LABELS are those of `label --schedule all-pairs --k 20`. Compared is the order of all twenty that each way leaves: all pairs of
 * the first so many that the calls pay for (the others below, in first-stage order), and the sparse graph over ten and twenty.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { kendallTau } from '../src/evaluation/correlation.ts';
import { ndcgAt } from '../src/evaluation/summary.ts';
import { bradleyTerry } from '../src/ranking/bradley-terry.ts';
import { rankByScore } from '../src/ranking/orders.ts';
import { PairTable, preference } from '../src/ranking/pair-table.ts';
import { nextOpen } from '../src/ranking/pairwise.ts';
import { allPairs } from '../src/ranking/schedules/all-pairs.ts';
import { bothOrders, type Schedule } from '../src/ranking/schedules/schedule.ts';
import { seedOf } from '../src/ranking/schedules/seed.ts';
import { sparse, sparsePairs } from '../src/ranking/schedules/sparse.ts';

interface Line {
  readonly query: string;
  readonly hits: readonly { readonly qid: string; readonly docid: string }[];
  readonly order: readonly number[];
  readonly decisions?: readonly (readonly [number, number, number, number, number])[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { qrels: { type: 'string' }, calls: { type: 'string', default: '56' } },
});
const calls = Number(values.calls);
const lines = positionals
  .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
  .map((text) => JSON.parse(text) as Line)
  .filter(({ hits }) => hits.length === 20);
const grades = values.qrels === undefined ? undefined : readGrades(values.qrels);

/** The order of the first `depth` by a schedule, the others behind. */
function orderBy(
  { hits, decisions = [] }: Line,
  depth: number,
  begin: (n: number, t: PairTable) => Schedule,
) {
  const logits = new Map(decisions.map(([a, b, one, two]) => [`${a} ${b}`, [one, two] as const]));
  const table = new PairTable(depth);
  const schedule = begin(depth, table);
  let asked = 0;
  for (let open = nextOpen(schedule, table); open.length > 0; open = nextOpen(schedule, table)) {
    for (const [a, b] of open) table.set(a, b, preference(...logits.get(`${a} ${b}`)!));
    asked += open.length;
  }
  const rest = hits.map((_, i) => i).slice(depth);
  return { order: [...schedule.ranking().order, ...rest], asked };
}

const paid = Math.floor((1 + Math.sqrt(1 + 4 * calls)) / 2);
const ways: Record<string, (line: Line) => { order: readonly number[]; asked: number }> = {
  'first stage': ({ hits }) => ({ order: hits.map((_, i) => i), asked: 0 }),
  [`all pairs of ${paid}`]: (line) => orderBy(line, paid, allPairs),
  ...Object.fromEntries(
    [10, 14, 20].map((depth) => [
      `sparse over ${depth}`,
      (line: Line) => orderBy(line, depth, (n, table) => sparse(n, table, calls, seedOf(line.query))),
    ]),
  ),
  'pairs both ways': (line) =>
    orderBy(line, 20, (n, table) => ({
      steps: [sparsePairs(n, calls / 2, seedOf(line.query)).flatMap(([a, b]) => bothOrders(a, b))].values(),
      ranking: () => rankByScore(bradleyTerry(table).strengths),
    })),
  'all pairs of 20': (line) => orderBy(line, 20, allPairs),
};

process.stdout.write(`${lines.length} queries, ${calls} calls\n`);
for (const [name, way] of Object.entries(ways)) {
  const found = lines.map((line) => ({ line, ...way(line) }));
  const mean = (of: (one: (typeof found)[number]) => number | undefined) => {
    const all = found.flatMap((one) => of(one) ?? []);
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  const words = (order: readonly number[]) => order.map(String);
  const tau = mean(({ line, order }) => kendallTau(words(order), words(line.order)));
  const top = mean(({ line, order }) => overlap(order, line.order, 5));
  const ndcg = mean(({ line, order }) => {
    const judged = grades?.get(line.hits[0]!.qid);
    if (!judged) return undefined;
    return ndcgAt(
      order.map((i) => line.hits[i]!.docid),
      judged,
      [10],
    )[0]?.value;
  });
  const asked = mean((one) => one.asked);
  process.stdout.write(
    `${name.padEnd(18)} calls ${asked.toFixed(0).padStart(4)}  τ to all pairs of 20 ${tau.toFixed(3)}  ` +
      `top five found ${(100 * top).toFixed(1)} %  nDCG@10 ${Number.isNaN(ndcg) ? '–' : ndcg.toFixed(3)}\n`,
  );
}

function overlap(order: readonly number[], wanted: readonly number[], k: number): number {
  const best = new Set(wanted.slice(0, k));
  return order.slice(0, k).filter((i) => best.has(i)).length / k;
}

/** BEIR's tab-separated judgments. */
function readGrades(file: string): Map<string, Map<string, number>> {
  const all = new Map<string, Map<string, number>>();
  for (const row of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const [query, passage, grade] = row.split('\t');
    const of = all.get(query!) ?? new Map<string, number>();
    of.set(passage!, Number(grade));
    all.set(query!, of);
  }
  return all;
}
