/**
 * How much of a long passage the embedded pair should read: the first 128 tokens (what it was trained on), more of them,
 * or its best window. SciFact's abstracts (title first; `../shared/data`), nDCG@10, and what each way costs beside the
 * first; TREC DL21's web passages, most of which are shorter, to see that they lose nothing. Nothing was learnt of either.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ndcg } from '../src/evaluation/metrics.ts';
import { pairedDifference } from '../src/evaluation/significance.ts';
import { readTrecRun } from '../src/formats/runs.ts';
import { embeddedPairwise, embeddedStudent } from '../src/ranking/embedded-templates.ts';
import type { LabelTemplate } from '../src/ranking/template.ts';
import { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { UNSTEMMED_BM25 } from '../src/retrieval/types.ts';
import { openBulkScorer } from '../trainer/engine/bulk-scorer.ts';
import { loadModel } from '../trainer/engine/model-files.ts';
import { fraction } from '../trainer/input/hash-fraction.ts';
import { openTokenizer } from '../trainer/pretrain/context.ts';
import { dataRoot, readCollection } from '../trainer/pretrain/data/collections.ts';
import { compileTemplate, fillTemplate, plainIds } from '../trainer/pretrain/prompts.ts';
import { orderByScore, prpScores } from '../trainer/pretrain/ranker.ts';
import { median } from './statistics.ts';

const modelFolder = (name: string) => new URL(`../public/models/${name}`, import.meta.url).pathname;
const STUDENT = process.env.RANKSCOPE_STUDENT ?? modelFolder('demo-student');
const TEACHER = process.env.RANKSCOPE_TEACHER ?? modelFolder('demo-teacher');
const [THREADS, WINDOW] = [2, 128];
const STUDENT_LISTS = { queries: 200, depth: 20 };
const TEACHER_LISTS = { queries: 60, depth: 8 };

/** What of a passage's tokens is shown, each part in a call of its own; the passage has its best part's score. */
type Way = (tokens: readonly number[]) => (readonly number[])[];
const WAYS: Readonly<Record<string, Way>> = {
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

interface List {
  readonly text: string;
  readonly grades: ReadonlyMap<string, number>;
  readonly passages: readonly { readonly id: string; readonly text: string }[];
}

/** A list as token runs. */
interface Asked extends List {
  readonly question: readonly number[];
  readonly tokens: readonly (readonly number[])[];
}

export async function benchLongPassages(rounds: number) {
  const turns = Math.max(1, Math.min(rounds, 3));
  const student = await openRanker(STUDENT, embeddedStudent);
  const teacher = await openRanker(TEACHER, embeddedPairwise);
  const { queries, depth } = STUDENT_LISTS;
  const web = openLists(dl21(depth));
  const two = Object.fromEntries(
    Object.entries(WAYS).filter(([name]) => ['first 128', 'first 256'].includes(name)),
  );
  const result = {
    student: await compare(openLists(sciFact(queries, depth)), WAYS, turns, student.pointwise),
    teacher: await compare(
      openLists(sciFact(TEACHER_LISTS.queries, TEACHER_LISTS.depth)),
      two,
      turns,
      teacher.pairwise,
    ),
    'student on web passages': await compare(web, two, turns, student.pointwise),
  };
  await student.release();
  await teacher.release();
  return result;
}

/** nDCG@10 of each list in each way, the ways in turn. */
async function compare(
  lists: readonly Asked[],
  ways: Readonly<Record<string, Way>>,
  turns: number,
  rank: (lists: readonly Asked[], way: Way) => Promise<readonly number[][]>,
) {
  const seconds = Object.fromEntries(Object.keys(ways).map((name) => [name, [] as number[]]));
  const values: Record<string, number[]> = {};
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, way] of Object.entries(ways)) {
      const started = performance.now();
      const orders = await rank(lists, way);
      seconds[name]!.push((performance.now() - started) / 1000);
      values[name] = lists.map((list, i) => quality(list, orders[i]!));
    }
  }
  const bm25 = lists.map((list) => quality(list, [...list.passages.keys()]));
  const first = median(seconds['first 128']!);
  const figures = Object.entries(values).map(([name, own]) => {
    const against = (others: readonly number[]) => {
      const { mean, low, high } = pairedDifference(own, others);
      return { mean: round(mean), low: round(low), high: round(high) };
    };
    const timeBesideFirst128 = round(median(seconds[name]!) / first);
    const first128 = values['first 128']!;
    return [
      name,
      {
        ndcg10: round(mean(own)),
        againstBm25: against(bm25),
        againstFirst128: against(first128),
        timeBesideFirst128,
      },
    ] as const;
  });
  const medianTokens = median(lists.flatMap(({ tokens }) => tokens.map(({ length }) => length)));
  return { queries: lists.length, medianTokens, bm25: round(mean(bm25)), ...Object.fromEntries(figures) };
}

