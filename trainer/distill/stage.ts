/** What the stages of a distillation share. */

import type { DistillListener, StageEstimate } from './distill-request.ts';
import type { Layout } from './layout.ts';
import type { Prepared } from './prepare.ts';
import type { DistillRecipe, MethodName } from './recipe-types.ts';

export interface StageContext {
  readonly recipe: DistillRecipe;
  readonly prepared: Prepared;
  readonly layout: Layout;
  /** How to make it again. */
  readonly command: string;
  readonly listener: DistillListener;
  /** Other students of the same recipe, whose results are taken over where they are the same. */
  readonly siblings?: readonly Layout[];
  /** Rows of the table that a sibling's has as well: no part of the estimate. */
  readonly shared?: ReadonlySet<MethodName>;
  readonly signal?: AbortSignal;
}

/** The files of a stage's result, or that a signal ended it first. */
export type StageResult =
  | { readonly state: 'done'; readonly files: readonly string[] }
  | { readonly state: 'cancelled' };

export const CANCELLED: StageResult = { state: 'cancelled' };

/** What is known of a stage's work. */
export type Numbers = Omit<StageEstimate, 'stage' | 'state'>;
