/**
 * Opens a checkpoint folder, wherever it lies, as a Scorer: card, config and tokenizer first, then
 * the scorer file of the dtype asked for, each checked against the card before anything is made of it.
 */
import type { FolderReader } from '../bytes/byte-source.ts';
import { readAll, readFile, readTextFile } from '../bytes/read.ts';
import { RankscopeError } from '../errors.ts';
import { DTYPE_ORDER } from '../inference/device-policy.ts';
import { fusedModel } from '../inference/fused-model.ts';
import type { TextSource } from '../inference/fused-text.ts';
import type { LoadedModel } from '../inference/loaded-model.ts';
import type { ExternalData, Runtime } from '../inference/runtime.ts';
import type { Device, Dtype } from '../inference/scorer.ts';
import { T5Scorer, type T5ScorerParts } from '../inference/t5-scorer.ts';
import { parseT5Config } from '../t5/config.ts';
import { SCORER_INPUTS, SCORER_OUTPUTS } from '../t5/scorer-graph-io.ts';
import type { TextTokenizer } from '../tokenizer/text-tokenizer.ts';
import { parseRankerCard, verifyFile, verifySource } from './card-read.ts';
import type { RankerCard } from './ranker-card.ts';
import { scorerFileBytes } from './scorer-files.ts';
import { checkRows, startSession } from './start-session.ts';
import { makeTokenizer, parseJson } from './tokenizer-files.ts';
import { checkLabels, checkVocabulary } from './vocabulary-checks.ts';

export interface OpenedCheckpoint<M extends LoadedModel = LoadedModel> {
  readonly card: RankerCard;
  readonly scorer: M & { readonly tokenizer: TextTokenizer };
  /** Bytes of the files that hold the model. */
  readonly bytes: number;
  readonly loadMs: number;
  readonly compileMs: number;
  /** What people should know of how it runs. */
  readonly notice?: string;
}

export interface OpenOptions {
  readonly dtype?: Dtype;
  /** What a model without a card is called; absent: by its folder. */
  readonly title?: string;
  readonly batching?: T5ScorerParts['batching'];
  readonly onDownload?: (file: string, loaded: number, total: number) => void;
  readonly onCompile?: () => void;
  /**
   * The folder's files were held to their digests when they were stored: the weights beside a scorer, which may be
   * large, are not read once more to do it again.
   */
  readonly trusted?: boolean;
  /** Models of fewer bytes are held twice once a text is asked for (inference/fused-text.ts). Default HELD_TWICE. */
  readonly twiceBelow?: number;
  /** Told once, when a text is first asked for, where each of its tokens costs a reading of the whole prompt: for people. */
  readonly onSlowTexts?: (notice: string) => void;
  readonly signal?: AbortSignal;
}

/** A page's memory is short, and what it once took it keeps. */
const HELD_TWICE: Record<Device, number> = { cpu: 2 ** 31, wasm: 128 * 2 ** 20, webgpu: 128 * 2 ** 20 };
/** Scorer files that stay in memory for that, instead of being read again. */
const KEPT_BYTES = 8 * 2 ** 20;

/** Where nothing is known of machine and size. */
const PREFERENCE: Record<Device, readonly Dtype[]> = {
  wasm: DTYPE_ORDER.wasm,
  cpu: DTYPE_ORDER.wasm,
  webgpu: DTYPE_ORDER.webgpu,
};

/**
 * Picks the scorer file.
 * @throws RankscopeError 'bad-input' when the folder has none that fits.
 */
export function chooseDtype(card: RankerCard, device: Device, wanted?: Dtype): Dtype {
  const available = Object.keys(card.scorers) as Dtype[];
  const chosen = wanted
    ? available.find((dtype) => dtype === wanted)
    : PREFERENCE[device].find((dtype) => available.includes(dtype));
  if (chosen) return chosen;
  throw new RankscopeError(
    'bad-input',
    `${card.name} has no ${wanted ?? 'suitable'} scorer for ${device}; it has ${available.join(', ')}.`,
  );
}

