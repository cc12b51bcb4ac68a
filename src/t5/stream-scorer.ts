/**
 * A scorer made from weights that are read one after the other: the graph is built from shapes alone, then every matrix
 * is read, put into the dtype's form and written, so that no more than one of them is in memory. Large scorers keep
 * their weights in a file beside the model (ONNX external data); small ones are the same bytes as `buildScorer`'s.
 */
import type { ByteSink, FileDigest } from '../bytes/byte-source.ts';
import { throwIfCancelled } from '../errors.ts';
import { type ExternalPlace, encodeModel } from '../onnx/encode.ts';
import type { Graph } from '../onnx/graph.ts';
import { ELEMENT_SIZE, float32, sizeOf, type TensorData } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import type { NarrowSide } from './forms.ts';
import { parameterShapes, relativeBiasName } from './names.ts';
import { type MakeConstants, stacked, type WeightSource } from './parts.ts';
import { type ScorerDtype, scorerGraph, scorerMetadata } from './scorer-graph.ts';
import type { ReadableT5 } from './weights.ts';

/** From so many bytes of constants on, they lie beside the model: smaller ones gain nothing from a second file. */
export const EXTERNAL_FROM = 64 * 2 ** 20;
/** Constants smaller than this (scales of rows) stay in the model. */
const SMALL = 16 * 2 ** 10;
/** Where constants begin in the file: at pages, so that they can be mapped. */
const ALIGNMENT = 4096;

export interface StreamOptions {
  /** int8 only: the side with 7 bits. */
  readonly narrow?: NarrowSide;
  readonly signal?: { readonly aborted: boolean };
  /** Bytes of the scorer's constants that are made. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Other thresholds than EXTERNAL_FROM and SMALL; for tests, whose models are tiny. */
  readonly externalFrom?: number;
  readonly inlineBelow?: number;
}

/** The file beside a model. */
export interface DataFile {
  /** Its name, in the model's folder. */
  readonly location: string;
  /** Called once, and only where the scorer needs it. */
  create(): Promise<ByteSink>;
}

export interface StreamedScorer {
  readonly model: Uint8Array<ArrayBuffer>;
  /** What was written beside it; undefined where all is in the model. */
  readonly data: FileDigest | undefined;
}

/** Constants that are made of some weights. */
interface Job {
  readonly weights: readonly string[];
  readonly constants: readonly string[];
  readonly make: MakeConstants;
}

interface Layout {
  readonly graph: Graph;
  readonly jobs: readonly Job[];
  /** All pending constants together, in bytes. */
  readonly bytes: number;
}

/**
 * @returns the bytes of the model, after those of the file beside it were written
 * @throws RankscopeError 'cancelled', and what reading and writing throw; the file is then left unfinished
 */
export async function streamScorer(
  { config, read }: ReadableT5,
  dtype: ScorerDtype,
  file: DataFile,
  options: StreamOptions = {},
): Promise<StreamedScorer> {
  const { narrow = 'weights', signal, onProgress } = options;
  const { externalFrom = EXTERNAL_FROM, inlineBelow = SMALL } = options;
  const { graph, jobs, bytes } = await layOut(config, read, dtype, narrow);
  const out = bytes >= externalFrom ? new DataWriter(graph, file.location, await file.create()) : undefined;
  let done = 0;
  for (const job of jobs) {
    throwIfCancelled(signal);
    const parts: Float32Array[] = [];
    for (const name of job.weights) parts.push(await read(name));
    for (const [i, made] of job.make(stacked(parts)).entries()) {
      const name = job.constants[i]!;
      if (out && made.byteLength >= inlineBelow) await out.write(name, made);
      else graph.fulfil(name, made);
      done += made.byteLength;
    }
    onProgress?.(done, bytes);
  }
  const data = await out?.sink.close();
  const metadata = scorerMetadata(dtype, narrow);
  // The model's digest names the scorer: it must be another one where the weights are others.
  if (data) metadata['rankscope.weights_sha256'] = data.sha256;
  return { model: encodeModel(graph, metadata, out?.places), data };
}