const quality = ({ passages, grades }: List, order: readonly number[]): number =>
  ndcg(
    order.map((i) => passages[i]!.id),
    grades,
    { k: 10 },
  );

async function openRanker(folder: string, asked: LabelTemplate) {
  const tokenizer = openTokenizer(folder);
  const template = compileTemplate(asked, tokenizer, { start: 0, end: 1 });
  const scorer = await openBulkScorer(loadModel(folder), { threads: THREADS });
  const margins = async (prompts: readonly Int32Array[]) => {
    const labels = template.labelIds.length;
    const logits = await scorer.score(prompts, template.decoderIds, template.labelIds);
    return prompts.map((_, i) => logits[i * labels]! - (labels > 1 ? logits[i * labels + 1]! : 0));
  };
  return {
    release: () => scorer.release(),
    /** Each passage by its best part. */
    async pointwise(lists: readonly Asked[], way: Way) {
      const parts = lists.map(({ tokens }) => tokens.map(way));
      const prompts = lists.flatMap(({ question: query }, i) =>
        parts[i]!.flat().map((passage) => fillTemplate(template, { query, passage }, 1)),
      );
      const scores = await margins(prompts);
      let at = 0;
      return parts.map((passages) =>
        orderByScore(passages.map((own) => Math.max(...own.map(() => scores[at++]!)))),
      );
    },
    /** All pairs of the passages' first parts, both orders. */
    async pairwise(lists: readonly Asked[], way: Way) {
      const pairs = lists.map(({ tokens }) =>
        [...tokens.keys()].flatMap((a) =>
          [...tokens.keys()].filter((b) => b !== a).map((b) => [a, b] as const),
        ),
      );
      const prompts = lists.flatMap(({ question: query, tokens }, i) => {
        const first = tokens.map((own) => way(own)[0]!);
        return pairs[i]!.map(([a, b]) =>
          fillTemplate(template, { query, passage_a: first[a]!, passage_b: first[b]! }, 1),
        );
      });
      const found = await margins(prompts);
      let at = 0;
      return lists.map(({ tokens: { length: n } }, i) => {
        const table = new Float32Array(n * n);
        for (const [a, b] of pairs[i]!) table[a * n + b] = found[at++]!;
        return orderByScore(prpScores(table, n));
      });
    },
  };
}

function openLists(lists: readonly List[]): Asked[] {
  const tokenizer = openTokenizer(STUDENT);
  return lists.map((list) => ({
    ...list,
    question: plainIds(tokenizer, list.text).slice(0, 48),
    tokens: list.passages.map(({ text }) => plainIds(tokenizer, text)),
  }));
}

function sciFact(count: number, depth: number): List[] {
  const { passages, queries, qrels } = readCollection('scifact');
  const index = new Bm25Index({ ...UNSTEMMED_BM25, stemming: 'english' });
  for (const { id, title, text } of passages) index.append({ id, text: `${title}. ${text}` });
  return queries
    .filter(({ id }) => qrels.has(id))
    .sort((a, b) => fraction(a.id, 'evaluation') - fraction(b.id, 'evaluation'))
    .slice(0, count)
    .map(({ id, text }) => ({ text, grades: qrels.get(id)!, passages: index.search(text, depth).passages }));
}

function dl21(depth: number): List[] {
  const { passages, queries, qrels } = readCollection('trec-dl21');
  const texts = new Map(passages.map((passage) => [passage.id, passage]));
  const path = join(dataRoot(), 'trec-dl21', 'runs', 'bm25.top100.trec');
  const run = readTrecRun(readFileSync(path, 'utf8'), path);
  return queries.map(({ id, text }) => ({
    text,
    grades: qrels.get(id) ?? new Map(),
    passages: (run.get(id) ?? []).slice(0, depth).flatMap((hit) => texts.get(hit.id) ?? []),
  }));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 1e4) / 1e4;
