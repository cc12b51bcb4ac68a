/** Sessions of a checkpoint's files, with errors that name the file; and whether a model has the tokens it should. */
import { messageOf, RankscopeError } from '../errors.ts';
import type { LabelModel } from '../inference/label-model.ts';
import type { ExternalData, Runtime, RuntimeSession } from '../inference/runtime.ts';
import type { T5Config } from '../t5/config.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';

export interface GraphFile {
  /** For messages. */
  readonly file: string;
  /** What it is, for messages: `a Rankscope scorer`. */
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly externalData?: readonly ExternalData[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** @throws RankscopeError 'device' when it cannot be started, 'bad-checkpoint' when it is another kind of graph. */
export async function startSession(runtime: Runtime, graph: GraphFile): Promise<RuntimeSession> {
  const { file, kind, bytes, externalData, inputs, outputs } = graph;
  let session: RuntimeSession;
  try {
    session = await runtime.createSession(bytes, { externalData });
  } catch (error) {
    throw new RankscopeError(
      'device',
      `${file} could not be started on ${runtime.device}: ${messageOf(error)}. Close other tabs if memory is short, or choose another device.`,
    );
  }
  const lacks = [
    ...inputs.filter((name) => !session.inputNames.includes(name)),
    ...outputs.filter((name) => !session.outputNames.includes(name)),
  ];
  if (lacks.length === 0) return session;
  await session.release();
  throw new RankscopeError('bad-checkpoint', `${file} is not ${kind}: it lacks ${lacks.join(', ')}.`);
}

/**
 * ONNX files do not say how many tokens they know: a model is asked for the last one that config.json counts. WebGPU would
 * give any numbers for one that is not there; what it computes is compared with the CPU's anyway.
 * @throws RankscopeError 'device' or 'bad-checkpoint'; the model is released then.
 */
export async function checkRows(
  { device }: Pick<Runtime, 'device'>,
  model: LabelModel,
  { vocabSize, decoderStartId, eosId }: T5Config,
  tokenizer: T5Tokenizer,
  { folder, path, advice }: { readonly folder: string; readonly path: string; readonly advice: string },
): Promise<void> {
  if (device === 'webgpu') return;
  const ask = async (id: number): Promise<string | undefined> => {
    const one = () => Int32Array.of(id);
    const call = { decoderIds: Int32Array.of(decoderStartId), labelIds: one(), logSumExp: false };
    try {
      const answer = await model.begin(call)({ ids: one(), mask: Int32Array.of(1), rows: 1, length: 1 })();
      answer.dispose();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
  if ((await ask(vocabSize - 1)) === undefined) return;
  const why = await ask(Math.min(eosId, vocabSize - 1));
  await model.release();
  if (why !== undefined) {
    throw new RankscopeError('device', `${folder}${path} could not be run on ${device}: ${why}.`);
  }
  throw new RankscopeError(
    'bad-checkpoint',
    `${folder}${path} has fewer tokens than ${folder}config.json says (vocab_size ${vocabSize}; tokenizer.json has ${tokenizer.size}): they do not belong to the same checkpoint. ${advice}`,
    { vocabSize, tokens: tokenizer.size },
  );
}
