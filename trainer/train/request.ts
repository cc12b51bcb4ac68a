/** What `train` is asked to do, what it says on the way and what it answers: `distill` uses the same. */

export const LOSSES = ['ranknet', 'listnet', 'margin'] as const;
/** See list-loss.ts for formulas and sources. */
export type LossName = (typeof LOSSES)[number];

export const RATE_SCHEDULES = ['constant', 'linear'] as const;
/** Constant after the warm-up (the paper), or falling linearly to 0 at the last step. */
export type RateSchedule = (typeof RATE_SCHEDULES)[number];

/** Settings of the gradient steps. Every one has a default: see `trainDefaults` in settings.ts. */
export interface TrainSettings {
  readonly loss: LossName;
  /** Passes over the lists; `steps` given as well is a limit. */
  readonly epochs: number;
  readonly steps?: number;
  /** Lists (queries) of a gradient: of one optimiser step it is `batch × accumulate`. */
  readonly batch: number;
  readonly accumulate: number;
  readonly learningRate: number;
  readonly schedule: RateSchedule;
  /** Optimiser steps of linear warm-up. */
  readonly warmup: number;
  readonly weightDecay: number;
  /** Largest global gradient norm. */
  readonly clipNorm: number;
  readonly seed: number;
  readonly threads: number;
  /** Best-ranked passages of each list that are used (all when left out). */
  readonly k?: number;
  /** Token limit of a passage; default: the start checkpoint's. */
  readonly passageTokens?: number;
  /** Tokens of one run of the model: bounds memory, whatever the lists' length. */
  readonly chunkTokens: number;
  /** Optimiser steps between validations, and seconds between saves of the state. */
  readonly validateEvery: number;
  readonly saveSeconds: number;
}

export interface TrainRequest {
  /** Checkpoint folder to start from (ours, or Hugging Face's with tokenizer.json). */
  readonly checkpoint: string;
  /** Labels, as `label` writes them (one file, or several shards). */
  readonly input: readonly string[];
  /** Folder of the result; left out for a dry run. */
  readonly output?: string;
  /** Id of the student's prompt; default: the paper's. */
  readonly template?: string;
  /** Held-out labels for agreement with the teacher; default: a twentieth of the lists, 200 at most, drawn by hash. */
  readonly validation?: string;
  /** Relevance judgments (TREC or BEIR): adds nDCG@10 to the validation. */
  readonly qrels?: string;
  readonly settings?: Partial<TrainSettings>;
  /** For the card. */
  readonly card?: { readonly name?: string; readonly license?: string; readonly command?: string };
  readonly signal?: AbortSignal;
}

export interface TrainEstimate {
  readonly lists: number;
  readonly passages: number;
  readonly steps: number;
  /** Seconds of a step as measured on a probe of real lists, and of all of them with validation. */
  readonly secondsPerStep: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly diskBytes: number;
  /** Prompts that had to be cut. */
  readonly cut: number;
}

export interface TrainListener {
  estimated?(estimate: TrainEstimate): void;
  /** After every optimiser step. */
  step?(done: number, total: number, loss: number): void;
  validated?(step: number, values: Readonly<Record<string, number>>): void;
  note?(line: string): void;
}

export interface TrainSummary {
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly output?: string;
  readonly estimate: TrainEstimate;
  /** Optimiser steps done, all runs together, and the step whose weights were kept. */
  readonly steps: number;
  readonly bestStep?: number;
  /** Why this step is the best: the validation value that chose it. */
  readonly bestBy?: 'ndcg10' | 'teacherAgreement' | 'last';
  readonly seconds: number;
  readonly resumedAt: number;
  readonly lossCurve: readonly (readonly [step: number, loss: number])[];
  readonly validation: readonly {
    readonly step: number;
    readonly values: Readonly<Record<string, number>>;
  }[];
  readonly weightsSha256?: string;
}
