/** One exercise of the sheet: what is asked, the figures it needs, and the way to its answer. */

export interface ExerciseTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Exercise {
  /** Of the lesson that it goes with. */
  readonly lesson: string;
  readonly question: string;
  readonly table?: ExerciseTable;
  /** Worked out by the product's own code when it is asked for: lines, the result last. */
  readonly answer: () => readonly string[];
}
