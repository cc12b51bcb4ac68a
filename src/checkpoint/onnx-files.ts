/**
 * ONNX files of a folder in transformers.js' layout: `onnx/NAME{suffix}.onnx`, and weights beside them as `….onnx_data`,
 * `….onnx_data_1` and so on. Conventions: transformers.js 4.3.1, src/utils/dtypes.js and src/utils/model-loader.js.
 */
import type { FolderFile } from '../bytes/byte-source.ts';
import { RankscopeError } from '../errors.ts';
import type { Dtype } from '../inference/scorer.ts';
import { isCount, isObject } from '../json-checks.ts';

/** transformers.js' words for how weights are stored, its file suffixes, and what that is here; exact ones first. */
export const STORED = [
  { word: 'fp32', suffix: '', dtype: 'fp32' },
  { word: 'q4', suffix: '_q4', dtype: 'q4' },
  { word: 'q8', suffix: '_quantized', dtype: 'q8' },
  { word: 'int8', suffix: '_int8', dtype: 'int8' },
  { word: 'uint8', suffix: '_uint8', dtype: 'int8' },
] as const satisfies readonly { word: string; suffix: string; dtype: Dtype }[];

export const STORED_SUFFIXES: readonly string[] = STORED.map(({ suffix }) => suffix);

export type StoredWord = (typeof STORED)[number]['word'];

/** What a folder has for one dtype. */
export interface StoredForm {
  readonly word: StoredWord;
  readonly dtype: Dtype;
  /**
   * Activations are scaled per tensor (DynamicQuantizeLinear): a prompt's numbers depend on all that runs with it, so it
   * has to run alone.
   */
  readonly alone: boolean;
}

/** Whether files of a dtype scale activations per tensor. */
export const runsAlone = (dtype: Dtype): boolean => dtype === 'q8' || dtype === 'int8';

const HALF_PRECISIONS = ['_fp16', '_q4f16', '_q2f16', '_q1f16'];
const REFUSED: Readonly<Record<string, string>> = {
  _bnb4: 'its 4-bit format is not one that browsers can run',
  _q2: 'two bits a weight were not tried here',
  _q1: 'one bit a weight was not tried here',
};

/**
 * Why a model that is there is not used: it is stored in a form that is none of ours. Ends a sentence that begins with the
 * folder; undefined where there is no such file.
 * @param halfPrecision why 16-bit floats are not used
 */
export function refusedForm(
  paths: readonly string[],
  name: string,
  halfPrecision: string,
): string | undefined {
  const why = (suffix: string) => (HALF_PRECISIONS.includes(suffix) ? halfPrecision : REFUSED[suffix]);
  const suffix = [...HALF_PRECISIONS, ...Object.keys(REFUSED)].find((one) =>
    paths.includes(`onnx/${name}${one}.onnx`),
  );
  return (
    suffix &&
    `has the model only as “${suffix.slice(1)}”, which is not used: ${why(suffix)}. Take a folder with fp32, q4 or q8 files.`
  );
}

/** An ONNX file and the files with its weights. */
export interface GraphFiles {
  readonly graph: FolderFile;
  readonly data: readonly FolderFile[];
}

/** A graph's files. */
export const allOf = ({ graph, data }: GraphFiles): FolderFile[] => [graph, ...data];

/** Looks for graphs among the files of a folder, and remembers which lack weights that config.json promises. */
export class GraphFinder {
  readonly #byPath: ReadonlyMap<string, FolderFile>;
  readonly #config: unknown;
  readonly #folder: string;
  #incomplete: RankscopeError | undefined;

  /**
   * @param config parsed config.json: its `transformers.js_config` says which files have their weights beside them
   * @param folder for messages, ends in `/`
   */
  constructor(files: readonly FolderFile[], config: unknown, folder: string) {
    this.#byPath = new Map(files.map((file) => [file.path, file]));
    this.#config = config;
    this.#folder = folder;
  }

  /** The first of the names that is there with all its weights. */
  find(names: readonly string[], suffix: string): GraphFiles | undefined {
    for (const name of names) {
      const file = `${name}${suffix}.onnx`;
      const graph = this.#byPath.get(`onnx/${file}`);
      if (!graph) continue;
      const data = dataBeside(graph.path, this.#byPath);
      const promised = chunksOf(this.#config, file, name);
      if (data.length >= promised) return { graph, data };
      this.#incomplete ??= lacksData(this.#folder, dataName(graph.path, data.length), graph.path);
    }
    return undefined;
  }

  /** What to throw where nothing was found. @param why ends a sentence that begins with the folder */
  refusal(why: (paths: readonly string[]) => string): RankscopeError {
    return (
      this.#incomplete ??
      new RankscopeError('bad-checkpoint', `${this.#folder}onnx/ ${why([...this.#byPath.keys()])}`)
    );
  }
}

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