/** @throws RankscopeError 'bad-checkpoint', 'missing', 'network' or 'device'. */
export async function openCheckpoint(
  folder: FolderReader,
  runtime: Runtime,
  options: OpenOptions = {},
): Promise<OpenedCheckpoint<T5Scorer>> {
  const began = performance.now();
  const { name } = folder;
  const { signal } = options;
  const card = parseRankerCard(await readTextFile(folder, 'ranker.json', signal), `${name}ranker.json`);
  const dtype = chooseDtype(card, runtime.device, options.dtype);
  const path = card.scorers[dtype]!;
  const checked = (file: string, report = false) =>
    verified(folder, card, file, signal, report ? options.onDownload : undefined);
  const dataPath = card.externalData?.[dtype];
  const [config, tokenizerJson, tokenizerConfig, model, data] = await Promise.all([
    checked('config.json'),
    checked('tokenizer.json'),
    checked('tokenizer_config.json'),
    checked(path, true),
    dataPath === undefined ? undefined : openExternalData(folder, card, dataPath, options),
  ]);
  const t5 = parseT5Config(parseJson(decode(config), `${name}config.json`), `${name}config.json`);
  const tokenizer = makeTokenizer(name, decode(tokenizerJson), decode(tokenizerConfig));
  checkVocabulary(tokenizer, t5.vocabSize, name);
  checkLabels(card.templates, tokenizer, `${name}ranker.json`);
  const loadMs = performance.now() - began;

  options.onCompile?.();
  const compiled = performance.now();
  const start = (bytes: Uint8Array, externalData: TextFiles['externalData']) =>
    startSession(runtime, {
      file: name + path,
      kind: 'a Rankscope scorer',
      bytes,
      inputs: SCORER_INPUTS,
      outputs: SCORER_OUTPUTS,
      externalData,
    });
  const session = await start(model, data && [data]);
  const kept = model.byteLength <= KEPT_BYTES ? model : undefined;
  const place = data && !(data.data instanceof Uint8Array) ? data : undefined;
  const read = async (): Promise<TextFiles> => {
    const beside =
      dataPath === undefined
        ? undefined
        : (place ?? (await openExternalData(folder, card, dataPath, { trusted: true })));
    return { model: kept ?? (await verified(folder, card, path)), externalData: beside && [beside] };
  };
  const fused = fusedModel(runtime, session, {
    config: t5,
    dtype,
    read,
    restart:
      scorerFileBytes(card, dtype) < (options.twiceBelow ?? HELD_TWICE[runtime.device])
        ? undefined
        : async () => {
            const again = await read();
            return start(again.model, again.externalData);
          },
    onRefused: (why) =>
      options.onSlowTexts?.(
        `${card.name} judges and writes texts slowly here: it reads the whole prompt again for every token. ${why}`,
      ),
  });
  await checkRows(runtime, fused, t5, tokenizer, {
    folder: name,
    path,
    advice: 'Export the checkpoint again.',
  });
  const compileMs = performance.now() - compiled;
  const info = {
    name: card.name,
    digest: card.files[path]!.sha256,
    dtype,
    device: runtime.device,
    threads: runtime.threads,
    runtime: runtime.version,
  };
  const scorer = new T5Scorer({
    runtime,
    model: fused,
    tokenizer,
    info,
    limits: card.limits,
    decoderStartId: t5.decoderStartId,
    padId: t5.padId,
    batching: options.batching,
  });
  return { card, scorer, bytes: scorerFileBytes(card, dtype), loadMs, compileMs };
}

type TextFiles = Awaited<ReturnType<TextSource['read']>>;

/** A file whose digest is the card's. */
async function verified(
  folder: FolderReader,
  card: RankerCard,
  file: string,
  signal?: AbortSignal,
  onDownload?: OpenOptions['onDownload'],
) {
  const expected = card.files[file];
  if (!expected)
    throw new RankscopeError('bad-checkpoint', `${folder.name}ranker.json does not list ${file}.`);
  const onProgress = onDownload && ((loaded: number) => onDownload(file, loaded, expected.bytes));
  const bytes = await readFile(folder, file, { signal, onProgress });
  await verifyFile(folder.name + file, bytes, expected);
  return bytes;
}

/** The weights beside a scorer: where the runtime finds them itself, or their bytes. */
async function openExternalData(
  folder: FolderReader,
  { files }: RankerCard,
  path: string,
  { signal, trusted = false, onDownload }: OpenOptions,
): Promise<ExternalData> {
  const expected = files[path]!;
  const source = await folder.open(path, signal);
  const location = path.slice(path.lastIndexOf('/') + 1);
  try {
    const { place } = source;
    if (place === undefined) {
      const bytes = await readAll(source, (loaded) => onDownload?.(path, loaded, expected.bytes));
      await verifyFile(folder.name + path, bytes, expected);
      return { path: location, data: bytes };
    }
    await verifySource(source, expected, trusted);
    return { path: location, data: place };
  } finally {
    await source.close();
  }
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
