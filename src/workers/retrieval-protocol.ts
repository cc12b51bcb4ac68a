/** The calls between the page and the retrieval worker. */
import type { CorpusFields, CorpusFormat, Notice } from '../formats/corpus.ts';
import type { Opened } from '../formats/opening.ts';
import type { QueryWords } from '../retrieval/query.ts';
import type { Bm25Params, SearchHit } from '../retrieval/types.ts';
import type { Passage } from '../types.ts';

export interface CorpusLoadRequest {
  /** A file or large paste (Blob), a small text, or passages that are already parsed (a sample). */
  readonly source: Blob | string | readonly Passage[];
  /** Format of a text: a CorpusFormat; absent or 'auto': by content and file name. */
  readonly format?: string;
  /** Of a Blob that is not a File: helps to tell the format by its extension, and names the source in errors. */
  readonly fileName?: string | undefined;
  /** Encoding of a Blob (an Encoding); absent: by its bytes. A byte order mark always counts. */
  readonly encoding?: string | undefined;
  /** Leave out lines that cannot be read instead of refusing the corpus. */
  readonly skipBadLines?: boolean;
  readonly params: Bm25Params;
}

/** What is wrong with a line of the corpus, and what to do. */
export interface CorpusProblem {
  /** Line of the source, from 1; for parsed passages their place in the list. */
  readonly line: number;
  readonly message: string;
}

/** A corpus as it was read and indexed. */
export interface CorpusSummary {
  /** Number of passages in the index. */
  readonly passages: number;
  readonly bytes: number;
  readonly format: CorpusFormat | 'passages';
  /** How a Blob was opened. */
  readonly opened?: Opened;
  /** Which columns or keys were read; absent for plain text. */
  readonly fields?: CorpusFields | undefined;
  /** The first 2,000 or so UTF-16 units of the source; '' for parsed passages. */
  readonly excerpt: string;
  readonly firstPassages: readonly Passage[];
  /** Names of the passages' texts (src/text-hash.ts), each once; null for more than MOST_HASHES passages. */
  readonly textHashes: readonly string[] | null;
  /** Passages that came without an id. */
  readonly generatedIds: number;
  /** Lines left out (skipBadLines), at most MAX_LISTED of them. */
  readonly problems: readonly CorpusProblem[];
  /** Lines left out, listed or not. */
  readonly problemCount: number;
  /** Things worth knowing about a corpus that was read all the same, for people. */
  readonly notices: readonly Notice[];
  /** Milliseconds of reading and of indexing. */
  readonly readMs: number;
  readonly indexMs: number;
}

/** More passages than this are not named to the page one by one. */
export const MOST_HASHES = 100_000;

/** Problems listed in a summary or in an error's details. */
export const MAX_LISTED = 50;

/** About ten of these a second. */
export interface IndexProgress {
  readonly phase: 'reading' | 'indexing';
  /** Reading: bytes (UTF-16 units of a string). Indexing: passages. */
  readonly done: number;
  readonly total: number;
  /** Of `done`, on average over the phase; 0 before anything is done. */
  readonly perSecond: number;
  /** Of this phase; undefined while it cannot be known. */
  readonly secondsLeft?: number;
}

export interface SearchAnswer {
  /** Best first; equal scores in corpus order. */
  readonly hits: readonly SearchHit[];
  /** The hits' passages, in their order. */
  readonly passages: readonly Passage[];
  /** Passages with at least one term of the query. */
  readonly matched: number;
  /** With `fill`: passages without one, in corpus order, up to k together with the hits. */
  readonly filled: readonly Passage[];
  /** What there was to search for. */
  readonly words: QueryWords;
  /** The search alone, without the way to the page and back. */
  readonly ms: number;
}

export interface RetrievalWorkerApi {
  /**
   * Reads and indexes a corpus. The previous one answers searches until the new one is ready, and
   * stays if this fails. A second `load` or `reindex` cancels the first.
   *
   * @throws RankscopeError 'bad-input' with details {problems, problemCount, format} when lines
   *   cannot be read and skipBadLines is not set; 'cancelled'
   */
  load(request: CorpusLoadRequest, onProgress: (progress: IndexProgress) => void): Promise<CorpusSummary>;
  /** The k best passages, filled up where that is wanted; none when no corpus is loaded. */
  search(query: string, k: number, fill?: boolean): SearchAnswer;
  /** Other parameters: k1, b and delta take effect at once, the others index anew. Returns milliseconds. */
  reindex(params: Bm25Params, onProgress?: (progress: IndexProgress) => void): Promise<number>;
  /** Ends a running `load` or `reindex` with 'cancelled'. */
  cancel(): void;
}
