/**
 * Opens a folder in transformers.js' layout as a Scorer: an encoder and a decoder session on the runtime that all models
 * here share. transformers.js itself is not used: its loader leaves a worker unusable after one bad file, and waits for
 * ever where a file of weights is missing (4.3.1).
 */
import type { FileDigest, FolderFile, FolderReader } from '../bytes/byte-source.ts';
import { readAll } from '../bytes/read.ts';
import { sha256, sourceDigest } from '../bytes/sha256.ts';
import { RankscopeError } from '../errors.ts';
import {
  DECODER_INPUTS,
  DECODER_OUTPUT,
  ENCODER_INPUTS,
  ENCODER_OUTPUT,
  encoderDecoderModel,
  unknownDecoderInputs,
} from '../inference/encoder-decoder-model.ts';
import type { ExternalData, Runtime, RuntimeSession } from '../inference/runtime.ts';
import type { Device, Dtype } from '../inference/scorer.ts';
import { T5Scorer } from '../inference/t5-scorer.ts';
import { parseT5Config } from '../t5/config.ts';
import { deriveCard, withUsableLabels } from './derive-card.ts';
import { readConfig, readTokenizer } from './hf-folder.ts';
import type { OpenedCheckpoint, OpenOptions } from './open-checkpoint.ts';
import { filesOf, type GraphFiles, type PairFiles, pairsIn } from './pair-files.ts';
import { checkRows, startSession } from './start-session.ts';

const ADVICE = 'Get the folder again, all its files from the same place.';

/** @throws RankscopeError 'bad-checkpoint', 'bad-input', 'missing', 'network' or 'device' naming the file. */
export async function openPair(
  folder: FolderReader,
  runtime: Runtime,
  options: OpenOptions = {},
): Promise<OpenedCheckpoint> {
  const began = performance.now();
  const { name } = folder;
  const files = await folder.list(options.signal);
  const config = await readConfig(folder);
  const t5 = parseT5Config(config, `${name}config.json`);
  const derived = await deriveCard(folder, files, config, options.title);
  const pair = choosePair(pairsIn(files, config, name), runtime.device, options.dtype, derived.name);
  const { tokenizer } = await readTokenizer(folder, t5.vocabSize);
  const labelled = withUsableLabels(derived, tokenizer);
  const load = loader(folder, pair, options);
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

/**
 * Exact ones first. Where activations are scaled per tensor the arithmetic is for processors: on WebGPU every layer would
 * go there and back.
 * @throws RankscopeError 'bad-input' naming what there is
 */
export function choosePair(
  pairs: readonly PairFiles[],
  device: Device,
  wanted: Dtype | undefined,
  name: string,
): PairFiles {
  const fitting = pairs.filter(({ alone }) => device !== 'webgpu' || !alone);
  const chosen = wanted ? fitting.find(({ dtype }) => dtype === wanted) : fitting[0];
  if (chosen) return chosen;
  const has = pairs.map(({ dtype }) => dtype).join(', ');
  const why =
    device === 'webgpu' && pairs.some(({ dtype, alone }) => alone && dtype === (wanted ?? dtype))
      ? '; q8 and int8 in this layout are for processors (WASM)'
      : '';
  throw new RankscopeError(
    'bad-input',
    `${name} has no ${wanted ?? 'suitable'} files for ${device}; it has ${has}${why}.`,
  );
}

const aloneNotice = (name: string, { word }: PairFiles): string =>
  `${name} is stored as ${word} with activations scaled per tensor: each prompt runs by itself, so that its numbers depend on nothing else. fp32 or q4 files run in batches.`;

interface LoadedGraph {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly externalData: readonly ExternalData[];
  readonly digests: Readonly<Record<string, FileDigest>>;
}

/** Reads graphs with their weights; progress is told over all files of the pair. */
function loader(folder: FolderReader, pair: PairFiles, { onDownload, signal }: OpenOptions) {
  const total = filesOf(pair).reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  const read = async (file: FolderFile, keep: boolean) => {
    const source = await folder.open(file.path, signal);
    try {
      const started = before;
      const told = (done: number) => onDownload?.(file.path, started + done, total);
      before += file.size;
      if (source.size !== file.size) throw unlike(folder, file, `${source.size} bytes`, `${file.size} bytes`);
      // The runtime reads large weights by itself where they lie somewhere it can reach.
      const place = keep ? undefined : source.place;
      const bytes = place === undefined ? await readAll(source, told) : undefined;
      const digest = bytes ? await sha256(bytes) : await sourceDigest(source, told);
      if (file.sha256 !== undefined && file.sha256 !== digest) {
        throw unlike(folder, file, `SHA-256 ${digest}`, file.sha256);
      }
      return {
        bytes,
        data: bytes ?? place!,
        digest: { [file.path]: { bytes: source.size, sha256: digest } },
      };
    } finally {
      await source.close();
    }
  };
  return async ({ graph, data }: GraphFiles): Promise<LoadedGraph> => {
    const model = await read(graph, true);
    let digests = model.digest;
    const externalData: ExternalData[] = [];
    for (const file of data) {
      const weights = await read(file, false);
      externalData.push({ path: file.path.slice(file.path.lastIndexOf('/') + 1), data: weights.data });
      digests = { ...digests, ...weights.digest };
    }
    return { file: folder.name + graph.path, bytes: model.bytes!, externalData, digests };
  };
}

const unlike = ({ name }: FolderReader, { path }: FolderFile, found: string, said: string) =>
  new RankscopeError(
    'bad-checkpoint',
    `${name}${path} is not what the folder's list says: it has ${found}, not ${said}. ${ADVICE}`,
    { file: name + path },
  );

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

/** One digest for several files: that of their names and digests, a line each. @param digests in the order of `filesOf` */
export const digestOfAll = (digests: Readonly<Record<string, Pick<FileDigest, 'sha256'>>>): Promise<string> =>
  sha256(
    new TextEncoder().encode(
      Object.entries(digests)
        .map(([path, file]) => `${file.sha256}  ${path}\n`)
        .join(''),
    ),
  );
