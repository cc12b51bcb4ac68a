/**
 * Which files of a folder in transformers.js' layout make a scorer: `onnx/NAME{suffix}.onnx` with NAME `encoder_model` and
 * `decoder_model` or `decoder_model_merged`, and weights beside them as `….onnx_data`, `….onnx_data_1` and so on.
 * Conventions: transformers.js 4.3.1, src/utils/dtypes.js and src/utils/model-loader.js.
 */
import type { FolderFile } from '../bytes/byte-source.ts';
import { RankscopeError } from '../errors.ts';
import type { Dtype } from '../inference/scorer.ts';
import { isCount, isObject } from '../json-checks.ts';

export const ENCODER = 'encoder_model';
/** Best first: one without past and without branches, then the one that does both. */
export const DECODERS = ['decoder_model', 'decoder_model_merged'] as const;

/** transformers.js' words for how weights are stored, its file suffixes, and what that is here. */
const STORED = [
  { word: 'fp32', suffix: '', dtype: 'fp32' },
  { word: 'q4', suffix: '_q4', dtype: 'q4' },
  { word: 'q8', suffix: '_quantized', dtype: 'q8' },
  { word: 'int8', suffix: '_int8', dtype: 'int8' },
  { word: 'uint8', suffix: '_uint8', dtype: 'int8' },
] as const satisfies readonly { word: string; suffix: string; dtype: Dtype }[];

export const STORED_SUFFIXES: readonly string[] = STORED.map(({ suffix }) => suffix);

/** Suffixes of what is never used, and why. */
const HALF_PRECISION =
  'T5 overflows 16-bit floats in its feed-forward layers, and its answers are then wrong without a sign of it';
const REFUSED: Readonly<Record<string, string>> = {
  _fp16: HALF_PRECISION,
  _q4f16: HALF_PRECISION,
  _q2f16: HALF_PRECISION,
  _q1f16: HALF_PRECISION,
  _bnb4: 'its 4-bit format is not one that browsers can run',
  _q2: 'two bits a weight were not tried here',
  _q1: 'one bit a weight was not tried here',
};

export type StoredWord = (typeof STORED)[number]['word'];

/** An ONNX file and the files with its weights. */
export interface GraphFiles {
  readonly graph: FolderFile;
  readonly data: readonly FolderFile[];
}

/** What is loaded for one dtype. */
export interface PairFiles {
  readonly word: StoredWord;
  readonly dtype: Dtype;
  readonly encoder: GraphFiles;
  readonly decoder: GraphFiles;
  /**
   * Activations are scaled per tensor (DynamicQuantizeLinear): a prompt's numbers depend on all that runs with it, so it
   * has to run alone.
   */
  readonly alone: boolean;
}

/** Whether a folder is laid out so: then it is read as such, or refused with a reason. */
export const isPairFolder = (files: readonly Pick<FolderFile, 'path'>[]): boolean =>
  files.some(({ path }) => /^onnx\/(encoder_model|decoder_model)[^/]*\.onnx$/.test(path));

/**
 * The scorers that a folder has, exact ones first (fp32, q4, then those whose prompts run alone); one for each dtype.
 * @param config parsed config.json: its `transformers.js_config` says which files have their weights beside them
 * @param folder for messages, ends in `/`
 * @throws RankscopeError 'bad-checkpoint' naming what is missing, or why what is there is not used.
 */
export function pairsIn(files: readonly FolderFile[], config: unknown, folder: string): PairFiles[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const incomplete: RankscopeError[] = [];
  /** The first of the names that is there with all its weights. */
  const graphOf = (names: readonly string[], suffix: string): GraphFiles | undefined => {
    for (const name of names) {
      const file = `${name}${suffix}.onnx`;
      const graph = byPath.get(`onnx/${file}`);
      if (!graph) continue;
      const data = dataBeside(graph.path, byPath);
      const promised = chunksOf(config, file, name);
      if (data.length >= promised) return { graph, data };
      incomplete.push(lacksData(folder, dataName(graph.path, data.length), graph.path));
    }
    return undefined;
  };
  const pairs: PairFiles[] = [];
  for (const { word, suffix, dtype } of STORED) {
    const encoder = graphOf([ENCODER], suffix);
    const decoder = graphOf(DECODERS, suffix);
    if (!encoder || !decoder || pairs.some((pair) => pair.dtype === dtype)) continue;
    pairs.push({ word, dtype, encoder, decoder, alone: dtype === 'q8' || dtype === 'int8' });
  }
  if (pairs.length > 0) return pairs;
  if (incomplete[0]) throw incomplete[0];
  throw new RankscopeError('bad-checkpoint', `${folder}onnx/ ${whyNone([...byPath.keys()])}`);
}

/** All files of a pair. */
export const filesOf = ({ encoder, decoder }: PairFiles): FolderFile[] =>
  [encoder, decoder].flatMap(({ graph, data }) => [graph, ...data]);

/** More files of weights beside one graph than anything for a page has. */
export const DATA_CHUNKS = 16;

/** The file of weights beside a graph. @param chunk from 0 */
export const dataName = (path: string, chunk: number) => `${path}_data${chunk === 0 ? '' : `_${chunk}`}`;

function dataBeside(path: string, byPath: ReadonlyMap<string, FolderFile>): FolderFile[] {
  const found: FolderFile[] = [];
  for (let file = byPath.get(dataName(path, 0)); file; file = byPath.get(dataName(path, found.length))) {
    found.push(file);
  }
  return found;
}

/**
 * How many files of weights config.json promises: `use_external_data_format` is true, a number of files, or one of these by
 * the file's name or the model's.
 */
function chunksOf(config: unknown, file: string, name: string): number {
  const own = isObject(config) ? config['transformers.js_config'] : undefined;
  const format = isObject(own) ? own.use_external_data_format : undefined;
  const value = isObject(format) ? (format[file] ?? format[name]) : format;
  if (value === true) return 1;
  return isCount(value) ? value : 0;
}

const lacksData = (folder: string, data: string, graph: string) =>
  new RankscopeError(
    'missing',
    `${folder}${data} is missing: config.json says that ${graph} keeps its weights beside it. Get the folder again, with all of onnx/.`,
    { file: `${folder}${data}` },
  );

function whyNone(paths: readonly string[]): string {
  for (const [suffix, why] of Object.entries(REFUSED)) {
    if (paths.includes(`onnx/${ENCODER}${suffix}.onnx`)) {
      return `has the model only as “${suffix.slice(1)}”, which is not used: ${why}. Take a folder with fp32, q4 or q8 files.`;
    }
  }
  const has = (name: string) =>
    paths.some((path) => path.startsWith(`onnx/${name}`) && path.endsWith('.onnx'));
  if (!has(ENCODER)) return 'has no encoder_model: a T5 in this layout is an encoder and a decoder file.';
  if (!has('decoder_model'))
    return 'has no decoder_model and no decoder_model_merged beside its encoder_model.';
  return 'has no encoder and decoder that are stored alike: both are needed as fp32, q4, q8, int8 or uint8.';
}
