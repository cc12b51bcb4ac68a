/** What there is to choose about schedules: one list of names, defaults and bounds for page, command line and files. */
import { RankscopeError } from '../../errors.ts';

/** Each is a whole number from 1 (setSize from 2); a schedule reads those that its method takes. */
export interface ScheduleChoices {
  /**
   * Sliding window: passes over the list.
   * @example 10 passes of PRP-sliding put the ten best in order
   */
  readonly passes: number;
  /**
   * Exact top k and setwise: places to settle.
   * @example with 3 the first three are those of all pairs, in their order; the others stand by what is known
   */
  readonly top: number;
  /**
   * Sparse: calls a query, raised to one a candidate and lowered to both orders of all pairs.
   * @example 56 calls are all pairs of eight, and a random graph over twenty or fifty
   */
  readonly budget: number;
  /**
   * Setwise: most passages shown at once (c of Zhuang et al. 2024).
   * @example with 4 a prompt asks which of A, B, C and D is the best
   */
  readonly setSize: number;
  /**
   * Listwise: passages shown at once. RankGPT shows 20 to models that read thousands of tokens.
   * @example with 4 the model writes “[2] > [4] > [1] > [3]”
   */
  readonly window: number;
  /**
   * Listwise: places that the window moves up each time; smaller than the window.
   * @example with a window of 4 and a step of 2 the best two of a window are shown again in the next
   */
  readonly step: number;
  /**
   * Listwise: times that the window goes over the whole list.
   * @example 1, as RankGPT; each pass settles window − step more places
   */
  readonly repeats: number;
}

/** Those of schedules that compare pairs. */
export type PairChoices = Pick<ScheduleChoices, 'passes' | 'top' | 'budget'>;

/** Those of schedules that are replayed on decisions; a random graph is drawn for a query, and is not among them. */
export type ReplayChoices = Omit<PairChoices, 'budget'>;

export const PAIR_CHOICE_NAMES = [
  'passes',
  'top',
  'budget',
] as const satisfies readonly (keyof PairChoices)[];

/** As somebody has given them; what is missing is as in `DEFAULT_CHOICES`. */
export type GivenChoices = Partial<ScheduleChoices>;

/** Of setwise and listwise those of Zhuang et al. 2024 for FLAN-T5, whose inputs are short. */
export const DEFAULT_CHOICES: ScheduleChoices = {
  passes: 10,
  top: 10,
  budget: 56,
  setSize: 3,
  window: 4,
  step: 2,
  repeats: 1,
};

export const CHOICE_NAMES = [
  'passes',
  'top',
  'budget',
  'setSize',
  'window',
  'step',
  'repeats',
] as const satisfies readonly (keyof ScheduleChoices)[];

/** The choices of something that has others beside them, a request or a run; none that is not given. */
export const givenChoices = (of: GivenChoices): GivenChoices =>
  Object.fromEntries(CHOICE_NAMES.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])));

/** How a number that cannot be is refused: the sentence goes on with “; use a whole number from …”. */
const REFUSALS: Readonly<Record<keyof ScheduleChoices, (value: number) => string>> = {
  passes: (value) => `The sliding window cannot make ${value} passes`,
  top: (value) => `A ranking cannot settle ${value} places`,
  budget: (value) => `A random graph cannot have ${value} calls`,
  setSize: (value) => `A set cannot have ${value} passages`,
  window: (value) => `A window cannot have ${value} passages`,
  step: (value) => `A window cannot move by ${value} places`,
  repeats: (value) => `A window cannot go over the list ${value} times`,
};

/** Fewest; 1 where nothing is said. */
const LEAST: GivenChoices = { setSize: 2, window: 2 };

export const leastOf = (name: keyof ScheduleChoices): number => LEAST[name] ?? 1;

/**
 * All choices, with defaults for those that are not given.
 * @throws RankscopeError 'bad-input' unless each is a whole number from 1 (of passages shown at once: from 2)
 */
export function scheduleChoices(given: GivenChoices = {}): ScheduleChoices {
  const choices = { ...DEFAULT_CHOICES, ...givenChoices(given) };
  for (const name of CHOICE_NAMES) {
    const value = choices[name];
    if (Number.isInteger(value) && value >= leastOf(name)) continue;
    throw new RankscopeError(
      'bad-input',
      `${REFUSALS[name](value)}; use a whole number from ${leastOf(name)}.`,
    );
  }
  return choices;
}
