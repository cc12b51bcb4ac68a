/**
 * What can be made of a folder, judged by the names of its files alone: nothing has been fetched yet. Every way to use it
 * says which files it needs, so that no others are fetched.
 */

import { classifierFiles, classifiersIn, isClassifierFolder } from '../checkpoint/classifier-files.ts';
import { headless } from '../checkpoint/classifier-head.ts';
import { filesOf, isPairFolder, pairsIn } from '../checkpoint/pair-files.ts';
import type { RankerCard } from '../checkpoint/ranker-card.ts';
import { scorerFiles } from '../checkpoint/scorer-files.ts';
import { otherWeights, weightFiles } from '../checkpoint/weight-names.ts';
import { RankscopeError } from '../errors.ts';
import type { Dtype } from '../inference/scorer.ts';
import type { ConfigFacts } from './config-facts.ts';
import type { SourceFile } from './source-file.ts';

/**
 * - checkpoint: a ready checkpoint of Rankscope
 * - original: a T5 of Hugging Face with safetensors, to be converted
 * - pickle: the same with `pytorch_model.bin`, which is read as data, never run
 * - transformers-js: `onnx/encoder_model` and a decoder
 * - text-classification: `onnx/model`, an encoder with a head: a cross-encoder
 */
export type UseKind = 'checkpoint' | 'original' | 'pickle' | 'transformers-js' | 'text-classification';

/** One way to use a folder. */
export interface Use {
  readonly kind: UseKind;
  /** Of the scorer, where the files decide it; a conversion chooses later. */
  readonly dtype?: Dtype;
  /** All that it needs. */
  readonly files: readonly SourceFile[];
  /** Of those files together. */
  readonly bytes: number;
}

export interface Usable {
  /** The one to propose first. */
  readonly uses: readonly Use[];
  /** Where there are none: why, in a sentence. */
  readonly why?: string;
}

export interface Known {
  /** Where ranker.json has been read: it says which file is which. */
  readonly card?: RankerCard;
  /** What config.json says, where somebody knows it. */
  readonly about?: ConfigFacts;
}

/** Families whose graphs are T5's. */
const T5_TYPES = ['t5', 'mt5'];
/** Read if they are there. */
const BESIDE = ['README.md', 'generation_config.json', 'special_tokens_map.json', 'added_tokens.json'];
/** Prefer what runs everywhere and is small. */
const CHECKPOINT_ORDER: readonly Dtype[] = ['int8', 'q8', 'q4', 'fp32'];

export function usableFrom(files: readonly SourceFile[], known: Known = {}): Usable {
  const folder = new Files(files);
  const { modelType, architectures = [] } = known.about ?? {};
  if (modelType !== undefined && !T5_TYPES.includes(modelType)) {
    return notT5(folder, modelType, architectures);
  }
  if (folder.has('ranker.json')) return checkpoint(folder, known.card);
  const uses = [
    ...originals(folder),
    ...pairs(folder),
    ...(modelType === undefined ? classifiers(folder) : []),
  ];
  if (uses.length > 0) return { uses };
  return none(whyNot(folder));
}

