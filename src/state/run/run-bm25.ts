/** The first column: waits for the index, searches, and gives the models their candidates. */

import { takenChoices, takes } from '../../ranking/methods/registry.ts';
import { randomName } from '../../storage/random-name.ts';
import type { Candidate } from '../../types.ts';
import { abortable, settledWithin } from '../../workers/promises.ts';
import type { RetrievalWorker, SearchAnswer } from '../../workers/types.ts';
import type { Indexer } from '../corpus/indexer.ts';
import { fusionOf, methodOf } from '../models/templates.ts';
import { type Inputs, inputKey } from './inputs.ts';
import { beginRun, type CandidateSet, type FirstStageRun, useRun } from './run.ts';
import type { RunHandle } from './run-handle.ts';
import { RunLog } from './run-log.ts';

/** The candidates, or undefined when the column settled without (cancelled, error). */
export async function runBm25(
  run: RunHandle,
  indexer: Indexer,
  now: () => number,
  cancelMs: number,
): Promise<CandidateSet | undefined> {
  run.update('bm25', () => ({ phase: 'loading' }));
  try {
    const worker = await abortable(indexer.index(), run.signal);
    const startedAt = now();
    run.update('bm25', () => ({ phase: 'scoring', startedAt }));
    const search = findCandidates(worker, run.inputs);
    void endIfHung(search, run.signal, indexer, cancelMs);
    const { answer, candidates } = await abortable(search, run.signal);
    const set = run.candidateSet(candidates);
    run.show('bm25', firstStageRun(set, inputKey('bm25', run.inputs), answer));
    run.settle('bm25', { explanation: nothingToRank(answer) ?? onlyFilled(answer), state: 'done' });
    return set;
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
  const answer = await worker.find(query.text, settings.k, settings.fill);
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

/** Candidates in BM25 order, those that fill the list up behind those that were retrieved. */
export function candidatesOf({ hits, passages, filled }: SearchAnswer): Candidate[] {
  const retrieved = hits.flatMap(({ score }, i): Candidate[] => {
    const passage = passages[i];
    return passage ? [{ passage, rank: i + 1, score }] : [];
  });
  const rest = filled.map(
    (passage, i): Candidate => ({ passage, rank: retrieved.length + i + 1, score: 0, filled: true }),
  );
  return [...retrieved, ...rest];
}

function firstStageRun(set: CandidateSet, key: string, { hits, ms }: SearchAnswer): FirstStageRun {
  return {
    kind: 'first-stage',
    id: randomName(),
    set,
    inputKey: key,
    method: 'bm25',
    order: set.candidates.map((_, i) => i),
    scores: set.candidates.map(({ score }) => score),
    hits,
    ms,
  };
}

/** In words, why there is nothing to rank; null when there are two passages or more. */
export function nothingToRank({
  hits,
  filled,
  words,
}: Pick<SearchAnswer, 'hits' | 'filled' | 'words'>): string | null {
  const candidates = hits.length + filled.length;
  if (candidates > 1) return null;
  if (hits.length === 1)
    return 'Only one passage has a word of the query in it: there is nothing to compare it with.';
  if (candidates === 1)
    return 'There is only one passage, and no word of the query is in it: there is nothing to compare it with.';
  if (words === 'none') return 'The query has no word that BM25 could search for. Type one.';
  const fill = 'have the list filled up (BM25 parameters)';
  if (words === 'stop-words') {
    return `Every word of the query is a stop-word, and BM25 leaves those out. Try other words, keep stop-words, or ${fill}.`;
  }
  return `No passage has a word of the query in it, so there is nothing to rank. Try other words, or ${fill}.`;
}

/** In words, why all candidates are there only to fill the list; null where BM25 retrieved any. */
export function onlyFilled({
  hits,
  filled,
  words,
}: Pick<SearchAnswer, 'hits' | 'filled' | 'words'>): string | null {
  if (hits.length > 0 || filled.length === 0) return null;
  const why =
    words === 'stop-words'
      ? 'Every word of the query is a stop-word, and BM25 leaves those out. To search for them, switch off “Leave out English stop-words” (BM25 parameters).'
      : 'No passage has a word of the query in it.';
  return `${why} These are the first ${filled.length} passages of the corpus, in its order.`;
}

/** Gives the models' columns runs of their own, which show BM25's order to start from. */
export function seedColumns(
  run: RunHandle,
  set: CandidateSet,
  columns: readonly ('student' | 'teacher')[],
  raced: boolean,
): void {
  // Of two or more candidates BM25 may have its own thing to say; fewer are nothing to rank for anybody.
  const explanation = set.candidates.length > 1 ? null : useRun.getState().columns.bm25.explanation;
  const { settings } = run.inputs;
  for (const column of columns) {
    const method = methodOf(column, settings);
    run.show(
      column,
      beginRun({
        id: randomName(),
        set,
        method,
        raced,
        inputKey: inputKey(column, run.inputs),
        ...takenChoices(method, settings),
        fusion: fusionOf(column, settings),
        trueProbabilities: takes(method, 'trueProbabilities') && settings.trueProbabilities,
        log: new RunLog(),
      }),
    );
    run.update(column, () => ({ explanation }));
  }
}
