/** An encoder with a classification head as transformers.js and optimum export it: one session, ids in, logits out. */
import { RankscopeError } from '../errors.ts';
import type { LabelAnswer, TokenBatch } from './label-model.ts';
import type { Feeds, Runtime, RuntimeSession, RuntimeTensor } from './runtime.ts';

/** What every such graph asks for. */
export const CLASSIFIER_INPUTS = ['input_ids', 'attention_mask'] as const;
/** Of models that were trained to tell the two texts apart by it. */
const TOKEN_TYPES = 'token_type_ids';
export const CLASSIFIER_OUTPUT = 'logits';

/** Inputs of a graph that nothing is known of: such a model is of another kind. */
export const unknownClassifierInputs = ({ inputNames }: RuntimeSession): string[] =>
  inputNames.filter(
    (name) => !(CLASSIFIER_INPUTS as readonly string[]).includes(name) && name !== TOKEN_TYPES,
  );

export interface ClassifierModel {
  /** True where the other rows of a run, and its padding, change a row's numbers: each prompt then runs by itself. */
  readonly alone?: boolean;
  /** A batch's inputs; what that returns runs the model and gives logits [rows, outputs asked for]. */
  prepare(batch: TokenBatch): () => Promise<LabelAnswer>;
  release(): Promise<void>;
}

export interface ClassifierParts {
  readonly runtime: Pick<Runtime, 'tensor'>;
  readonly session: RuntimeSession;
  /** How many outputs the head has, as config.json says. */
  readonly outputs: number;
  /** Which of them are asked for, in the order in which they are given. */
  readonly asked: readonly number[];
  readonly alone?: boolean;
}

export function classifierModel({
  runtime,
  session,
  outputs,
  asked,
  alone,
}: ClassifierParts): ClassifierModel {
  const tellsApart = session.inputNames.includes(TOKEN_TYPES);
  return {
    alone,
    prepare({ ids, mask, types, rows, length }) {
      const ints = (values: Int32Array) =>
        runtime.tensor('int64', BigInt64Array.from(values, BigInt), [rows, length]);
      const both = { input_ids: ints(ids), attention_mask: ints(mask) };
      const feeds: Feeds = tellsApart
        ? { ...both, [TOKEN_TYPES]: ints(types ?? new Int32Array(ids.length)) }
        : both;
      return async () => {
        const { [CLASSIFIER_OUTPUT]: tensor } = await session.run(feeds, [CLASSIFIER_OUTPUT]);
        const found = logitsIn(tensor!, rows, outputs);
        const logits = new Float32Array(rows * asked.length);
        for (let row = 0; row < rows; row++) {
          for (const [k, output] of asked.entries()) {
            logits[row * asked.length + k] = found[row * outputs + output]!;
          }
        }
        tensor!.dispose?.();
        return { logits, dispose: () => {} };
      };
    },
    release: () => session.release(),
  };
}

/** [rows, outputs], row-major. @throws RankscopeError 'bad-checkpoint' where the logits have another shape */
function logitsIn({ data, dims }: RuntimeTensor, rows: number, outputs: number): Float32Array {
  if (data instanceof Float32Array && data.length === rows * outputs && dims[0] === rows) return data;
  const found = data instanceof Float32Array ? `a tensor [${dims.join(', ')}]` : 'numbers that are not fp32';
  throw new RankscopeError(
    'bad-checkpoint',
    `The model answered with ${found}; logits [${rows}, ${outputs}] in fp32 are expected, as config.json says.`,
  );
}
