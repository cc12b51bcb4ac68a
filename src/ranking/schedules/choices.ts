/** What there is to choose about schedules: one list of names, defaults and bounds for page, command line and files. */
import { RankscopeError } from '../../errors.ts';

/** Each is a whole number from 1; a schedule reads those that its method takes. */
export interface ScheduleChoices {
  /**
   * Sliding window: passes over the list.
   * @example 10 passes of PRP-sliding put the ten best in order
   */
  readonly passes: number;
  /**
   * Exact top k: places to settle.
   * @example with 3 the first three are those of all pairs, in their order; the others stand by what is known
   */
  readonly top: number;
}

/** As somebody has given them; what is missing is as in `DEFAULT_CHOICES`. */
export type GivenChoices = Partial<ScheduleChoices>;

export const DEFAULT_CHOICES: ScheduleChoices = { passes: 10, top: 10 };

export const CHOICE_NAMES = ['passes', 'top'] as const satisfies readonly (keyof ScheduleChoices)[];

/** The choices of something that has others beside them, a request or a run; none that is not given. */
export const givenChoices = (of: GivenChoices): GivenChoices =>
  Object.fromEntries(CHOICE_NAMES.flatMap((name) => (of[name] === undefined ? [] : [[name, of[name]]])));

/**
 * All choices, with defaults for those that are not given.
 * @throws RankscopeError 'bad-input' unless each is a whole number from 1
 */
export function scheduleChoices({
  passes = DEFAULT_CHOICES.passes,
  top = DEFAULT_CHOICES.top,
}: GivenChoices = {}): ScheduleChoices {
  if (!isCount(passes)) {
    throw new RankscopeError(
      'bad-input',
      `The sliding window cannot make ${passes} passes; use a whole number from 1.`,
    );
  }
  if (!isCount(top)) {
    throw new RankscopeError(
      'bad-input',
      `Exact top k cannot settle ${top} places; use a whole number from 1.`,
    );
  }
  return { passes, top };
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
