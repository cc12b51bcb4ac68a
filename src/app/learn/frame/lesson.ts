/** What a lesson gives to the frame: its state, its tasks, its text and its figure. */
import type { ComponentType } from 'react';

export interface View<S> {
  readonly state: S;
  /** The state that the lesson, or the link to it, began with. */
  readonly start: S;
  /** Changes some fields. */
  readonly set: (change: Partial<S>) => void;
  /** Puts in what the figure has found out, e.g. a model's answers: not the reader's doing, so “Undo” stays. */
  readonly note: (change: Partial<S>) => void;
}

/** What the figure says about a task now. */
export interface Judged {
  readonly done: boolean;
  /** Why not yet, in numbers of the figure. */
  readonly remark: string;
}

export interface Task<S> {
  readonly id: string;
  readonly text: string;
  /** From a nudge to the very moves: after the last nobody is stuck. */
  readonly hints: readonly string[];
  readonly judge: (state: S, start: S) => Judged;
}

export interface LessonParts<S> {
  /** The state that a link asks for; without parameters the lesson's own. Values that make no sense are left out. */
  readonly begin: (params: URLSearchParams) => S;
  /** The parameters from which `begin` makes this state. */
  readonly link: (state: S) => URLSearchParams;
  readonly tasks: readonly Task<S>[];
  readonly Text: ComponentType<View<S>>;
  readonly Figure: ComponentType<View<S>>;
  /** What the figure shows now, for those who do not see it: sentences. */
  readonly inWords: (state: S) => readonly string[];
}
