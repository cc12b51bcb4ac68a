/** What of a config.json says which kind of model it is, before anything else of the folder is read. */
import { architecturesOf } from '../checkpoint/classifier-head.ts';

export interface ConfigFacts {
  /** `model_type`, e.g. `t5`. */
  readonly modelType?: string;
  /** e.g. `BertForSequenceClassification`; none where it does not say. */
  readonly architectures: readonly string[];
}

export const configFacts = (config: Readonly<Record<string, unknown>>): ConfigFacts => ({
  modelType: typeof config.model_type === 'string' ? config.model_type : undefined,
  architectures: architecturesOf(config),
});
