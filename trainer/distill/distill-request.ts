/** What a distillation is asked, tells while it goes, and says at the end. */
import type { Audit } from '../label/audit.ts';
import type { StageName } from './layout.ts';
import type { RecipeOptions } from './recipe.ts';
import type { LabelsOf } from './recipe-types.ts';
import type { StageState } from './records.ts';

export interface DistillRequest extends RecipeOptions {
  /** A file, or the name of a shipped recipe. */
  readonly recipe: string;
  readonly output: string;
  /** Only checks, measures and estimates; nothing is left behind. */
  readonly dryRun?: boolean;
  /** Stages whose recipe changed are started anew, their results removed. */
  readonly anew?: boolean;
  /** The page's list of models (public/models/index.json), to which the student is added. */
  readonly index?: string;
  readonly signal?: AbortSignal;
}

/** What is left of a stage, from a measured probe. */
export interface StageEstimate {
  readonly stage: StageName;
  readonly state: StageState;
  readonly seconds: number;
  /** Work in its unit: searches, calls, optimiser steps; absent where nothing is counted. */
  readonly work?: { readonly count: number; readonly unit: string; readonly upperBound: boolean };
  /** The most memory of the process during the stage. */
  readonly memoryBytes: number;
  /** Bytes of its results that are still to be written. */
  readonly diskBytes: number;
  /** Another student's of the same recipe, which is copied. */
  readonly shared?: boolean;
}

export interface DistillEstimate {
  readonly stages: readonly StageEstimate[];
  readonly seconds: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** What the machine has. */
  readonly free: { readonly memoryBytes: number; readonly diskBytes: number };
}

/** Several students with what is left of each; without an estimate where nothing is. */
export interface EstimatedStudents {
  readonly students: readonly {
    readonly name: string;
    readonly labels: LabelsOf;
    readonly estimate?: DistillEstimate;
  }[];
  /** All together. */
  readonly estimate?: DistillEstimate;
}

export interface DistillListener {
  notice?(text: string): void;
  /** Before any work; not where nothing is left to do. */
  estimated?(estimate: DistillEstimate): void;
  /** The same of several students. */
  estimatedAll?(all: EstimatedStudents): void;
  /** Of several: the next one begins. */
  student?(name: string, number: number, of: number): void;
  /** A stage begins (again), or is found done. */
  stage?(stage: StageName, number: number, state: StageState): void;
  progress?(done: number, total: number, unit: string, what: string): void;
}

export interface StageSummary {
  readonly stage: StageName;
  readonly state: 'skipped' | 'done' | 'cancelled' | 'waiting';
  /** Wall seconds of all runs that worked on it. */
  readonly seconds: number;
}

/** `--json` prints it. */
export interface DistillSummary {
  readonly command: 'distill';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly recipe: string;
  readonly output: string;
  /** What the student learns. */
  readonly labels: LabelsOf;
  readonly queries: { readonly training: number; readonly heldOut: number };
  readonly stages: readonly StageSummary[];
  readonly estimate?: DistillEstimate;
  /** Wall seconds of this run. */
  readonly seconds: number;
  readonly audit?: Audit;
  /** Rows of the table: set, name, measures. */
  readonly rows?: readonly EvaluatedMethod[];
  /** When done: the folder of the student, and the table where there is one. */
  readonly student?: string;
  readonly table?: string;
  /** Its place in the page's list of models. */
  readonly listed?: { readonly id: string; readonly index: string };
}

export interface EvaluatedMethod {
  readonly set: string;
  readonly name: string;
  readonly queries: number;
  readonly measures: Readonly<Record<string, number>>;
}
