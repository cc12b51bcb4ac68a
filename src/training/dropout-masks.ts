/**
 * What a training's dropout keeps, run by run: a function of the seed, the batch and the run within it, so that the
 * two passes over a chunk drop the same values, and a training that was stopped goes on to the same weights.
 */
import type { Runtime, RuntimeTensor } from '../inference/runtime.ts';
import { sizeOf } from '../onnx/tensor.ts';
import { type DropoutSite, fillKept } from '../t5/dropout.ts';

export class DropoutMasks {
  private readonly runtime: Runtime;
  private readonly rate: number;
  private readonly seed: number;
  /** Of the largest run so far: its tensors are views, and one run is made at a time. */
  private buffer = new Uint8Array();

  constructor(runtime: Runtime, rate: number, seed: number) {
    this.runtime = runtime;
    this.rate = rate;
    this.seed = seed;
  }

  /** Feeds of one run; valid until the next call. */
  of(sites: readonly DropoutSite[], draw: number, run: number): Record<string, RuntimeTensor> {
    const bytes = sites.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
    if (this.buffer.length < bytes) this.buffer = new Uint8Array(bytes);
    const feeds: Record<string, RuntimeTensor> = {};
    let at = 0;
    for (const [s, { input, dims }] of sites.entries()) {
      const kept = this.buffer.subarray(at, at + sizeOf(dims));
      fillKept(kept, this.rate, [this.seed, draw, run, s]);
      feeds[input] = this.runtime.tensor('uint8', kept, dims);
      at += kept.length;
    }
    return feeds;
  }
}
