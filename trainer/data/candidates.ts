/**
 * Candidates of the training queries, pool by pool: what BM25 finds (the ranker's daily work), what
 * the encoder finds (relevant passages with other words), the judged passage, and some from far down
 * and from anywhere, so that a model also learns what is plainly wrong.
 */
import { Bm25Index } from '../../src/retrieval/bm25-index.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { encoderDims } from './encoder.ts';
import { hash32 } from './hash.ts';
import { cosine, nearestPassages } from './nearest.ts';
import type { Embeddings } from './prepare-embeddings.ts';
import type { SelectedPassage, SelectedQuery, Selection } from './selection.ts';
import type { CandidateRow } from './training-set.ts';

const counts = { bm25: 10, deepFrom: 50, deep: 2, encoder: 12, random: 3, distill: 20 } as const;

/**
 * Candidate rows per query, in the selection's order; `passage` indexes `selection.passages`.
 * Distillation queries get BM25's candidates alone, without grades or cosines: no label of theirs
 * may reach teacher or student.
 */
export async function mineCandidates(
  selection: Selection,
  embeddings: Embeddings,
  log: (line: string) => void,
): Promise<CandidateRow[][]> {
  const result: CandidateRow[][] = selection.queries.map(() => []);
  for (const pool of new Set(selection.queries.map((query) => query.pool))) {
    const passages = indicesWhere(selection.passages, (passage) => passage.pool === pool);
    const queries = indicesWhere(selection.queries, (query) => query.pool === pool);
    const keyIndex = new Map(passages.map((p) => [selection.passages[p]!.key, p]));
    const index = new Bm25Index(DEFAULT_BM25);
    for (const p of passages) index.append(forRetrieval(selection.passages[p]!, String(p)));
    const nearest = await nearestPassages(
      rowsOf(embeddings.queries, queries),
      rowsOf(embeddings.passages, passages),
      counts.encoder,
    );
    const started = performance.now();
    queries.forEach((q, row) => {
      const query = selection.queries[q]!;
      const found = index.search(query.text, counts.deepFrom).hits.map((hit) => Number(hit.id));
      const near = Array.from(
        nearest.subarray(row * counts.encoder, (row + 1) * counts.encoder),
        (i) => passages[i]!,
      );
      result[q] =
        query.part === 'distill'
          ? found
              .slice(0, counts.distill)
              .map((passage, i) => ({ passage, cosine: 0, grade: 0, rank: i + 1 }))
          : chooseCandidates(query, found, near, passages, keyIndex).map((passage) => ({
              passage,
              cosine: cosine(embeddings.queries, q, embeddings.passages, passage),
              grade: query.judged.get(selection.passages[passage]!.key) ?? 0,
              rank: found.indexOf(passage) + 1,
            }));
    });
    const ms = (performance.now() - started) / queries.length;
    log(
      `candidates: ${pool}, ${queries.length} queries, ${passages.length} passages, ${ms.toFixed(1)} ms a query`,
    );
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
  // Draws are a function of the query's name: the same on every run.
  const deep = found.slice(counts.bm25);
  for (let i = 0; i < counts.deep && deep.length > 0; i++) {
    chosen.add(deep[hash32(`${query.key} deep ${i}`) % deep.length]!);
  }
  for (let i = 0; i < counts.random; i++) chosen.add(pool[hash32(`${query.key} random ${i}`) % pool.length]!);
  return [...chosen];
}

/** BM25 reads title and text, as in the product, whether or not the prompt shows the title. */
function forRetrieval(passage: SelectedPassage, id: string) {
  return passage.text.startsWith(`${passage.title}. `)
    ? { id, text: passage.text }
    : { id, title: passage.title, text: passage.text };
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
