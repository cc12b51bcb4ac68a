/** What the collection worker does; apart from the worker itself, so that it runs in tests too. */
import { RankscopeError, throwIfCancelled } from '../src/errors.ts';
import { type PoolOptions, withPopular } from '../src/evaluation/baselines/popular-pool.ts';
import { isIdentical } from '../src/evaluation/identical-ids.ts';
import type { Candidate } from '../src/types.ts';
import type {
  CollectionRequest,
  CollectionSummary,
  FoundCandidates,
} from '../src/workers/collection-protocol.ts';
import type { OnProgress, Opened } from './collection-opened.ts';
import { openFiles, openSample } from './collection-reader.ts';

export class CollectionService {
  #opened: Opened | undefined;
  #job: AbortController | undefined;

  async open({ source, split, bm25 }: CollectionRequest, onProgress: OnProgress): Promise<CollectionSummary> {
    this.cancel();
    const job = new AbortController();
    this.#job = job;
    try {
      const opened =
        source.kind === 'sample'
          ? await openSample(source, bm25, job.signal, onProgress)
          : await openFiles(source, split, bm25, job.signal, onProgress);
      throwIfCancelled(job.signal);
      this.#opened = opened;
      return opened.summary;
    } finally {
      if (this.#job === job) this.#job = undefined;
    }
  }

  candidates(query: string, depth: number, run?: string, pool?: PoolOptions): FoundCandidates {
    const opened = this.#opened;
    if (!opened) throw new RankscopeError('worker', 'The data is no longer open. Open it again.');
    const found = this.#found(opened, query, depth, run);
    if (!pool) return found;
    const { counts, byId, qrels } = opened;
    const facts = { counts, passage: (id: string) => byId?.get(id), grades: qrels.get(query) };
    return { ...found, candidates: withPopular(query, found.candidates, pool, facts) };
  }

  #found(opened: Opened, query: string, depth: number, run: string | undefined): FoundCandidates {
    if (opened.lists) return { candidates: (opened.lists.get(query) ?? []).slice(0, depth), ms: null };
    const isOut = ({ id }: { readonly id: string }) => isIdentical(query, id, opened.qrels);
    if (run !== undefined) {
      const found = (opened.runs.get(run)?.get(query) ?? []).filter((entry) => !isOut(entry)).slice(0, depth);
      const known = found.flatMap(({ id, score }) => {
        const passage = opened.byId?.get(id);
        return passage ? [{ passage, score }] : [];
      });
      return { candidates: ranked(known), ms: null };
    }
    const text = opened.queries.get(query) ?? '';
    const began = performance.now();
    // One more, for the one that may be left out.
    const { hits = [], passages = [] } = opened.index?.search(text, depth + 1) ?? {};
    const ms = performance.now() - began;
    const all = passages.map((passage, i) => ({ passage, score: hits[i]!.score }));
    return { candidates: ranked(all.filter(({ passage }) => !isOut(passage)).slice(0, depth)), ms };
  }

  cancel(): void {
    this.#job?.abort();
    this.#job = undefined;
  }
}

const ranked = (list: readonly Pick<Candidate, 'passage' | 'score'>[]): Candidate[] =>
  list.map(({ passage, score }, i) => ({ passage, score, rank: i + 1 }));
