/** The calls between the page and the collection worker: test collections that are evaluated on. */
import type { PoolOptions } from '../evaluation/baselines/popular-pool.ts';
import type { CollectionKind } from '../formats/collection/recognise.ts';
import type { Bm25Params } from '../retrieval/types.ts';
import type { BlobFile } from '../sources/blob-folder.ts';
import type { Candidate, Passage, Query } from '../types.ts';

export interface SampleQuery extends Query {
  readonly grades: Readonly<Record<string, number>>;
}

export type CollectionSource =
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly BlobFile[] }
  | { readonly kind: 'zip'; readonly name: string; readonly blob: Blob }
  | {
      readonly kind: 'sample';
      readonly name: string;
      readonly passages: readonly Passage[];
      readonly queries: readonly SampleQuery[];
    };

export interface CollectionRequest {
  readonly source: CollectionSource;
  /** Name of the judgments to take; absent: `test`, else the first. */
  readonly split?: string;
  readonly bm25: Bm25Params;
}

export interface RecognisedFile {
  readonly path: string;
  /** Absent: nothing that is needed. */
  readonly kind?: CollectionKind;
  /** `5,183 passages`; absent for what was not read. */
  readonly content?: string;
}

/** A run that was opened: for judged queries alone, best first. */
export interface OpenedRun {
  readonly name: string;
  readonly entries: readonly (readonly [query: string, ids: readonly string[], scores: readonly number[]])[];
}

export interface CollectionSummary {
  readonly name: string;
  readonly kind: 'collection' | 'hits' | 'runs';
  /** Names all texts of passages and queries: what was ranked of a collection holds for it alone. */
  readonly fingerprint: string;
  readonly files: readonly RecognisedFile[];
  readonly splits: readonly string[];
  /** '' where there are no judgments. */
  readonly split: string;
  /** In the corpus; of hits, in all lists. */
  readonly passages: number;
  /** Those that are judged, in the file's order; of hits without judgments, all. Of runs the text is ''. */
  readonly queries: readonly Query[];
  /** Grades of those queries. */
  readonly qrels: readonly (readonly [
    query: string,
    grades: readonly (readonly [passage: string, grade: number])[],
  ])[];
  readonly runs: readonly OpenedRun[];
  /** How often passages are mentioned, where a file says so: for the order by popularity. */
  readonly popularity?: readonly (readonly [passage: string, count: number])[];
  /** Most candidates that a query has, where they do not come from a search. */
  readonly mostCandidates: number | null;
  /** Things to know about data that was read all the same. */
  readonly notices: readonly string[];
}

export interface CollectionProgress {
  readonly phase: 'reading' | 'indexing';
  /** File that is read. */
  readonly file?: string;
  readonly done: number;
  readonly total: number;
}

export interface FoundCandidates {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** Of the search alone; null where candidates came from a file. */
  readonly ms: number | null;
}

export interface CollectionWorkerApi {
  /**
   * Reads everything and indexes the corpus. What was opened before stays until then, and where this fails.
   * @throws RankscopeError 'bad-input' with file, line and reason (details {incomplete} where files are missing), 'cancelled'
   */
  open(
    request: CollectionRequest,
    onProgress: (progress: CollectionProgress) => void,
  ): Promise<CollectionSummary>;
  /**
   * The first `depth` candidates of a query: of hits as listed, else by `run` where one is named, else by BM25.
   * `pool` says what is added to what a search or a run gives, and which queries get no candidates at all.
   * As BEIR does it, a passage with the query's own id that is not judged relevant is left out.
   */
  candidates(query: string, depth: number, run?: string, pool?: PoolOptions): FoundCandidates;
  /** Ends a running `open` with 'cancelled'. */
  cancel(): void;
}
