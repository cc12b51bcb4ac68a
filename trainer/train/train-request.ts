/** What `train` is asked, tells while it goes, and says at the end. */
import type { ValidationPoint } from '../../src/checkpoint/ranker-card.ts';
import { LOSSES, type LossName } from '../../src/training/list-loss.ts';
import { RATE_SCHEDULES, type RateSchedule } from '../../src/training/step-plan.ts';
import type { PassageEdit } from '../scoring/choose-template.ts';

export type { LossName, ValidationPoint };
export { LOSSES, RATE_SCHEDULES };

/** By what the best step is chosen. */
export const SELECTIONS = ['ndcg', 'agreement', 'last'] as const;
export type Selection = (typeof SELECTIONS)[number];

/** A label file: agreement with the teacher, and nDCG@10 where `qrels` judges its queries. */
export interface ValidationInput {
  readonly path: string;
  /** TREC or BEIR judgments. */
  readonly qrels?: string;
}

/** How to train. Absent fields have the defaults of `TRAIN_DEFAULTS`. */
export interface TrainOptions {
  readonly loss?: LossName;
  /** Passes over the labels; absent and without `steps`: 3, the paper's most. */
  readonly epochs?: number;
  /** Optimiser steps in the place of epochs; where both are given, what ends first. */
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
  /** Share of values that a step is made without, at T5's places; 0: none. */
  readonly dropout?: number;
  /** listnet: the teacher's scores are divided by it before the softmax. */
  readonly temperature?: number;
  /** margin: by how much the better passage's score must lead. */
  readonly margin?: number;
  /** Passages of each list that take part, the teacher's best; absent: all. Validation takes all. */
  readonly k?: number;
  readonly seed?: number;
}

/**
 * Paper, 4.3: RankNet, AdamW, a learning rate of 3e-5 that stays, up to 3 epochs, batches of 32. Not
 * stated there: decay (PyTorch's), clipping (the published code's), and no dropout (the published code has T5's 0.1).
 */
export const TRAIN_DEFAULTS = {
  loss: 'ranknet',
  epochs: 3,
  batch: 32,
  accumulate: 1,
  learningRate: 3e-5,
  warmup: 0,
  schedule: 'constant',
  clip: 1,
  weightDecay: 0.01,
  beta2: 0.999,
  dropout: 0,
  temperature: 1,
  margin: 1,
  seed: 1,
} as const satisfies TrainOptions;

export interface TrainRequest extends TrainOptions {
  /** A checkpoint folder, or a T5 folder of Hugging Face's with tokenizer.json. */
  readonly checkpoint: string;
  /** A label file, or several that are parts of one. */
  readonly input: string | readonly string[];
  /** The folder of the trained checkpoint; absent: a dry run. */
  readonly output?: string;
  /** Only checks, measures and estimates what is left of `output`; writes nothing. */
  readonly dryRun?: boolean;
  /** A template's id or a JSON file; absent: the paper's student prompt. */
  readonly template?: string;
  /** What differs from that template in the writing of passages. */
  readonly passages?: PassageEdit;
  /** Tokens that a passage is cut to; absent: as the checkpoint's card says. */
  readonly passageTokens?: number;
  readonly threads?: number;
  /** Tokens of one run of the model, padding included: bounds the memory. */
  readonly chunkTokens?: number;
  readonly validation?: readonly ValidationInput[];
  /** Judgments of the lists that are held out of the labels: adds nDCG@10. */
  readonly qrels?: string;
  /** True: it is not an error when the judgments fit nothing that is held out, or when nothing is held out. */
  readonly qrelsMayMiss?: boolean;
  /** Lists of the labels that are kept for validation where none is given; absent: a twentieth, at most 200. */
  readonly holdOut?: number;
  /** Lists of each validation input, at most; absent: 200. */
  readonly validationQueries?: number;
  /** Steps between validations; absent: a tenth of all, at least 1. */
  readonly validateEvery?: number;
  /** Absent: ndcg where there are judgments, else agreement where anything is held out, else last. */
  readonly select?: Selection;
  /** Seconds between states, or exact steps (`checkpointSteps`); absent: 300 s. */
  readonly checkpointSeconds?: number;
  readonly checkpointSteps?: number;
  /** True: there must be a run to resume. Where there is one, it is resumed in any case. */
  readonly resume?: boolean;
  /** True: a training in OUTPUT is deleted and started anew. */
  readonly fresh?: boolean;
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
  /** Lists that are learnt from, their passages, and lists held out to validate. */
  readonly lists: number;
  readonly passages: number;
  readonly validationLists: number;
  /** Lists left out: with fewer than two passages, scored all alike, also among those that validate. */
  readonly leftOut: { readonly short: number; readonly noPair: number; readonly held: number };
  /** Prompts that had to be cut to fit. */
  readonly cut: number;
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

export interface TrainListener {
  notice?(text: string): void;
  /** Before the first step; not where nothing is left to do. */
  estimated?(estimate: TrainEstimate): void;
  /** `unit` is `lists` while prompts are made, `steps` while training, `validation lists` in between. */
  progress?(done: number, total: number, unit: string, what: string): void;
  /** Measures by name: `teacherAgreement`, `kendallTau`, `ndcg10`. */
  validated?(point: ValidationPoint): void;
}

/** `--json` prints it. */
export interface TrainSummary {
  readonly command: 'train';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly output?: string;
  /** Steps done of all, how many of these an earlier run did, and how many changed nothing: no finite gradient. */
  readonly steps: {
    readonly done: number;
    readonly total: number;
    readonly resumed: number;
    readonly skipped?: number;
  };
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
  /** When done: the files of the checkpoint, absolute paths, and the SHA-256 of model.safetensors. */
  readonly files?: readonly string[];
  readonly weightsSha256?: string;
}
