/**
 * `ranker.json`: what a checkpoint folder says about itself. The browser and the trainer read and
 * write the same file; every field that a reader relies on is validated on load (card-read.ts).
 * Fields that a reader does not know are kept and ignored, and all that came later is optional, so
 * that every card ever written stays readable.
 *
 * **For who writes one.** `train`, `pretrain` and `distill` put a `card.json` beside the weights: this
 * shape without `format`, `version`, `scorers`, `files`, `dtypeMeasures` and `probe`, which `export` adds from
 * the files that it makes; all else it passes on as it is, and the page's Models and README.md show it:
 *
 * - `provenance.lossCurve`: [[step, loss], …] over all stages together, thinned (60 points draw well).
 * - `provenance.stages`: [{name, steps}, …] in the order of training: where in that count each begins
 *   and ends. The line of the loss is broken there, because stages may have different losses.
 * - `provenance.validation`: [{stage, step, values: {name: number}}, …], steps counted as in
 *   `lossCurve`. Names that are drawn together and in words: `ndcg10`, `deepNdcg10` (lists that reach
 *   far down the first stage), `prpNdcg10` and `bm25` (nDCG@10 of the first stage, to compare);
 *   `teacherAgreement`; `kendallTau`; `accuracy`, `pairAccuracy`; `bothOrdersAgree`; `loss`. `queries` (how many) is not a measure. Any other gets a chart of its own name.
 * - `provenance.taught`: [{template, labels}, …], the labels of the templates it was trained on. `export`
 *   writes it; a card whose labels are no longer these is refused.
 * - `provenance.base`, `baseSha256`, `teacher`, `teacherSha256`, `labels`, `data`, `recipe`, `settings`,
 *   `seed`, `trainer`, `command`, `date`: what it was made of, and how, so that somebody else can make
 *   it again and see that the parts were the same.
 * - `evaluation[].kendallTau`, `callsPerQuery`, `secondsPerQuery`: agreement with the teacher's order and
 *   the price, beside nDCG@10; `difference` is the row's first comparison.
 * - `comparisons[]`: further paired 95 % intervals; `metric` says of what ('ndcg@10' where left out), and
 *   a set that is in no row (“all sets”) is shown before the others.
 * - `fusion`: the weight of this student beside BM25's scores (λ · z(student) + (1 − λ) · z(BM25)) that was best on queries
 *   set aside for it, and what it gave there.
 * - `dtypeMeasures`: size and score error of every scorer file, measured at export.
 * - `probe`: logits of fp32 and of every scorer but int8 on a few prompts, where fp32 fitted in memory at export.
 */

import type { FileDigest } from '../bytes/byte-source.ts';
import type { Dtype, PromptLimits } from '../inference/scorer.ts';
import type { PromptTemplate } from '../ranking/template.ts';

export type CheckpointRole = 'teacher' | 'student' | 'base';

/** Wording a checkpoint is asked in: one of its training, or one that suits it all the same. */
export type CardTemplate = PromptTemplate & {
  /** Left out: true. False where it can be used but is not known from its training (a converted FLAN-T5). */
  readonly trained?: boolean;
};

/** One line of the card's evaluation table: a method on a set, on the same candidates as its neighbours. */
export interface EvaluationRow {
  readonly set: string;
  readonly method: string;
  readonly queries: number;
  readonly ndcg10: number;
  /** Paired 95 % interval of the difference to the row named in `against`. */
  readonly difference?: {
    readonly against: string;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  };
  readonly callsPerQuery: number;
  readonly secondsPerQuery?: number;
  /** Kendall's τ to the teacher's order, mean over the queries. */
  readonly kendallTau?: number;
}

/** What a dtype costs in exactness, measured at export against fp32 on prompts of the samples. */
export interface DtypeMeasure {
  /** Size of the scorer file. */
  readonly bytes: number;
  /** Root mean square difference of the scores, as a share of the fp32 scores' standard deviation. */
  readonly scoreError: number;
  /** Share of pairs of passages (pointwise) or of decisions (pairwise) that come out as in fp32. */
  readonly agreement: number;
  /** Prompts measured; with several templates the worst one's figures are given. */
  readonly prompts: number;
}

/**
 * Logits on a few short prompts as the CPU gave them when the checkpoint was made: what a device is held to that cannot
 * hold a second copy of the model.
 */
export interface CardProbe {
  readonly prompts: readonly string[];
  /** What the prompts are asked for; single tokens of the tokenizer. */
  readonly labels: readonly string[];
  /** dtype → logits, prompt by prompt, of each prompt label by label; always of fp32, too. */
  readonly logits: Readonly<Partial<Record<Dtype, readonly number[]>>>;
}

