/** What a method needs of a model, and the refusal where a model lacks it. */
import { RankscopeError } from '../errors.ts';
import {
  CAPABILITIES,
  type Calls,
  type Capability,
  can,
  type RankerModel,
} from '../inference/ranker-model.ts';
import type { MethodDescriptor } from './methods/descriptor.ts';

const WORDS: Readonly<Record<Capability, string>> = {
  logits: 'logits of single words',
  likelihood: 'the likelihood of a given text',
  generation: 'text that the model writes',
  relevance: 'relevance scores of query and passage (a cross-encoder’s)',
  remote: 'a ranking by a service',
};

type Needing = Pick<MethodDescriptor, 'id' | 'needs'>;

/**
 * @param others models at hand, of which those are named that have what this one lacks
 * @throws RankscopeError 'bad-input' that says what the model lacks, what it has, and which models to take instead
 */
export function refuseLacking(
  method: Needing,
  model: RankerModel,
  others: readonly RankerModel[] = [],
): void {
  const fitting = others.filter((other) => can(other, method.needs)).map(({ info }) => info.name);
  refuseNotGiven(
    method,
    model.info.name,
    CAPABILITIES.filter((one) => can(model, one)),
    fitting,
  );
}

/** The same of a model that is not loaded yet. @param gives what models of its kind can do */
export function refuseNotGiven(
  { id, needs }: Needing,
  name: string,
  gives: readonly Capability[],
  fitting: readonly string[] = [],
): void {
  if (gives.includes(needs)) return;
  const has = gives.map((one) => WORDS[one]);
  throw new RankscopeError(
    'bad-input',
    `The method ${id} needs ${WORDS[needs]}, and ${name} gives ${has.join(' and ') || 'nothing'}. ` +
      (fitting.length > 0
        ? `Models that can do it: ${[...new Set(fitting)].join(', ')}.`
        : 'No other model at hand can do it: choose another method.'),
    { needs },
  );
}

/** The model of a run whose method has said what it needs. @throws RankscopeError 'internal' where it has not */
export function needed<C extends Capability>(model: RankerModel, capability: C): RankerModel & Calls[C] {
  if (can(model, capability)) return model;
  throw new RankscopeError(
    'internal',
    `A method asks ${model.info.name} for ${WORDS[capability]} without having said so. This is a bug in Rankscope: please report it.`,
  );
}
