/** An opened test collection, as the worker keeps it and as it tells the page of it. */
import { throwIfCancelled } from '../src/errors.ts';
import type { Bm25Index } from '../src/retrieval/bm25-index.ts';
import { buildIndex } from '../src/retrieval/build.ts';
import { Slices } from '../src/retrieval/slices.ts';
import type { Bm25Params } from '../src/retrieval/types.ts';
import { textHash } from '../src/text-hash.ts';
import type { Candidate, Passage, Qrels, Query, Run } from '../src/types.ts';
import type { CollectionProgress, CollectionSummary } from '../src/workers/collection-protocol.ts';

export type OnProgress = (progress: CollectionProgress) => void;

/** What is open. */
export interface Opened {
  readonly summary: CollectionSummary;
  readonly qrels: Qrels;
  readonly queries: ReadonlyMap<string, string>;
  readonly index?: Bm25Index;
  readonly byId?: ReadonlyMap<string, Passage>;
  readonly runs: ReadonlyMap<string, Run>;
  readonly lists?: ReadonlyMap<string, readonly Candidate[]>;
  readonly counts?: ReadonlyMap<string, number>;
}

export type About = Pick<
  CollectionSummary,
  'kind' | 'name' | 'files' | 'splits' | 'split' | 'runs' | 'popularity' | 'notices'
>;

export function collectionOf(
  about: About,
  queries: readonly Query[],
  qrels: Qrels,
  {
    passages,
    index,
    runs,
    fingerprint,
  }: {
    readonly passages: readonly Passage[];
    readonly index?: Bm25Index;
    readonly runs: ReadonlyMap<string, Run>;
    readonly fingerprint: string;
  },
): Opened {
  return {
    summary: {
      ...about,
      fingerprint,
      passages: passages.length,
      queries,
      qrels: [...qrels].map(([query, grades]) => [query, [...grades]]),
      mostCandidates: null,
    },
    qrels,
    queries: new Map(queries.map(({ id, text }) => [id, text])),
    index,
    byId:
      runs.size > 0 || about.popularity
        ? new Map(passages.map((passage) => [passage.id, passage]))
        : undefined,
    runs,
    counts: about.popularity && new Map(about.popularity),
  };
}

export function indexed(
  passages: readonly Passage[],
  params: Bm25Params,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Bm25Index> {
  const total = passages.length;
  return buildIndex(passages, params, {
    signal,
    onProgress: (done) => onProgress({ phase: 'indexing', done, total }),
  });
}

/** A name for all ids and texts, in their order. */
export async function fingerprintOf(passages: readonly Passage[], signal: AbortSignal): Promise<string> {
  const slices = new Slices();
  let hash = '';
  for (const { id, title = '', text } of passages) {
    hash = textHash(`${hash}\n${id}\n${title}\n${text}`);
    if (slices.over()) await slices.pause();
    throwIfCancelled(signal);
  }
  return hash;
}
