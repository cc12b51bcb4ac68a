/**
 * Candidates of the training queries, pool by pool: what BM25 finds (the ranker's daily work), what
 * the encoder finds (relevant passages with other words), the judged passage, and some from far down
 * and from anywhere, so that a model also learns what is plainly wrong.
 */
import type { Stemming } from '../../../src/retrieval/types.ts';
import { hash32 } from '../../input/hash-fraction.ts';
import { encoderDims } from './encoder.ts';
import { firstStageDepth, searchPools } from './first-stage.ts';
import { cosine, nearestPassages } from './nearest.ts';
import type { Embeddings } from './prepare-embeddings.ts';
import type { SelectedQuery, Selection } from './selection.ts';
import type { CandidateRow } from './training-set.ts';

const counts = { bm25: 10, deep: 10, encoder: 12, random: 3, distillDeep: 10 } as const;

/**
 * Candidate rows per query, in the selection's order; `passage` indexes `selection.passages`.
 * Distillation queries get BM25's candidates alone and no cosines: no soft label of theirs may reach
 * teacher or student. Their grades serve the curves of validation; stage 3 reads passages and ranks only.
 */
export async function mineCandidates(
  selection: Selection,
  embeddings: Embeddings,
  log: (line: string) => void,
  stemming: Stemming = 'none',
): Promise<CandidateRow[][]> {
  const firstStage = searchPools(selection, log, stemming);
  const result: CandidateRow[][] = selection.queries.map(() => []);
  for (const pool of new Set(selection.queries.map((query) => query.pool))) {
    const passages = indicesWhere(selection.passages, (passage) => passage.pool === pool);
    const queries = indicesWhere(selection.queries, (query) => query.pool === pool);
    const keyIndex = new Map(passages.map((p) => [selection.passages[p]!.key, p]));
    const nearest = await nearestPassages(
      rowsOf(embeddings.queries, queries),
      rowsOf(embeddings.passages, passages),
      counts.encoder,
    );
    queries.forEach((q, row) => {
      const query = selection.queries[q]!;
      const hits = firstStage.subarray(q * firstStageDepth, (q + 1) * firstStageDepth);
      const found = Array.from(hits).filter((passage) => passage >= 0);
      const near = Array.from(
        nearest.subarray(row * counts.encoder, (row + 1) * counts.encoder),
        (i) => passages[i]!,
      );
      const grade = (passage: number) => query.judged.get(selection.passages[passage]!.key) ?? 0;
      result[q] =
        query.part === 'distill'
          ? distillationCandidates(query, found).map((passage) => ({
              passage,
              cosine: 0,
              grade: grade(passage),
              rank: found.indexOf(passage) + 1,
            }))
          : chooseCandidates(query, found, near, passages, keyIndex).map((passage) => ({
              passage,
              cosine: cosine(embeddings.queries, q, embeddings.passages, passage),
              grade: grade(passage),
              rank: found.indexOf(passage) + 1,
            }));
    });
    log(`candidates: ${pool}, ${queries.length} queries, ${passages.length} passages`);
  }
  return result;
}

function chooseCandidates(
  query: SelectedQuery,
  found: readonly number[],
  near: readonly number[],
  pool: readonly number[],
  keyIndex: ReadonlyMap<string, number>,
): number[] {
  const chosen = new Set(found.slice(0, counts.bm25));
  for (const p of near) chosen.add(p);
  for (const key of query.judged.keys()) {
    const p = keyIndex.get(key);
    if (p !== undefined) chosen.add(p);
  }
  for (const passage of deepDraws(query, found, counts.deep)) chosen.add(passage);
  for (let i = 0; i < counts.random; i++) chosen.add(pool[hash32(`${query.key} random ${i}`) % pool.length]!);
  return [...chosen];
}

/** The first stage's best, and some from further down, all in its order. */
function distillationCandidates(query: SelectedQuery, found: readonly number[]): number[] {
  const deep = new Set(deepDraws(query, found, counts.distillDeep));
  return found.filter((passage, i) => i < counts.bm25 || deep.has(passage));
}

/** Draws from below the first stage's best: a function of the query's name, the same on every run. */
function deepDraws(query: SelectedQuery, found: readonly number[], count: number): number[] {
  const deep = found.slice(counts.bm25);
  if (deep.length === 0) return [];
  return Array.from({ length: count }, (_, i) => deep[hash32(`${query.key} deep ${i}`) % deep.length]!);
}

function rowsOf(vectors: Float32Array, indices: readonly number[]): Float32Array {
  const rows = new Float32Array(indices.length * encoderDims);
  indices.forEach((i, r) => {
    rows.set(vectors.subarray(i * encoderDims, (i + 1) * encoderDims), r * encoderDims);
  });
  return rows;
}

function indicesWhere<T>(items: readonly T[], test: (item: T) => boolean): number[] {
  return items.flatMap((item, i) => (test(item) ? [i] : []));
}
