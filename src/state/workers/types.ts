/**
 * What the stores need of the two kinds of workers. The real clients (connection.ts and its
 * neighbours) have this shape; tests inject fakes.
 */
import type {
  Bm25Params,
  CachedAnswer,
  LoadProgress,
  LoadRequest,
  RankJob,
  ScorerReady,
  SearchHit,
} from '../../../workers/protocol.ts';
import type { RankingEvent } from '../../ranking/types.ts';
import type { Passage } from '../../types.ts';

export type ScorerSlot = 'teacher' | 'student';

export interface ScorerWorker {
  load(request: LoadRequest, onProgress: (progress: LoadProgress) => void): Promise<ScorerReady>;
  rank(
    job: RankJob,
    onEvents: (events: readonly RankingEvent[], fresh: readonly CachedAnswer[]) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  cancel(): void;
  /** Ends the worker at once; whatever is pending rejects with code 'worker'. Frees its memory. */
  terminate(): void;
  readonly alive: boolean;
  /** Token counts with the loaded tokenizer; for estimates before the first run. */
  countTokens?(texts: readonly string[]): Promise<readonly number[]>;
}

/** A line or row of the corpus that could not be read. */
export interface CorpusProblem {
  /** Line of the source, from 1. */
  readonly line?: number;
  readonly message: string;
}

export interface CorpusSummary {
  readonly passages: number;
  readonly bytes: number;
  /** Name of the recognised format, for people and for the format choice. */
  readonly format: string;
  /** Lines that were skipped (skipBadLines) or stand in the way. A long list is cut. */
  readonly problems: readonly CorpusProblem[];
  readonly problemCount: number;
  readonly indexMs: number;
}

export interface IndexProgress {
  readonly phase: 'reading' | 'indexing';
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
}

export interface CorpusLoad {
  readonly source: string | Blob;
  readonly format?: string;
  readonly skipBadLines?: boolean;
  readonly params: Bm25Params;
}

export interface RetrievalWorker {
  load(request: CorpusLoad, onProgress: (progress: IndexProgress) => void): Promise<CorpusSummary>;
  /** Best first; fewer than k when fewer passages match. */
  search(query: string, k: number): Promise<readonly SearchHit[]>;
  passages(ids: readonly string[]): Promise<readonly Passage[]>;
  reindex(params: Bm25Params): Promise<unknown>;
  cancel(): void;
  terminate(): void;
  readonly alive: boolean;
}
