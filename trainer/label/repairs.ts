/** What had to be done to permutations of a language model, counted for notes and audits. */
import { isRepaired, type Permutation } from '../../src/formats/distill.ts';
import { count } from '../cli/progress.ts';

/** Permutations, not numbers in them; one may count under several reasons. */
export interface Repairs {
  readonly of: number;
  readonly repaired: number;
  /** … that named a passage twice. */
  readonly repeated: number;
  /** … that named a passage that is not there. */
  readonly outOfRange: number;
  /** … that had other text than numbers, “>” and brackets, or none. */
  readonly otherText: number;
  /** Permutations, repaired or not, that did not name all passages. */
  readonly completed: number;
}

export function countRepairs(permutations: readonly Permutation[]): Repairs {
  const those = (which: (one: Permutation) => boolean) => permutations.filter(which).length;
  return {
    of: permutations.length,
    repaired: those(isRepaired),
    repeated: those(({ repeated }) => repeated > 0),
    outOfRange: those(({ outOfRange }) => outOfRange > 0),
    otherText: those(({ otherText }) => otherText),
    completed: those(({ appended }) => appended > 0),
  };
}

/** One or two sentences. */
export function repairsText({ of, repaired, repeated, outOfRange, otherText, completed }: Repairs): string {
  const reasons = [
    [repeated, 'named a passage twice'],
    [outOfRange, 'named a passage that does not exist'],
    [otherText, 'had other text or no text'],
  ] as const;
  const told = reasons.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  const why = told.length > 0 ? ` (${told.join(', ')})` : '';
  const rest =
    completed > 0
      ? ` ${count(completed)} did not name all passages; the rest follow in first-stage order.`
      : '';
  const what =
    repaired === 0 ? 'No permutation had to be' : `${count(repaired)} of ${count(of)} permutations`;
  return `${what} repaired${why}.${rest}`;
}
