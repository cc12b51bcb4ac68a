/**
 * Held-out sets in the shape of the training set: per query BM25's best candidates with judgments,
 * so that base, teacher, student and control re-rank the very same lists.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrecRun } from '../../../src/formats/runs.ts';
import { Bm25Index } from '../../../src/retrieval/bm25-index.ts';
import { type Stemming, UNSTEMMED_BM25 } from '../../../src/retrieval/types.ts';
import { fraction } from '../../input/hash-fraction.ts';
import { dataRoot, readCollection } from './collections.ts';
import type { SelectedPassage, SelectedQuery, Selection } from './selection.ts';
import { type CandidateRow, writeTrainingSet } from './training-set.ts';

export interface EvaluationSetPlan {
  readonly name: string;
  readonly collection: string;
  readonly queries: number;
  readonly depth: number;
}

/** Drawn by hash from all held-out queries; TREC DL21 is re-ranked from its own BM25 run. */
export const evaluationSetPlans: readonly EvaluationSetPlan[] = [
  { name: 'qed-nq', collection: 'qed-nq', queries: 300, depth: 10 },
  { name: 'boolq', collection: 'boolq', queries: 300, depth: 10 },
  { name: 'medquad', collection: 'medquad', queries: 300, depth: 10 },
  { name: 'squad', collection: 'squad-nqg', queries: 300, depth: 10 },
];
/**
 * The held-out queries that come after those of the tables in the same draw: what is tuned (the weight of a fusion) is
 * tuned on these. One set of all four collections; lists are longer, for a fusion is offered at any depth.
 */
export const developmentPlans: readonly EvaluationSetPlan[] = evaluationSetPlans.map((plan) => ({
  ...plan,
  name: 'development',
  queries: 60,
  depth: 20,
}));

/** Claims and abstracts of SciFact: long passages, of a collection that nothing was learnt from. */
export const sciFactPlan = { name: 'scifact', queries: 100, depth: 20 } as const;

/** How far down TREC DL21's own BM25 run is re-ranked: folder name → passages per query. */
export const dl21Depths = { 'trec-dl21': 20, 'trec-dl21-top100': 100 } as const;

/** Words to ids without the end token, cut. */
export type Tokenize = (text: string, maxTokens: number) => number[];

export const passageTokenLimit = 128;
export const queryTokenLimit = 48;

interface Listed {
  readonly query: { readonly key: string; readonly text: string };
  readonly judged: ReadonlyMap<string, number>;
  readonly candidates: readonly { readonly key: string; readonly text: string; readonly score: number }[];
}

/**
 * The held-out queries of a plan: a draw by hash, so that it is the same whatever else changes.
 * @param after so many come before them in the draw
 */
export function drawQueries(
  plan: EvaluationSetPlan,
  heldOut: readonly SelectedQuery[],
  after = 0,
): SelectedQuery[] {
  return heldOut
    .filter((query) => query.collection === plan.collection)
    .map((query) => ({ query, draw: fraction(query.key, 'evaluation') }))
    .sort((a, b) => a.draw - b.draw)
    .slice(after, after + plan.queries)
    .map(({ query }) => query);
}

/**
 * Writes `folder/<name>` for every plan, SciFact, and TREC DL21 at each depth, and `development` beside `folder`.
 * @returns the names of what is evaluated
 */
export function writeEvaluationSets(
  folder: string,
  selection: Selection,
  tokenize: Tokenize,
  vocabulary: number,
  log: (line: string) => void,
  stemming: Stemming = 'none',
): string[] {
  const indexes = new Map<string, Bm25Index>();
  const listed = (plan: EvaluationSetPlan, queries: readonly SelectedQuery[]): Listed[] => {
    const pool = queries[0]?.pool;
    if (pool === undefined) return [];
    const passages = searched(selection, pool);
    // Text alone: what people paste has no titles, and neither have the paper's passages.
    const index = indexes.get(pool) ?? indexOf(passages, stemming);
    indexes.set(pool, index);
    return queries.map((query) => ({
      query,
      judged: query.judged,
      candidates: foundIn(index, query.text, plan.depth),
    }));
  };
  const writeLists = (path: string, name: string, lists: readonly Listed[]) => {
    if (lists.length > 0) write(path, name, lists, tokenize, vocabulary, log);
  };
  const developed = developmentPlans.flatMap((plan, i) =>
    listed(plan, drawQueries(plan, selection.heldOutQueries, evaluationSetPlans[i]!.queries)),
  );
  writeLists(join(folder, '..', 'development'), 'development', developed);
  for (const plan of evaluationSetPlans) {
    const queries = drawQueries(plan, selection.heldOutQueries);
    writeLists(join(folder, plan.name), plan.name, listed(plan, queries));
  }
  writeLists(join(folder, sciFactPlan.name), sciFactPlan.name, sciFactLists(stemming));
  const trec = Object.entries(dl21Depths);
  for (const [name, depth] of trec) writeLists(join(folder, name), name, dl21Lists(depth));
  return [...evaluationSetPlans, sciFactPlan, ...trec.map(([name]) => ({ name }))].map(({ name }) => name);
}