class Files {
  readonly all: readonly SourceFile[];
  readonly #byPath: ReadonlyMap<string, SourceFile>;
  constructor(all: readonly SourceFile[]) {
    this.all = all;
    this.#byPath = new Map(all.map((file) => [file.path, file]));
  }
  has = (path: string): boolean => this.#byPath.has(path);
  get paths(): readonly string[] {
    return [...this.#byPath.keys()];
  }

  /** Those of the paths that are there, each once. */
  these = (paths: readonly string[]): SourceFile[] =>
    [...new Set(paths)].flatMap((path) => this.#byPath.get(path) ?? []);
}

function use(kind: UseKind, files: readonly SourceFile[], dtype?: Dtype): Use {
  return { kind, dtype, files, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

function checkpoint(folder: Files, card: RankerCard | undefined): Usable {
  const small = ['ranker.json', 'config.json', 'tokenizer.json', 'tokenizer_config.json', 'README.md'];
  const uses = CHECKPOINT_ORDER.flatMap((dtype) => {
    // Before the card has been read, names tell: that of the scorer, and with another ending that of its weights.
    const named = new RegExp(`^onnx/scorer_${dtype}[._]`);
    const files = card ? scorerFiles(card, dtype) : folder.paths.filter((path) => named.test(path));
    const whole = files.some((path) => path.endsWith('.onnx')) && files.every((path) => folder.has(path));
    return whole ? use('checkpoint', folder.these([...small, ...files]), dtype) : [];
  });
  if (uses.length > 0) return { uses };
  const converted = originals(folder);
  return converted.length > 0
    ? { uses: converted }
    : none('It has a ranker.json, but none of the scorer files that belong to it.');
}

function originals(folder: Files): Use[] {
  if (!folder.has('config.json')) return [];
  const tokenizer = tokenizerOf(folder);
  const weights = weightFiles(folder.paths);
  // An index without shards is no model.
  if (!tokenizer || !weights.some((path) => !path.endsWith('.json'))) return [];
  const kind = weights[0]!.startsWith('pytorch_model') ? 'pickle' : 'original';
  return [use(kind, folder.these(['config.json', ...tokenizer, ...BESIDE, ...weights]))];
}

function pairs(folder: Files): Use[] {
  if (!isPairFolder(folder.all) || !folder.has('config.json')) return [];
  const tokenizer = tokenizerOf(folder);
  if (!tokenizer) return [];
  try {
    return pairsIn(folder.all, {}, '').map((pair) => {
      const graphs = filesOf(pair).map(({ path }) => path);
      return use(
        'transformers-js',
        folder.these(['config.json', ...tokenizer, ...BESIDE, ...graphs]),
        pair.dtype,
      );
    });
  } catch (error) {
    if (error instanceof RankscopeError) return [];
    throw error;
  }
}

/** A model that is no T5: a cross-encoder, or nothing that ranks here. */
function notT5(folder: Files, modelType: string, architectures: readonly string[]): Usable {
  const why = headless(architectures);
  if (isClassifierFolder(folder.all)) {
    if (why !== undefined) return none(why);
    const uses = classifiers(folder);
    return uses.length > 0 ? { uses } : none(whyNoClassifier(folder));
  }
  const other = `It is a ${modelType} model; Rankscope ranks with T5 models, such as FLAN-T5 and monoT5, and with cross-encoders in transformers.js’ layout`;
  return none(
    architectures.length > 0 && why === undefined
      ? `${other}: this one has no onnx/model.onnx. Look for its ONNX form on the hub, for example by Xenova or onnx-community.`
      : `${other}.`,
  );
}

function classifiers(folder: Files): Use[] {
  const read = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
  if (!isClassifierFolder(folder.all) || !read.every(folder.has)) return [];
  try {
    return classifiersIn(folder.all, {}, '').map((form) => {
      const graphs = classifierFiles(form).map(({ path }) => path);
      return use('text-classification', folder.these([...read, ...BESIDE, ...graphs]), form.dtype);
    });
  } catch (error) {
    if (error instanceof RankscopeError) return [];
    throw error;
  }
}

function whyNoClassifier(folder: Files): string {
  const lacks = ['config.json', 'tokenizer.json', 'tokenizer_config.json'].filter(
    (path) => !folder.has(path),
  );
  if (lacks.length > 0) return `It has a cross-encoder, but no ${lacks.join(' and no ')}.`;
  return reasonOf(() => classifiersIn(folder.all, {}, '')) ?? 'It cannot be used as it is.';
}

/** Why files cannot be used, as what reads them says; undefined where they can. */
function reasonOf(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    if (error instanceof RankscopeError) return error.message.replace(/^onnx\//, 'Its folder onnx');
    throw error;
  }
  return undefined;
}

function tokenizerOf(folder: Files): readonly string[] | undefined {
  if (folder.has('tokenizer.json') && folder.has('tokenizer_config.json'))
    return ['tokenizer.json', 'tokenizer_config.json'];
  if (folder.has('spiece.model')) return ['spiece.model', 'tokenizer_config.json'];
  return folder.has('tokenizer.json') ? ['tokenizer.json'] : undefined;
}

function whyNot(folder: Files): string {
  if (isPairFolder(folder.all)) {
    const why = reasonOf(() => pairsIn(folder.all, {}, ''));
    if (why !== undefined) return why;
  }
  if (isClassifierFolder(folder.all)) return whyNoClassifier(folder);
  const weights = weightFiles(folder.paths).length > 0 || isPairFolder(folder.all);
  if (weights && !folder.has('config.json'))
    return 'It has weights, but no config.json, which says what they are.';
  if (weights && !tokenizerOf(folder)) {
    return 'It has weights, but no tokenizer: tokenizer.json with tokenizer_config.json, or spiece.model.';
  }
  const other = otherWeights(folder.paths);
  if (other) return `${other.says}.`;
  const looked =
    'ranker.json, model.safetensors, pytorch_model.bin, onnx/encoder_model.onnx or onnx/model.onnx';
  return `It has nothing to rank with: no ${looked}.`;
}

const none = (why: string): Usable => ({ uses: [], why });
