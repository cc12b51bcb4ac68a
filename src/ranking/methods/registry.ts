/** What is asked of the list of methods: by name, by kind, by option. */
import { RankscopeError } from '../../errors.ts';
import { CHOICE_NAMES, type GivenChoices } from '../schedules/choices.ts';
import { scoresAlone } from '../template.ts';
import { METHODS } from './all.ts';
import type { MethodChoices, MethodDescriptor } from './descriptor.ts';

export { METHODS };

export type MethodId = (typeof METHODS)[number]['id'];

export const METHOD_IDS: readonly MethodId[] = METHODS.map(({ id }) => id);

/** Methods that a checkpoint can run: all but those that a service answers. */
export const LOCAL_METHODS = METHODS.filter(({ needs }: { readonly needs: string }) => needs !== 'remote');

/** Pairwise methods and no others. */
export type PairwiseId = Extract<(typeof METHODS)[number], { kind: 'pairwise' }>['id'];

export const PAIRWISE_IDS: readonly PairwiseId[] = METHODS.flatMap((method) =>
  method.kind === 'pairwise' ? [method.id] : [],
);

/** Schedules by which pairs are compared, as options, recipes and the page's settings name them. */
export type ScheduleName = Extract<(typeof METHODS)[number], { schedule: unknown }>['schedule']['name'];

interface ChosenBySchedule {
  readonly name: ScheduleName;
  readonly title: string;
  readonly method: PairwiseId;
}

/** What there is to choose where only the pairs to compare are chosen. */
export const SCHEDULES: readonly ChosenBySchedule[] = METHODS.flatMap(({ id, schedule }: MethodDescriptor) =>
  schedule ? [{ ...schedule, method: id } as ChosenBySchedule] : [],
);

export const SCHEDULE_NAMES: readonly ScheduleName[] = SCHEDULES.map(({ name }) => name);

/** The method that compares by a schedule. */
export const methodOfSchedule = (name: ScheduleName): PairwiseId =>
  SCHEDULES.find((one) => one.name === name)!.method;

/** Methods that compare passages and find an order among them, in a column of its own. */
type ComparingId = Extract<(typeof METHODS)[number], { kind: 'pairwise' | 'setwise' | 'listwise' }>['id'];

/** What is compared with what, as the page's settings name it: a schedule of pairs, or a method that shows several passages. */
export type ComparisonName = ScheduleName | Exclude<ComparingId, PairwiseId>;

interface ChosenComparison {
  readonly name: ComparisonName;
  readonly title: string;
  readonly method: ComparingId;
}

/** What there is to choose where passages are compared. */
export const COMPARISONS: readonly ChosenComparison[] = METHODS.flatMap(
  ({ id, title, kind, schedule }: MethodDescriptor) =>
    scoresAlone(kind)
      ? []
      : [{ name: schedule?.name ?? id, title: schedule?.title ?? title, method: id } as ChosenComparison],
);

export const COMPARISON_NAMES: readonly ComparisonName[] = COMPARISONS.map(({ name }) => name);

/** The method that makes a comparison. */
export const methodOfComparison = (name: ComparisonName): ComparingId =>
  COMPARISONS.find((one) => one.name === name)!.method;

/** Today's id and those of before, to the method's id of today. */
const ID_OF_NAME: ReadonlyMap<unknown, MethodId> = new Map(
  METHODS.flatMap((method: MethodDescriptor) =>
    [method.id, ...(method.formerIds ?? [])].map((name) => [name, method.id as MethodId] as const),
  ),
);

export const isMethodId = (id: unknown): id is MethodId => METHOD_IDS.includes(id as MethodId);

/** The id of the method that a file, an option or a saved run names, by an id of today or of before. */
export const readMethodId = (name: unknown): MethodId | undefined => ID_OF_NAME.get(name);

/** @throws RankscopeError 'bad-input' for a name that no method has or had */
export function methodNamed(name: string): MethodDescriptor {
  const id = readMethodId(name);
  const found = METHODS.find((method) => method.id === id);
  if (found) return found;
  throw new RankscopeError('bad-input', `There is no method “${name}”; use one of ${METHOD_IDS.join(', ')}.`);
}

/** A method's title where a line begins with it: “Listwise”, but “monoT5”, which is a name with a capital of its own. */
export const headed = (title: string): string =>
  /^[a-z]+[A-Z]/.test(title) ? title : title.charAt(0).toUpperCase() + title.slice(1);

/** What stands for a method in keys of kept work: its first id, so that work of before a renaming is still found. */
export const firstId = (id: MethodId): string => methodNamed(id).formerIds?.[0] ?? id;

/** Whether a ranking asks for the log-sum-exp over the vocabulary. */
export const needsTrueProbabilities = (id: MethodId, wanted: boolean | undefined): boolean =>
  wanted === true && takes(id, 'trueProbabilities');

/** Of the schedules' choices those that a method takes: all others say nothing about its ranking. */
export const takenChoices = (id: MethodId, given: GivenChoices): GivenChoices =>
  Object.fromEntries(CHOICE_NAMES.filter((name) => takes(id, name)).map((name) => [name, given[name]]));

/** Whether a model is asked in words that people may choose: a service has its own, and a cross-encoder reads none. */
export const takesWording = (id: MethodId): boolean => {
  const { needs } = methodNamed(id);
  return needs !== 'remote' && needs !== 'relevance';
};

/** Whether a method takes an option. */
export const takes = (id: MethodId, option: keyof MethodChoices): boolean =>
  methodNamed(id).takes.includes(option);