/** A student fused with BM25: λ · z(student) + (1 − λ) · z(BM25), λ chosen on queries that stand in no table of the card. */
export interface CardFusion {
  /** λ, from 0 (BM25 alone) to 1 (the student alone). */
  readonly weight: number;
  /** On which it was chosen. */
  readonly queries: number;
  /** nDCG@10 on them: fused, and of the student alone. */
  readonly ndcg10: number;
  readonly studentNdcg10: number;
}

/** What two methods are compared in: nDCG@10, or Kendall's τ to the teacher's order. */
export type ComparisonMetric = 'ndcg@10' | 'kendall-tau';

/** A paired 95 % interval of a difference between two methods on the same queries. */
export interface Comparison {
  /** Left out: 'ndcg@10'. */
  readonly metric?: ComparisonMetric;
  readonly set: string;
  readonly queries: number;
  readonly method: string;
  readonly against: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Figures on queries that training does not see, at one step. */
export interface ValidationPoint {
  /** Where training has several stages, which. */
  readonly stage?: string;
  /** Counted as in `lossCurve`: over all stages together, so it never falls. */
  readonly step: number;
  /** Measure → value, e.g. `ndcg10`, `teacherAgreement`, `kendallTau`, and `bm25` (its nDCG@10) to compare. */
  readonly values: Readonly<Record<string, number>>;
}

export interface TrainingStage {
  readonly name: string;
  /** Optimiser steps of this stage alone. */
  readonly steps: number;
}

/** Labels that a template had when the checkpoint was written: a card that is edited by hand later can be held to them. */
export interface TaughtLabels {
  readonly template: string;
  readonly labels: readonly string[];
}

/** Where a checkpoint comes from, and how to make it again. */
export interface Provenance {
  readonly base?: string;
  /** SHA-256 of the base's `model.safetensors`, hex. */
  readonly baseSha256?: string;
  readonly teacher?: string;
  /** SHA-256 of the teacher's `model.safetensors`, hex. */
  readonly teacherSha256?: string;
  readonly data: readonly { readonly name: string; readonly license: string; readonly use: string }[];
  /** The file of labels that it was trained on: its SHA-256 (hex), and who ranked, in words. */
  readonly labels?: { readonly sha256: string; readonly source: string };
  /** Of the templates it was trained on; written by `export`. */
  readonly taught?: readonly TaughtLabels[];
  readonly steps: number;
  readonly seed: number;
  /** [step, training loss], thinned for drawing. */
  readonly lossCurve?: readonly (readonly [step: number, loss: number])[];
  /** Stages in the order of training, with the steps of each. */
  readonly stages?: readonly TrainingStage[];
  /** In the order of training. */
  readonly validation?: readonly ValidationPoint[];
  /** Name or path of the recipe. */
  readonly recipe?: string;
  /** Settings of training worth knowing, e.g. loss, learning rate, list length. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Program and version that trained it, e.g. `Rankscope 0.1.0`. */
  readonly trainer?: string;
  /** How to make it again. */
  readonly command: string;
  readonly date: string;
}

export interface RankerCard {
  readonly format: 'rankscope-checkpoint';
  readonly version: 1;
  readonly name: string;
  readonly role: CheckpointRole;
  readonly description: string;
  /** SPDX id or words. */
  readonly license: string;
  /** How it is asked; the first pairwise / pointwise one is the default of its kind. */
  readonly templates: readonly CardTemplate[];
  readonly limits: PromptLimits;
  /** dtype → path inside the folder, e.g. `onnx/scorer_int8.onnx`. */
  readonly scorers: Readonly<Partial<Record<Dtype, string>>>;
  /**
   * dtype → the file beside its scorer that holds the large weights, in the same folder and under the name by which the
   * scorer asks for it; left out where the scorer holds them itself. Its digest is written into the scorer, too.
   */
  readonly externalData?: Readonly<Partial<Record<Dtype, string>>>;
  /** Path inside the folder → size and digest. Covers every file the page or the trainer reads. */
  readonly files: Readonly<Record<string, FileDigest>>;
  readonly provenance: Provenance;
  readonly evaluation: readonly EvaluationRow[];
  /** Further differences between the rows of `evaluation`, set by set and over all sets together. */
  readonly comparisons?: readonly Comparison[];
  readonly dtypeMeasures?: Readonly<Partial<Record<Dtype, DtypeMeasure>>>;
  readonly probe?: CardProbe;
  readonly fusion?: CardFusion;
}
