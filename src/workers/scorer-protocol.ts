/**
 * The calls between the page and a scorer worker. They go through comlink; event callbacks are comlink
 * proxies and carry one message a batch. Errors cross as `{code, message, details}` (src/errors.ts) and
 * are rebuilt on the other side (comlink-errors.ts).
 */
import type { CheckpointKindId } from '../checkpoint/kind-gives.ts';
import type { RankerCard } from '../checkpoint/ranker-card.ts';
import type { DtypeWishes, Machine, Offer } from '../inference/device-policy.ts';
import type { Device, Dtype, ScorerInfo } from '../inference/scorer.ts';
import type { SeenPrompt } from '../inference/seen-prompt.ts';
import type { CachedAnswer } from '../ranking/answer.ts';
import type { QuestionsJob, SingleAnswer } from '../ranking/questions.ts';
import type { RankingJob } from '../ranking/ranking-job.ts';
import type { TimedEvent } from '../ranking/types.ts';
import type { RemoteNow } from '../remote/cost.ts';
import type { BlobFile } from '../sources/blob-folder.ts';

export interface LoadRequest {
  /** URL of the checkpoint folder, ending in `/`. */
  readonly url: string;
  /** Files at hand (stored, dropped), which are read instead; `url` then only names them. */
  readonly files?: readonly BlobFile[];
  /** What the folder is; absent: a checkpoint with ranker.json. */
  readonly kind?: CheckpointKindId;
  /** 'auto': what the table of src/inference/device-policy.ts takes by itself. A device by name may be a risk. */
  readonly device: Device | 'auto';
  /** The only one that will do. Absent: as wished for, else the best that the folder has for the device. */
  readonly dtype?: Dtype;
  /** What people wish for on each device. */
  readonly dtypes?: DtypeWishes;
  /** `ScorerReady.agreed` of before: what has agreed with the CPU once is not compared again. */
  readonly agreed?: readonly string[];
  /** WASM threads; absent: 1 where the page is not cross-origin isolated, else up to 4 cores. */
  readonly threads?: number;
  /** A service that is asked instead of a folder; `url` says nothing then. */
  readonly remote?: { readonly endpoint: string; readonly model: string; readonly key: string };
}

export type LoadProgress =
  | { readonly phase: 'download'; readonly file: string; readonly loaded: number; readonly total: number }
  | { readonly phase: 'compile' }
  | { readonly phase: 'warm' };

/** A loaded, warm model, with what was measured on the way. */
export interface ScorerReady {
  readonly info: ScorerInfo;
  readonly card: RankerCard;
  readonly bytes: number;
  readonly loadMs: number;
  readonly compileMs: number;
  /** First run on a short and a long prompt. */
  readonly warmMs: number;
  /** Measured on warm prompts at load: input tokens per second. */
  readonly tokensPerSecond: number;
  /** On WebGPU, once its logits have been compared with the CPU's: names the checkpoint, the runtime and the adapter. */
  readonly agreed?: string;
  /** What the checkpoint could run on here, the best first, with reasons. */
  readonly offers: readonly Offer[];
  /** What answers WebGPU here, whether or not this checkpoint uses it. */
  readonly gpu: Machine['gpu'];
  /** Something people should know: a risk that they chose, that WebGPU disagreed with WASM and was not used. */
  readonly notice?: string;
}

export interface RankJob extends RankingJob {
  /** Answers already known (src/ranking's comparison cache, exported): they are not asked again. */
  readonly known?: readonly CachedAnswer[];
  /** Nothing is asked beside them: where one is missing the ranking rejects with 'missing'. */
  readonly keptOnly?: boolean;
}

export interface ScorerWorkerApi {
  /** @param onSlowTexts as OpenOptions says: long after the load, and at most once */
  load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    onSlowTexts?: (notice: string) => void,
  ): Promise<ScorerReady>;
  /**
   * Runs one ranking; events arrive in order, one call of `onEvents` a batch, with the answers that
   * are new (for the page's cache). Resolves after `done`; rejects with 'cancelled' after `cancel()`.
   */
  rank(
    job: RankJob,
    onEvents: (events: readonly TimedEvent[], fresh: readonly CachedAnswer[]) => void,
  ): Promise<void>;
  /** Single questions, answered anew (no cache): ends a running job, as a ranking does; rejects with 'cancelled' after `cancel()`. */
  ask(job: QuestionsJob, onAnswers: (answers: readonly SingleAnswer[]) => void): Promise<void>;
  /** The questions' prompts exactly as the loaded model reads them. */
  see(job: QuestionsJob): Promise<readonly SeenPrompt[]>;
  /** Ends the running job between two batches. */
  cancel(): void;
  /** Token count of a text with the loaded tokenizer, for estimates. */
  countTokens(texts: readonly string[]): Promise<number[]>;
  /** What has been asked of a service since it was loaded; null for a model of this machine. */
  counts(): Promise<RemoteNow | null>;
  dispose(): Promise<void>;
}
