/**
 * How much of a long passage the embedded student should read: the first 128 tokens (what it was trained on), more of
 * them, or its best window. SciFact's abstracts (title first; `../shared/data`), BM25's first twenty, nDCG@10, and what
 * each way costs beside the first. Nothing was learnt from SciFact.
 */
import { ndcg } from '../src/evaluation/metrics.ts';
import { pairedDifference } from '../src/evaluation/significance.ts';
import { embeddedStudent } from '../src/ranking/embedded-templates.ts';
import { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { UNSTEMMED_BM25 } from '../src/retrieval/types.ts';
import { openBulkScorer } from '../trainer/engine/bulk-scorer.ts';
import { loadModel } from '../trainer/engine/model-files.ts';
import { fraction } from '../trainer/input/hash-fraction.ts';
import { openTokenizer } from '../trainer/pretrain/context.ts';
import { readCollection } from '../trainer/pretrain/data/collections.ts';
import { compileTemplate, fillTemplate, plainIds } from '../trainer/pretrain/prompts.ts';
import { orderByScore } from '../trainer/pretrain/ranker.ts';
import { median } from './statistics.ts';

const MODEL =
  process.env.RANKSCOPE_STUDENT ?? new URL('../public/models/demo-student', import.meta.url).pathname;
const [QUERIES, DEPTH, THREADS, WINDOW] = [200, 20, 2, 128];

/** What of a passage's tokens is shown, each part in a call of its own; the passage has its best part's score. */
const WAYS: Readonly<Record<string, (tokens: readonly number[]) => (readonly number[])[]>> = {
  'first 128': (tokens) => [tokens.slice(0, WINDOW)],
  'first 192': (tokens) => [tokens.slice(0, 192)],
  'first 256': (tokens) => [tokens.slice(0, 256)],
  'first 384': (tokens) => [tokens.slice(0, 384)],
  'best of two windows of 128': (tokens) => windows(tokens, WINDOW).slice(0, 2),
  'best window of 128': (tokens) => windows(tokens, WINDOW),
};

/** Parts that begin every three quarters of their length, the last of them with the text's end. */
function windows(tokens: readonly number[], size: number): (readonly number[])[] {
  if (tokens.length <= size) return [tokens];
  const starts = Array.from({ length: Math.ceil((tokens.length - size) / (0.75 * size)) + 1 }, (_, i) =>
    Math.min(Math.round(0.75 * size * i), tokens.length - size),
  );
  return starts.map((start) => tokens.slice(start, start + size));
}

export async function benchLongPassages(rounds: number) {
  const tokenizer = openTokenizer(MODEL);
  const model = loadModel(MODEL);
  const template = compileTemplate(embeddedStudent, tokenizer, { start: 0, end: 1 });
  const scorer = await openBulkScorer(model, { threads: THREADS });
  const lists = candidates().map((list) => ({
    ...list,
    question: plainIds(tokenizer, list.text).slice(0, 48),
    tokens: list.passages.map(({ text }) => plainIds(tokenizer, text)),
  }));
  const rank = async (ways: (tokens: readonly number[]) => (readonly number[])[]) => {
    const parts = lists.flatMap(({ question, tokens }) =>
      tokens.map((own) =>
        ways(own).map((passage) => fillTemplate(template, { query: question, passage }, 1)),
      ),
    );
    const logits = await scorer.score(parts.flat(), template.decoderIds, template.labelIds);
    let at = 0;
    const best = parts.map((own) => Math.max(...own.map(() => logits[at++]!)));
    let from = 0;
    return lists.map(({ passages, grades }) => {
      const scores = best.slice(from, from + passages.length);
      from += passages.length;
      return ndcg(
        orderByScore(scores).map((i) => passages[i]!.id),
        grades,
        { k: 10 },
      );
    });
  };
  const seconds = Object.fromEntries(Object.keys(WAYS).map((name) => [name, [] as number[]]));
  const values: Record<string, number[]> = {};
  for (let round = 0; round < Math.max(1, Math.min(rounds, 3)); round++) {
    for (const [name, way] of Object.entries(WAYS)) {
      const started = performance.now();
      values[name] = await rank(way);
      seconds[name]!.push((performance.now() - started) / 1000);
    }
  }
  await scorer.release();
  const bm25 = lists.map(({ passages, grades }) =>
    ndcg(
      passages.map(({ id }) => id),
      grades,
      { k: 10 },
    ),
  );
  const first = median(seconds['first 128']!);
  const ways = Object.entries(values).map(([name, own]) => {
    const figures = (others: readonly number[]) => {
      const { mean, low, high } = pairedDifference(own, others);
      return { mean: round(mean), low: round(low), high: round(high) };
    };
    return [
      name,
      {
        ndcg10: round(mean(own)),
        againstBm25: figures(bm25),
        againstFirst128: figures(values['first 128']!),
        timeBesideFirst128: round(median(seconds[name]!) / first),
      },
    ] as const;
  });
  const lengths = lists.flatMap(({ tokens }) => tokens.map(({ length }) => length));
  return {
    model: MODEL,
    queries: lists.length,
    depth: DEPTH,
    medianTokens: median(lengths),
    bm25: round(mean(bm25)),
    ...Object.fromEntries(ways),
  };
}

function candidates() {
  const { passages, queries, qrels } = readCollection('scifact');
  const index = new Bm25Index({ ...UNSTEMMED_BM25, stemming: 'english' });
  const texts = passages.map(({ id, title, text }) => ({ id, text: `${title}. ${text}` }));
  for (const passage of texts) index.append(passage);
  return queries
    .filter(({ id }) => qrels.has(id))
    .sort((a, b) => fraction(a.id, 'evaluation') - fraction(b.id, 'evaluation'))
    .slice(0, QUERIES)
    .map(({ id, text }) => ({
      text,
      grades: qrels.get(id)!,
      passages: index.search(text, DEPTH).passages,
    }));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 1e4) / 1e4;
