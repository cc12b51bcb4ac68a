/** A real list to drag: what the embedded models say of it is held to them by a test. */

export interface ExamplePassage {
  /** In the sample “Home cooking and food chemistry”. */
  readonly id: string;
  readonly title: string;
  /** The teacher’s points (Eq. 5), of 6. */
  readonly points: number;
  /** The untaught base's score under the student’s wording: the logit of Yes, to one decimal. */
  readonly score: number;
}

export const EXAMPLE_SAMPLE = 'kitchen';
export const EXAMPLE_QUERY = 'why do onions make you cry';

/** BM25's first four, in the teacher's order. */
export const EXAMPLE: readonly ExamplePassage[] = [
  { id: 'p15', title: 'A gentle variety', points: 6, score: 0.2 },
  { id: 'p06', title: 'Chopping without weeping', points: 4, score: 0.3 },
  { id: 'p03', title: 'Keeping onions for months', points: 2, score: 0.7 },
  { id: 'p08', title: 'Taming raw onions in a salad', points: 0, score: 1.2 },
];
