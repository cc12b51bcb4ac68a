/** A model in whose place nothing is asked: for a ranking that is to be shown again from kept answers. */
import { RankscopeError } from '../errors.ts';
import { CALL_OF, CAPABILITIES, can, type RankerModel } from '../inference/ranker-model.ts';

/** Can whatever the model can, and refuses all of it. @throws RankscopeError 'missing' from every call */
export function keptOnly(model: RankerModel): RankerModel {
  const refuse = (): never => {
    throw new RankscopeError('missing', 'Not all of its answers are kept.');
  };
  const calls = CAPABILITIES.filter((one) => can(model, one)).map((one) => [CALL_OF[one], refuse]);
  return { ...(Object.fromEntries(calls) as Partial<RankerModel>), info: model.info };
}
