/** All ranking methods. A new one is a folder beside these and a line here. */
import { RankscopeError } from '../../errors.ts';
import type { MethodChoices, MethodDescriptor } from './descriptor.ts';
import { prpAllPairs } from './prp-allpair/method.ts';
import { prpHeapsort } from './prp-heapsort/method.ts';
import { prpSliding } from './prp-sliding/method.ts';
import { relevanceGeneration } from './rg/method.ts';
import { student } from './student/method.ts';

/** In the order in which they are offered. */
export const METHODS = [student, relevanceGeneration, prpAllPairs, prpHeapsort, prpSliding] as const;

export type MethodId = (typeof METHODS)[number]['id'];

export const METHOD_IDS: readonly MethodId[] = METHODS.map(({ id }) => id);

/** Pairwise methods and no others. */
export type PairwiseId = Extract<(typeof METHODS)[number], { kind: 'pairwise' }>['id'];

export const PAIRWISE_IDS: readonly PairwiseId[] = METHODS.flatMap((method) =>
  method.kind === 'pairwise' ? [method.id] : [],
);

export const isMethodId = (id: unknown): id is MethodId => METHOD_IDS.includes(id as MethodId);

/** @throws RankscopeError 'bad-input' for a name that no method has */
export function methodNamed(id: string): MethodDescriptor {
  const found = METHODS.find((method) => method.id === id);
  if (found) return found;
  throw new RankscopeError('bad-input', `There is no method “${id}”; use one of ${METHOD_IDS.join(', ')}.`);
}

/** Whether a ranking asks for the log-sum-exp over the vocabulary. */
export const needsTrueProbabilities = (id: MethodId, wanted: boolean | undefined): boolean =>
  wanted === true && takes(id, 'trueProbabilities');

/** Whether a method takes an option. */
export const takes = (id: MethodId, option: keyof MethodChoices): boolean =>
  methodNamed(id).takes.includes(option);
