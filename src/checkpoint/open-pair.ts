/**
 * Opens a folder in transformers.js' layout as a Scorer: an encoder and a decoder session on the runtime that all models
 * here share. transformers.js itself is not used: its loader leaves a worker unusable after one bad file, and waits for
 * ever where a file of weights is missing (4.3.1).
 */
import type { FolderReader } from '../bytes/byte-source.ts';
import { RankscopeError } from '../errors.ts';
import { encoderDecoderModel, unknownDecoderInputs } from '../inference/encoder-decoder-model.ts';
import type { Runtime, RuntimeSession } from '../inference/runtime.ts';
import { T5Scorer } from '../inference/t5-scorer.ts';
import { parseT5Config } from '../t5/config.ts';
import { DECODER_INPUTS, DECODER_OUTPUT, ENCODER_INPUTS, ENCODER_OUTPUT } from '../t5/text-graphs-io.ts';
import { deriveCard, withUsableLabels } from './derive-card.ts';
import {
  ADVICE,
  aloneNotice,
  chooseForm,
  digestOfAll,
  graphLoader,
  type LoadedGraph,
} from './graph-loader.ts';
import { readConfig, readTokenizer } from './hf-folder.ts';
import type { OpenedCheckpoint, OpenOptions } from './open-checkpoint.ts';
import { filesOf, pairsIn } from './pair-files.ts';
import { checkRows, startSession } from './start-session.ts';

/** @throws RankscopeError 'bad-checkpoint', 'bad-input', 'missing', 'network' or 'device' naming the file. */
export async function openPair(
  folder: FolderReader,
  runtime: Runtime,
  options: OpenOptions = {},
): Promise<OpenedCheckpoint<T5Scorer>> {
  const began = performance.now();
  const { name } = folder;
  const files = await folder.list(options.signal);
  const config = await readConfig(folder);
  const t5 = parseT5Config(config, `${name}config.json`);
  const derived = await deriveCard(folder, files, config, options.title);
  const pair = chooseForm(pairsIn(files, config, name), runtime.device, options.dtype, derived.name);
  const { tokenizer } = await readTokenizer(folder, t5.vocabSize);
  const labelled = withUsableLabels(derived, tokenizer);
  const load = graphLoader(folder, filesOf(pair), options);
  const encoderFiles = await load(pair.encoder);
  const decoderFiles = await load(pair.decoder);
  const loadMs = performance.now() - began;

  options.onCompile?.();
  const compiled = performance.now();
  const encoder = await startSession(runtime, {
    ...encoderFiles,
    kind: 'the encoder of a T5',
    inputs: ENCODER_INPUTS,
    outputs: [ENCODER_OUTPUT],
  });
  const decoder = await startDecoder(runtime, decoderFiles, encoder);
  const { numHeads: heads, dKv: headSize } = t5;
  const model = encoderDecoderModel({ runtime, encoder, decoder, heads, headSize, alone: pair.alone });
  const { path } = pair.decoder.graph;
  await checkRows(runtime, model, t5, tokenizer, { folder: name, path, advice: ADVICE });
  const compileMs = performance.now() - compiled;

  const digests = { ...encoderFiles.digests, ...decoderFiles.digests };
  const card = { ...labelled, files: { ...labelled.files, ...digests } };
  const scorer = new T5Scorer({
    runtime,
    model,
    tokenizer,
    info: {
      name: card.name,
      digest: await digestOfAll(digests),
      dtype: pair.dtype,
      device: runtime.device,
      threads: runtime.threads,
      runtime: runtime.version,
      alone: pair.alone,
    },
    limits: card.limits,
    decoderStartId: t5.decoderStartId,
    padId: t5.padId,
    batching: options.batching,
  });
  const bytes = Object.values(digests).reduce((sum, file) => sum + file.bytes, 0);
  return {
    card,
    scorer,
    bytes,
    loadMs,
    compileMs,
    notice: pair.alone ? aloneNotice(card.name, pair) : undefined,
  };
}

/** The encoder is released where the decoder cannot be used. */
async function startDecoder(
  runtime: Runtime,
  files: LoadedGraph,
  encoder: RuntimeSession,
): Promise<RuntimeSession> {
  try {
    const kind = 'the decoder of a T5';
    const decoder = await startSession(runtime, {
      ...files,
      kind,
      inputs: DECODER_INPUTS,
      outputs: [DECODER_OUTPUT],
    });
    const unknown = unknownDecoderInputs(decoder);
    if (unknown.length === 0) return decoder;
    await decoder.release();
    throw new RankscopeError(
      'bad-checkpoint',
      `${files.file} is not ${kind}: it wants ${unknown.join(', ')}, too.`,
    );
  } catch (error) {
    await encoder.release();
    throw error;
  }
}
