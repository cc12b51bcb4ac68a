/** What `train` is asked, tells while it goes, and says at the end. */

export const LOSSES = ['ranknet', 'listnet', 'softmax', 'margin'] as const;
export type LossName = (typeof LOSSES)[number];

export const RATE_SCHEDULES = ['constant', 'linear'] as const;
export type RateSchedule = (typeof RATE_SCHEDULES)[number];

/** By what the best step is chosen. */
export const SELECTIONS = ['ndcg', 'agreement', 'last'] as const;
export type Selection = (typeof SELECTIONS)[number];

/** A label file (agreement; nDCG@10 where `qrels` judges its queries) or a BEIR folder (nDCG@10). */
export interface ValidationInput {
  readonly path: string;
  /** Judgments: of a label file's queries, or in the place of a folder's split. */
  readonly qrels?: string;
  /** Of a BEIR folder; absent: `test`, or the only one. */
  readonly split?: string;
}

/** How to train. Absent fields have the defaults of `TRAIN_DEFAULTS`. */
export interface TrainOptions {
  readonly loss?: LossName;
  /** Passes over the labels; absent and without `steps`: 3, the paper's most. */
  readonly epochs?: number;
  /** Optimiser steps in the place of epochs. */
  readonly steps?: number;
  /** Lists in one part of a step; an optimiser step takes `batch` × `accumulate` lists. */
  readonly batch?: number;
  readonly accumulate?: number;
  readonly learningRate?: number;
  /** Steps of linear warm-up. */
  readonly warmup?: number;
  /** After the warm-up: the same rate to the end, or falling linearly to 0. */
  readonly schedule?: RateSchedule;
  /** Largest norm of the gradient; 0: no clipping. */
  readonly clip?: number;
  readonly weightDecay?: number;
  readonly beta2?: number;
  /** listnet: the teacher's scores are divided by it before the softmax. */
  readonly temperature?: number;
  /** margin: by how much the better passage's score must lead. */
  readonly margin?: number;
  /** Candidates of each list that take part, the first in the order of the file; absent: all. */
  readonly k?: number;
  readonly seed?: number;
}

export const TRAIN_DEFAULTS = {
  loss: 'ranknet',
  epochs: 3,
  batch: 2,
  accumulate: 2,
  learningRate: 3e-5,
  warmup: 0,
  schedule: 'constant',
  clip: 1,
  weightDecay: 0.01,
  beta2: 0.999,
  temperature: 1,
  margin: 1,
  seed: 1,
} as const satisfies TrainOptions;

export interface TrainRequest extends TrainOptions {
  /** A checkpoint folder, or a T5 folder of Hugging Face's with tokenizer.json. */
  readonly checkpoint: string;
  /** A label file. */
  readonly input: string;
  /** The folder of the trained checkpoint; absent: only a plan can be made. */
  readonly output?: string;
  /** A template's id or a JSON file; absent: the paper's student prompt. */
  readonly template?: string;
  /** Tokens that a passage is cut to; absent: as the checkpoint's card says. */
  readonly passageTokens?: number;
  readonly threads?: number;
  /** Tokens of one run of the model, padding included: bounds the memory. Absent: from the model's shape. */
  readonly chunkTokens?: number;
  readonly validation?: readonly ValidationInput[];
  /** Lists of the labels that are kept for validation where none is given; absent: 5 %, at most 100. */
  readonly holdOut?: number;
  /** Queries of each validation input, at most; absent: 200. */
  readonly validationQueries?: number;
  /** Candidates of BM25 for a BEIR folder; absent: 10. */
  readonly validationK?: number;
  /** Steps between validations; absent: a tenth of all, at least 1. */
  readonly validateEvery?: number;
  /** Absent: ndcg where there are judgments, else agreement where anything is held out, else last. */
  readonly select?: Selection;
  /** Seconds between states, or exact steps (`checkpointSteps`); absent: 300 s. */
  readonly checkpointSeconds?: number;
  readonly checkpointSteps?: number;
  /** True: there must be a run to go on from. */
  readonly resume?: boolean;
  /** For the card; the licence is the base's unless given. */
  readonly name?: string;
  readonly license?: string;
  readonly command?: string;
  readonly signal?: AbortSignal;
}

/** What a training takes, from counts and a measured probe. */
export interface TrainEstimate {
  /** Optimiser steps in all, and of these still to do. */
  readonly steps: number;
  readonly stepsLeft: number;
  readonly lists: number;
  readonly passages: number;
  /** Input tokens of an average prompt, and the longest prompt. */
  readonly meanTokens: number;
  readonly longestTokens: number;
  /** Wall seconds of what is left, validation included. */
  readonly seconds: number;
  readonly secondsPerStep: number;
  /** The most memory of the process, counted from the graphs and arrays. */
  readonly memoryBytes: number;
  /** Bytes of OUTPUT that are still to be written, at most. */
  readonly diskBytes: number;
  readonly free: { readonly memoryBytes: number; readonly diskBytes: number };
  readonly parameters: number;
  readonly chunkTokens: number;
}

/** One validation: measures by name (`ndcg@10`, `agreement`, `tau`), means over the queries of all inputs. */
export interface ValidationPoint {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface TrainListener {
  notice?(text: string): void;
  /** Before the first step; not where nothing is left to do. */
  estimated?(estimate: TrainEstimate): void;
  /** `unit` is `prompts` while the input is read, `steps` while training, `validation prompts` in between. */
  progress?(done: number, total: number, unit: string, what: string): void;
  validated?(point: ValidationPoint): void;
}

/** `--json` prints it. */
export interface TrainSummary {
  readonly command: 'train';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly output?: string;
  /** Steps done of all, and how many of these an earlier run did. */
  readonly steps: { readonly done: number; readonly total: number; readonly resumed: number };
  /** The step whose weights are in OUTPUT, and by what it was chosen. */
  readonly best?: { readonly step: number; readonly by: Selection; readonly value?: number };
  /** [step, mean loss], thinned. */
  readonly lossCurve: readonly (readonly [step: number, loss: number])[];
  readonly validation: readonly ValidationPoint[];
  /** Wall seconds of this run. */
  readonly seconds: number;
  readonly estimate?: TrainEstimate;
  /** The most memory that the process had. */
  readonly peakBytes: number;
  /** When done: the files of the checkpoint, absolute paths. */
  readonly files?: readonly string[];
}
