/** The first column: waits for the index, searches, and gives the models their candidates. */
import type { Candidate } from '../types.ts';
import { abortable } from './abortable.ts';
import type { Indexer } from './indexer.ts';
import type { Inputs } from './inputs.ts';
import { type ColumnRun, useRun } from './run.ts';
import type { RunHandle } from './run-handle.ts';
import { settledWithin } from './settled.ts';
import { methodOf, passesOf } from './templates.ts';
import type { RetrievalWorker, SearchAnswer } from './workers/types.ts';

/** Candidates in BM25 order, or undefined when the column settled without (cancelled, error). */
export async function runBm25(
  run: RunHandle,
  indexer: Indexer,
  now: () => number,
  cancelMs: number,
): Promise<readonly Candidate[] | undefined> {
  run.update('bm25', () => ({ phase: 'loading' }));
  try {
    const worker = await abortable(indexer.index(), run.signal);
    const startedAt = now();
    run.update('bm25', () => ({ phase: 'scoring', startedAt }));
    const search = findCandidates(worker, run.inputs);
    void endIfHung(search, run.signal, indexer, cancelMs);
    const { answer, candidates } = await abortable(search, run.signal);
    run.settle('bm25', {
      ...run.identity('bm25'),
      ...bm25Result(candidates),
      hits: answer.hits,
      ms: answer.ms,
      state: 'done',
    });
    return candidates;
  } catch (error) {
    run.fail('bm25', error, ({ code }) => (code === 'worker' ? 'Retry reads the corpus again.' : ''));
    return undefined;
  }
}

/** Asks BM25 for the candidates of these inputs. */
export async function findCandidates(
  worker: RetrievalWorker,
  { query, settings }: Pick<Inputs, 'query' | 'settings'>,
): Promise<{ readonly answer: SearchAnswer; readonly candidates: readonly Candidate[] }> {
  const answer = await worker.find(query.text, settings.k);
  return { answer, candidates: candidatesOf(answer) };
}

/** A search that does not answer after a cancel is ended with its worker; the corpus is then read anew. */
async function endIfHung(
  search: Promise<unknown>,
  signal: AbortSignal,
  indexer: Indexer,
  cancelMs: number,
): Promise<void> {
  const end = async (): Promise<void> => {
    if (await settledWithin(search, cancelMs)) return;
    indexer.stop();
    void indexer.index().catch(() => {});
  };
  if (signal.aborted) return end();
  signal.addEventListener('abort', () => void end(), { once: true });
}

/** Candidates in BM25 order. */
export function candidatesOf({ hits, passages }: SearchAnswer): Candidate[] {
  return hits.flatMap(({ score }, i) => {
    const passage = passages[i];
    return passage ? [{ passage, rank: i + 1, score }] : [];
  });
}

function bm25Result(candidates: readonly Candidate[]): Partial<ColumnRun> {
  return {
    candidates,
    order: candidates.map((_, i) => i),
    scores: candidates.map(({ score }) => score),
    explanation: explain(candidates.length),
  };
}

/** In words, why there is little or nothing to rank; null when there is enough. */
export function explain(candidates: number): string | null {
  if (candidates === 0) {
    return 'No passage has a word of the query in it, so there is nothing to rank. Try other words, or switch off stop-words.';
  }
  if (candidates === 1)
    return 'Only one passage has a word of the query in it: there is nothing to compare it with.';
  return null;
}

/** Gives the models' columns BM25's order to start from. */
export function seedColumns(
  run: RunHandle,
  candidates: readonly Candidate[],
  columns: readonly ('student' | 'teacher')[],
): void {
  for (const column of columns) {
    run.update(column, () => ({
      ...run.identity(column),
      candidates,
      order: candidates.map((_, i) => i),
      scores: candidates.map(() => Number.NaN),
      scored: candidates.map(() => undefined),
      matrix: null,
      version: useRun.getState().columns[column].version + 1,
      truncations: new Map(),
      template: null,
      method: methodOf(column, run.inputs.settings),
      passes: passesOf(column, run.inputs.settings),
      explanation: explain(candidates.length),
    }));
  }
}
