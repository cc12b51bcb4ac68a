/**
 * What a conversion and a session of a model take, from its configuration and the names of its files alone: to be said
 * before anything is downloaded.
 */
import type { FolderFile } from '../../bytes/byte-source.ts';
import type { Dtype } from '../../inference/scorer.ts';
import type { T5Config } from '../../t5/config.ts';
import { HEAD, parameterShapes, SHARED } from '../../t5/names.ts';
import { scorerBytes } from '../../t5/stream-scorer.ts';
import { weightFiles } from '../weight-names.ts';
import { sessionBytes } from './session-memory.ts';

/** Chromium's renderer with a page and a worker, or Node with our code (each had about 120 MB), and what waits to be freed. */
const PROCESS = 200 * 2 ** 20;
/** Beside a matrix as fp32: what it is made into, and that transposed. */
const COPIES_OF_A_MATRIX = 2;
/** Other files that are read: they are small. */
const BESIDE = /^(config|tokenizer|tokenizer_config|special_tokens_map|added_tokens)\.json$|^spiece\.model$/;

export interface ModelNeeds {
  /** Number of weights. */
  readonly parameters: number;
  /** Bytes that are fetched: weights, configuration, tokenizer. */
  readonly downloadBytes: number;
  /** The most memory at a time while it is converted, all of the process. */
  readonly convertBytes: number;
  /** What the converted checkpoint takes of disk. */
  readonly diskBytes: number;
  /** Memory of a worker that ranks with it, by dtype. */
  readonly sessionBytes: Readonly<Partial<Record<Dtype, number>>>;
}

/**
 * @param files of the folder, as it lists them
 * @param stored bytes of a weight in model.safetensors; 0: it is not written
 */
export function modelNeeds(
  config: T5Config,
  files: readonly FolderFile[],
  dtypes: readonly Dtype[],
  stored: 0 | 2 | 4 = 0,
): ModelNeeds {
  const weights = new Set(weightFiles(files.map(({ path }) => path)));
  const fetched = files.filter(({ path }) => weights.has(path) || BESIDE.test(path));
  const parameters = [...parameterShapes(config).values()].reduce((sum, dims) => sum + product(dims), 0);
  return {
    parameters,
    downloadBytes: fetched.reduce((sum, { size }) => sum + size, 0),
    convertBytes: PROCESS + conversionBytes(config, dtypes),
    diskBytes:
      stored * parameters + dtypes.reduce((sum, one) => sum + scorerBytes(config, one).total, 0) + 2 ** 23,
    sessionBytes: Object.fromEntries(
      dtypes.map((dtype) => [dtype, sessionBytes(scorerBytes(config, dtype).total)]),
    ),
  };
}

/** What a conversion has in memory at a time, beside the process itself. */
export function conversionBytes(config: T5Config, dtypes: readonly Dtype[]): number {
  const shapes = parameterShapes(config);
  const tables = [SHARED, HEAD].map((name) => product(shapes.get(name) ?? [0]));
  // q, k and v are one product: read one by one and put together.
  const inner = config.numHeads * config.dKv;
  const stackedParts = 2 * 3 * inner * config.dModel;
  const feedForward = (config.gated ? 4 : 1) * config.dFf * config.dModel;
  const largest = 4 * Math.max(...tables, stackedParts, feedForward);
  // Where a head may be the shared embedding a second time, both are looked at.
  const twins = 4 * (tables[0]! + tables[1]!);
  const inModel = Math.max(
    ...dtypes.map((dtype) => {
      const { external, total } = scorerBytes(config, dtype);
      return total - external;
    }),
  );
  // Of what stays in the model: the constants, and the file that is made of them.
  return Math.max(twins, COPIES_OF_A_MATRIX * largest + 2 * inModel);
}

const product = (dims: readonly number[]) => dims.reduce((result, dim) => result * dim, 1);
