/** A recipe of a distillation: what each stage needs, with the defaults filled in and paths made whole. */
import type { Dtype } from '../../src/inference/scorer.ts';
import type { ScheduleName } from '../../src/ranking/methods/registry.ts';
import type { GivenChoices } from '../../src/ranking/schedules/choices.ts';
import type { Bm25Params } from '../../src/retrieval/types.ts';
import type { PassageEdit } from '../scoring/choose-template.ts';
import type { TrainRecipe } from './recipe-train.ts';

/** Rows of the table: the first stage, the base asked in three ways, and what came out. */
export const METHODS = ['bm25', 'teacher', 'relevance', 'control', 'student'] as const;
export type MethodName = (typeof METHODS)[number];

/** What a student learns: a teacher's rankings, or judgments (supervised fine-tuning). */
export const LABEL_SOURCES = ['teacher', 'judgments'] as const;
export type LabelsOf = (typeof LABEL_SOURCES)[number];

/** Where queries with their passages come from: a BEIR folder, or files. Paths are absolute. */
export interface DataRecipe {
  /** A BEIR folder, or a corpus file. */
  readonly input: string;
  readonly queries?: string;
  readonly split?: string;
  readonly qrels?: string;
  /** A TREC run in place of BM25. */
  readonly run?: string;
}

export interface EvaluationData extends DataRecipe {
  readonly name?: string;
  readonly limit?: number;
}

export interface TeacherRecipe extends GivenChoices {
  readonly checkpoint: string;
  readonly schedule: ScheduleName;
  readonly template?: string;
  readonly passages?: PassageEdit;
  readonly dtype?: Dtype;
  /** Files that the labels are made in. */
  readonly shards: number;
}

export interface DistillRecipe {
  /** The file it was read from. */
  readonly path: string;
  readonly name: string;
  readonly seed: number;
  readonly labels: LabelsOf;
  /** Threads of all models; absent: the machine's. */
  readonly threads?: number;
  readonly data: DataRecipe & {
    readonly k: number;
    /** So many of the queries, drawn by the seed; absent: all. */
    readonly sample?: number;
    readonly bm25: Bm25Params;
    readonly skipFaulty: boolean;
    /** Passages with their query's own id stay among its candidates. */
    readonly keepIdenticalIds: boolean;
    /** Queries that leave a model no room for passages are cut instead of refused. */
    readonly cutQueries: boolean;
    /** For the card. */
    readonly name?: string;
    readonly license: string;
  };
  /** Absent where judgments are learnt, unless it is to stand in the table. */
  readonly teacher?: TeacherRecipe;
  readonly student: {
    /** What training starts from. */
    readonly checkpoint: string;
    readonly template?: string;
    readonly passages?: PassageEdit;
  };
  readonly train: TrainRecipe;
  readonly evaluate: {
    /** Judged queries that are kept out of training, at most. */
    readonly heldOut: number;
    /** Whose judgments they have; absent: `test`, or the only one. */
    readonly split?: string;
    readonly data: readonly EvaluationData[];
    readonly methods: readonly MethodName[];
    readonly k: number;
    readonly schedule: ScheduleName;
    /** The teacher also with its candidates in a random order, where its schedule sorts. */
    readonly shuffled?: boolean;
    readonly dtype?: Dtype;
  };
  readonly export: {
    readonly dtypes: readonly Dtype[];
    readonly weights: 'bf16' | 'fp32';
    readonly name?: string;
    readonly license?: string;
    readonly description?: string;
  };
  /**
   * Several students from this recipe, each a whole recipe of its own that differs in its start, teacher, labels, number of
   * queries or training; absent: the one that the recipe itself describes.
   */
  readonly students?: readonly DistillRecipe[];
}
