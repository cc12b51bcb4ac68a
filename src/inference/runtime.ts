/**
 * The part of onnxruntime that a scorer uses. onnxruntime-web (browser workers) and
 * onnxruntime-node (trainer, tests) both have it; the code that starts a scorer passes one in.
 */
import type { Device } from './scorer.ts';

export interface RuntimeTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
  dispose?(): void;
}

export interface RuntimeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, RuntimeTensor>): Promise<Record<string, RuntimeTensor>>;
  release(): Promise<void>;
}

export interface Runtime {
  readonly device: Device;
  readonly threads: number;
  /** Name and version, e.g. `onnxruntime-node 1.30.0`: part of the comparison cache's key. */
  readonly version: string;
  createSession(model: Uint8Array): Promise<RuntimeSession>;
  int32(data: Int32Array, dims: readonly number[]): RuntimeTensor;
  bool(value: boolean): RuntimeTensor;
  /** Lets other tasks of this thread run (messages arrive), as cheaply as the platform can. */
  yieldTask(): Promise<void>;
}