function indexOf(passages: readonly { readonly key: string; readonly text: string }[], stemming: Stemming) {
  const index = new Bm25Index({ ...UNSTEMMED_BM25, stemming });
  for (const { key, text } of passages) index.append({ id: key, text });
  return index;
}

function foundIn(index: Bm25Index, text: string, depth: number): Listed['candidates'] {
  const { hits, passages } = index.search(text, depth);
  return passages.map((passage, i) => ({ key: passage.id, text: passage.text, score: hits[i]!.score }));
}

/** Title and abstract, as BEIR's users search and read them. */
function sciFactLists(stemming: Stemming): Listed[] {
  const { passages, queries, qrels } = readCollection('scifact');
  const texts = passages.map(({ id, title, text }) => ({ key: id, text: `${title}. ${text}` }));
  const index = indexOf(texts, stemming);
  return queries
    .filter(({ id }) => qrels.has(id))
    .map((query) => ({ query, draw: fraction(query.id, 'evaluation') }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, sciFactPlan.queries)
    .map(({ query }) => ({
      query: { key: query.id, text: query.text },
      judged: qrels.get(query.id)!,
      candidates: foundIn(index, query.text, sciFactPlan.depth),
    }));
}

/** SQuAD's test sentences are a corpus of their own; elsewhere training passages are there to be found too. */
function searched(selection: Selection, pool: string): SelectedPassage[] {
  const passages = selection.allPassages.filter((passage) => passage.pool === pool);
  return pool === 'squad' ? passages.filter((passage) => passage.key.includes('/test-')) : passages;
}

function dl21Lists(depth: number): Listed[] {
  const collection = readCollection('trec-dl21');
  const texts = new Map(collection.passages.map((passage) => [passage.id, passage.text]));
  const path = join(dataRoot(), 'trec-dl21', 'runs', 'bm25.top100.trec');
  const run = readTrecRun(readFileSync(path, 'utf8'), path);
  return collection.queries.map((query) => ({
    query: { key: query.id, text: query.text },
    judged: collection.qrels.get(query.id) ?? new Map(),
    candidates: (run.get(query.id) ?? []).slice(0, depth).flatMap(({ id, score }) => {
      const text = texts.get(id);
      return text === undefined ? [] : [{ key: id, text, score }];
    }),
  }));
}

function write(
  folder: string,
  name: string,
  lists: readonly Listed[],
  tokenize: Tokenize,
  vocabulary: number,
  log: (line: string) => void,
): void {
  const index = new Map<string, number>();
  const passages: { key: string; text: string; tokens: number[] }[] = [];
  const queries = lists.map(({ query, judged, candidates }) => {
    const rows = candidates.map(({ key, text, score }, i): CandidateRow => {
      const known = index.get(key) ?? passages.length;
      if (known === passages.length) {
        index.set(key, known);
        passages.push({ key, text, tokens: tokenize(text, passageTokenLimit) });
      }
      return { passage: known, cosine: 0, grade: judged.get(key) ?? 0, rank: i + 1, score };
    });
    return {
      key: query.key,
      text: query.text,
      judged: Object.fromEntries(judged),
      tokens: tokenize(query.text, queryTokenLimit),
      part: 'held-out' as const,
      collection: name,
      candidates: rows,
    };
  });
  writeTrainingSet(folder, { vocabulary, collections: [name], passages, queries });
  const answered = queries.filter((query) => query.candidates.some((row) => row.grade > 0)).length;
  log(`evaluation: ${name}, ${queries.length} queries, ${answered} with a judged candidate`);
}
