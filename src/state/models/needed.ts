/**
 * Which models the screen in sight needs: the columns' own, those that a lesson asks, or none. Nothing else is loaded; what
 * is loaded stays.
 */
import { create } from 'zustand';
import type { ScorerSlot } from '../../workers/types.ts';

export interface NeededModels {
  /** A screen is in sight that ranks, or speaks of the models that do. */
  readonly columns: boolean;
  /** Slots whose embedded model a lesson asks, whatever model is chosen for the column. */
  readonly lesson: readonly ScorerSlot[];
}

export const useNeeded = create<NeededModels>()(() => ({ columns: true, lesson: [] }));

export function needColumns(columns: boolean): void {
  if (useNeeded.getState().columns !== columns) useNeeded.setState({ columns });
}

/** What the lesson in sight asks; an empty list where none does. */
export const needForLesson = (lesson: readonly ScorerSlot[]): void => useNeeded.setState({ lesson });
