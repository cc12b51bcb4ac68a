/**
 * The part of onnxruntime that scorers and training use. onnxruntime-web (browser workers) and
 * onnxruntime-node (trainer, tests) both have it; the code that starts one passes it in.
 */
import type { BlobLike } from '../bytes/byte-source.ts';
import type { ArrayOf, DType } from '../onnx/tensor.ts';
import type { Device } from './scorer.ts';

export interface RuntimeTensor {
  readonly type: DType;
  /** Where the runtime keeps values in the caller's memory: always, unless a session is told otherwise. */
  readonly data: unknown;
  readonly dims: readonly number[];
  dispose?(): void;
}

export type Feeds = Readonly<Record<string, RuntimeTensor>>;

/** Outputs by name, or name → a tensor that the output is written into (null: the runtime makes one). */
export type Fetches = readonly string[] | Readonly<Record<string, RuntimeTensor | null>>;

export interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @param fetches what is computed and returned; absent: all outputs. */
  run(feeds: Feeds, fetches?: Fetches): Promise<Record<string, RuntimeTensor>>;
  release(): Promise<void>;
}

/** A file beside the model that holds its large weights. */
export interface ExternalData {
  /** As the model names it, e.g. `scorer_int8.onnx_data`. */
  readonly path: string;
  /** The bytes, a Blob of them, or where they lie: a file path in Node, an address in the browser. */
  readonly data: Uint8Array | BlobLike | string;
}

export interface SessionOptions {
  readonly externalData?: readonly ExternalData[];
  /**
   * False: memory goes back to the system after every run. About a tenth slower, but many sessions then need
   * no more than one. Default true; the browser's heap never shrinks and takes no notice.
   */
  readonly arena?: boolean;
}

export interface Runtime {
  readonly device: Device;
  readonly threads: number;
  /** Name and version, e.g. `onnxruntime-node 1.30.0`: part of the comparison cache's key. */
  readonly version: string;
  /**
   * Compiles a model.
   * @param model bytes of an ONNX file, at most 2 GiB: larger ones keep their weights in external data.
   */
  createSession(model: Uint8Array, options?: SessionOptions): Promise<RuntimeSession>;
  /** A tensor over `data`, which is not copied. @param dims [] for a scalar. @throws where the length does not fit. */
  tensor<T extends DType>(type: T, data: ArrayOf[T], dims: readonly number[]): RuntimeTensor;
  /** Settles, with the reason, when a graphics device has gone and every session with it; absent on CPUs. */
  readonly lost?: Promise<string>;
  /** Lets other tasks of this thread run (messages arrive), as cheaply as the platform can. */
  yieldTask(): Promise<void>;
}
