/**
 * Speed and memory of BM25 over 100,000 passages (about 60 MB of text) in Node.
 *
 *   npx tsx bench/retrieval.ts [--passages N] [--stemming none] [--json FILE]
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { DEFAULT_BM25, UNSTEMMED_BM25 } from '../src/retrieval/types.ts';
import { zipfText } from './zipf-text.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const count = Number(option('passages') ?? 100_000);
const QUERIES = 200;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const text = zipfText(20261123);
const empty = heap();
const passages = Array.from({ length: count }, () => text.passage());
const bytes = passages.reduce((sum, p) => sum + p.text.length, 0);
const withText = heap();

const cpuBefore = process.cpuUsage();
const started = performance.now();
const index = new Bm25Index(option('stemming') === 'none' ? UNSTEMMED_BM25 : DEFAULT_BM25);
let slowest = 0;
for (let i = 0; i < count; ) {
  const chunk = performance.now();
  for (const end = Math.min(count, i + 500); i < end; i++) index.append(passages[i]!);
  slowest = Math.max(slowest, performance.now() - chunk);
}
const indexSeconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const withIndex = heap();

const frequent = 'people world work water house school life number place state general public';
const queries = [...Array.from({ length: QUERIES }, () => text.query()), frequent];
for (const query of queries.slice(0, 20)) index.search(query, 100);
const timings = queries.map((query) => {
  const start = performance.now();
  const { matched } = index.search(query, 100);
  return { ms: performance.now() - start, matched };
});
const worst = timings.at(-1)!;
const sorted = timings.map((t) => t.ms).sort((a, b) => a - b);
const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
const round = (x: number, digits = 2): number => Number(x.toFixed(digits));
const mb = (x: number): number => round(x / 1e6, 0);

const result = {
  passages: count,
  textMB: mb(bytes),
  terms: index.termCount,
  indexSeconds: round(indexSeconds),
  /** On a busy machine the truer figure; the garbage collector's threads are in it. */
  indexCpuSeconds: round((user + system) / 1e6),
  passagesPerSecond: Math.round(count / indexSeconds),
  slowest500Ms: round(slowest, 0),
  heapOfTextMB: mb(withText - empty),
  heapOfIndexMB: mb(withIndex - withText),
  queries: queries.length,
  queryMsMedian: round(quantile(0.5)),
  queryMsP95: round(quantile(0.95)),
  queryMsMax: round(sorted.at(-1)!),
  twelveFrequentWordsMs: round(worst.ms),
  twelveFrequentWordsMatched: worst.matched,
};
for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(28)}${value}`);
const file = option('json');
if (file !== undefined) writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
