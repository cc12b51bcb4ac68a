/** BM25 over the training pools: the best passages of every query, kept on disk. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bm25Index } from '../../../src/retrieval/bm25-index.ts';
import { type Stemming, UNSTEMMED_BM25 } from '../../../src/retrieval/types.ts';
import { writeAtomically } from './embed.ts';
import { type SelectedPassage, type Selection, select } from './selection.ts';
import { workFolder } from './work-folder.ts';

/** Hits kept per query. */
export const firstStageDepth = 100;

/**
 * Passage indices of each query's best hits in its pool, best first, −1 where there are fewer:
 * [queries × 100]. Read from disk when the same selection was searched before.
 */
export function searchPools(
  selection: Selection,
  log: (line: string) => void,
  stemming: Stemming = 'none',
): Int32Array {
  const keys = [selection.passages.map((one) => one.key), selection.queries.map((one) => one.key)];
  const digest = createHash('sha256').update(JSON.stringify(keys)).digest('hex').slice(0, 12);
  const path = join(
    workFolder,
    `bm25-${firstStageDepth}-${digest}${stemming === 'none' ? '' : `-${stemming}`}.i32`,
  );
  if (existsSync(path)) return new Int32Array(new Uint8Array(readFileSync(path)).buffer);

  const hits = new Int32Array(selection.queries.length * firstStageDepth).fill(-1);
  for (const pool of new Set(selection.queries.map((query) => query.pool))) {
    const index = new Bm25Index({ ...UNSTEMMED_BM25, stemming });
    selection.passages.forEach((passage, p) => {
      if (passage.pool === pool) index.append(forRetrieval(passage, String(p)));
    });
    const started = performance.now();
    let searched = 0;
    selection.queries.forEach((query, q) => {
      if (query.pool !== pool) return;
      const found = index.search(query.text, firstStageDepth).hits.map((hit) => Number(hit.id));
      hits.set(found, q * firstStageDepth);
      searched++;
    });
    const ms = (performance.now() - started) / searched;
    log(`BM25: ${pool}, ${searched} queries, ${index.size} passages, ${ms.toFixed(1)} ms per query`);
  }
  writeAtomically(path, hits);
  return hits;
}

/** BM25 reads title and text, as in the product, whether or not the prompt shows the title. */
function forRetrieval(passage: SelectedPassage, id: string) {
  return passage.text.startsWith(`${passage.title}. `)
    ? { id, text: passage.text }
    : { id, title: passage.title, text: passage.text };
}

if (process.argv[1] === import.meta.filename) {
  searchPools(select(), (line) => console.log(`${new Date().toISOString()} ${line}`));
}