/**
 * Bytes of a scorer's constants, before any weight is read.
 * @returns those that lie beside the model, if any do, and all together
 */
export function scorerBytes(config: T5Config, dtype: ScorerDtype): { external: number; total: number } {
  const { graph, bytes } = shapesOnly(config, dtype);
  if (bytes < EXTERNAL_FROM) return { external: 0, total: bytes };
  const sizes = [...graph.pending.values()].map(({ dtype: type, dims }) => ELEMENT_SIZE[type] * sizeOf(dims));
  return {
    external: sizes.filter((size) => size >= SMALL).reduce((sum, size) => sum + size, 0),
    total: bytes,
  };
}

async function layOut(
  config: T5Config,
  read: ReadableT5['read'],
  dtype: ScorerDtype,
  narrow: NarrowSide,
): Promise<Layout> {
  const small = new Map<string, TensorData<'float32'>>();
  for (const [name, dims] of parameterShapes(config)) {
    if (isSmall(name, dims)) small.set(name, float32(dims, await read(name)));
  }
  return build(config, (name) => small.get(name)!, dtype, narrow);
}

function shapesOnly(config: T5Config, dtype: ScorerDtype): Layout {
  const shapes = parameterShapes(config);
  const zeros = (name: string) => {
    const dims = shapes.get(name)!;
    return float32(dims, new Float32Array(sizeOf(dims)));
  };
  return build(config, zeros, dtype, 'weights');
}

/** Norms and the relative bias, which is baked into a table. */
function isSmall(name: string, dims: readonly number[]): boolean {
  return dims.length === 1 || name === relativeBiasName('encoder') || name === relativeBiasName('decoder');
}

function build(
  config: T5Config,
  small: WeightSource['small'],
  dtype: ScorerDtype,
  narrow: NarrowSide,
): Layout {
  const shapes = parameterShapes(config);
  const jobs: Job[] = [];
  let bytes = 0;
  const weights: WeightSource = {
    small,
    matrix(names) {
      const rows = names.reduce((sum, name) => sum + shapes.get(name)![0]!, 0);
      const columns = shapes.get(names[0]!)![1]!;
      return {
        name: names[0]!,
        rows,
        columns,
        data: {
          later(g, wanted, make) {
            const values = wanted.map(({ hint, dtype: type, dims }) => g.pendingConstant(hint, type, dims));
            jobs.push({ weights: names, constants: values.map(({ name }) => name), make });
            for (const { dtype: type, dims } of wanted) bytes += ELEMENT_SIZE[type] * sizeOf(dims);
            return values;
          },
        },
      };
    },
  };
  const graph = scorerGraph(config, weights, dtype, { narrow });
  return { graph, jobs, bytes };
}

/** Writes constants one after the other and remembers where. */
class DataWriter {
  readonly places = new Map<string, ExternalPlace>();
  readonly sink: ByteSink;
  private readonly graph: Graph;
  private readonly location: string;
  private offset = 0;

  constructor(graph: Graph, location: string, sink: ByteSink) {
    this.graph = graph;
    this.location = location;
    this.sink = sink;
  }

  async write(name: string, data: ArrayBufferView): Promise<void> {
    const padding = (ALIGNMENT - (this.offset % ALIGNMENT)) % ALIGNMENT;
    if (padding > 0) await this.sink.write(new Uint8Array(padding));
    this.offset += padding;
    const { dtype, dims } = this.graph.pending.get(name)!;
    const length = ELEMENT_SIZE[dtype] * sizeOf(dims);
    if (length !== data.byteLength)
      throw new RangeError(`${name} has ${data.byteLength} bytes, not ${length}`);
    await this.sink.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.places.set(name, { location: this.location, offset: this.offset, length });
    this.offset += length;
  }
}
