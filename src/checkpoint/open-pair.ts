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
import { parseT5Config, type T5Config } from '../t5/config.ts';
import { DECODER_INPUTS, DECODER_OUTPUT, ENCODER_INPUTS, ENCODER_OUTPUT } from '../t5/text-graphs-io.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { deriveCard, withUsableLabels } from './derive-card.ts';
import { ADVICE, type LoadedGraph } from './graph-loader.ts';
import { readConfig, readTokenizer } from './hf-folder.ts';
import type { OpenedCheckpoint, OpenOptions } from './open-checkpoint.ts';
import { type Layout, type LayoutFacts, openLayout } from './open-layout.ts';
import { type PairFiles, pairsIn } from './pair-files.ts';
import { checkRows, startSession } from './start-session.ts';

interface PairFacts extends LayoutFacts<PairFiles> {
  readonly t5: T5Config;
  readonly tokenizer: T5Tokenizer;
}

const PAIR: Layout<PairFacts, PairFiles, 'encoder' | 'decoder', T5Scorer> = {
  async read(folder, files, title) {
    const config = await readConfig(folder);
    const t5 = parseT5Config(config, `${folder.name}config.json`);
    const derived = await deriveCard(folder, files, config, title);
    const forms = pairsIn(files, config, folder.name);
    const { tokenizer } = await readTokenizer(folder, t5.vocabSize);
    return { card: withUsableLabels(derived, tokenizer), forms, t5, tokenizer };
  },
  graphsOf: ({ encoder, decoder }) => ({ encoder, decoder }),
  async start({ folder, runtime, facts, form, graphs, info, batching }) {
    const { t5, tokenizer, card } = facts;
    const encoder = await startSession(runtime, {
      ...graphs.encoder,
      kind: 'the encoder of a T5',
      inputs: ENCODER_INPUTS,
      outputs: [ENCODER_OUTPUT],
    });
    const decoder = await startDecoder(runtime, graphs.decoder, encoder);
    const { numHeads: heads, dKv: headSize, decoderStartId, padId } = t5;
    const model = encoderDecoderModel({ runtime, encoder, decoder, heads, headSize, alone: form.alone });
    const { path } = form.decoder.graph;
    await checkRows(runtime, model, t5, tokenizer, { folder: folder.name, path, advice: ADVICE });
    return new T5Scorer({
      runtime,
      model,
      tokenizer,
      info,
      limits: card.limits,
      decoderStartId,
      padId,
      batching,
    });
  },
};

/** @throws as `openLayout` */
export const openPair = (
  folder: FolderReader,
  runtime: Runtime,
  options?: OpenOptions,
): Promise<OpenedCheckpoint<T5Scorer>> => openLayout(PAIR, folder, runtime, options);

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
