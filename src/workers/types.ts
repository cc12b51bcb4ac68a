/**
 * What the stores need of the two kinds of workers. The real clients (connection.ts and its
 * neighbours) have this shape; tests inject fakes.
 */
import type { SeenPrompt } from '../inference/seen-prompt.ts';
import type { CachedAnswer } from '../ranking/answer.ts';
import type { QuestionsJob, SingleAnswer } from '../ranking/questions.ts';
import type { TimedEvent } from '../ranking/types.ts';
import type { RemoteNow } from '../remote/cost.ts';
import type { Bm25Params } from '../retrieval/types.ts';
import type { CorpusLoadRequest, CorpusSummary, IndexProgress, SearchAnswer } from './retrieval-protocol.ts';
import type { LoadProgress, LoadRequest, RankJob, ScorerReady } from './scorer-protocol.ts';

export type {
  CorpusLoadRequest,
  CorpusProblem,
  CorpusSummary,
  IndexProgress,
  SearchAnswer,
} from './retrieval-protocol.ts';

export type ScorerSlot = 'teacher' | 'student';

export interface ScorerWorker {
  load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    onSlowTexts?: (notice: string) => void,
  ): Promise<ScorerReady>;
  rank(
    job: RankJob,
    onEvents: (events: readonly TimedEvent[], fresh: readonly CachedAnswer[]) => void,
  ): Promise<void>;
  /** Single questions, answered anew: no cache (src/ranking/questions.ts). */
  ask(
    job: QuestionsJob,
    onAnswers: (answers: readonly SingleAnswer[]) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /** The questions' prompts exactly as the loaded model reads them. */
  see(job: QuestionsJob): Promise<readonly SeenPrompt[]>;
  cancel(): void;
  /** Ends the worker at once; whatever is pending rejects with code 'worker'. Frees its memory. */
  terminate(): void;
  /** True while a worker runs that holds the loaded model. Otherwise every call but `load` rejects with 'worker'. */
  readonly alive: boolean;
  /** Token counts with the loaded tokenizer; for estimates before the first run. */
  /** What has been asked of a service since it was loaded; null for a model of this machine. */
  counts?(): Promise<RemoteNow | null>;
  countTokens?(texts: readonly string[]): Promise<readonly number[]>;
}

export interface RetrievalWorker {
  load(request: CorpusLoadRequest, onProgress: (progress: IndexProgress) => void): Promise<CorpusSummary>;
  /** Best first, with their passages; fewer than k when fewer passages match and the list is not filled up. */
  find(query: string, k: number, fill?: boolean): Promise<SearchAnswer>;
  reindex(params: Bm25Params, onProgress?: (progress: IndexProgress) => void): Promise<unknown>;
  /** Ends a running load or reindex, which rejects with 'cancelled'. */
  cancel(): void;
  terminate(): void;
  /** True while a worker runs that holds the loaded corpus. Otherwise every call but `load` rejects with 'worker'. */
  readonly alive: boolean;
}
