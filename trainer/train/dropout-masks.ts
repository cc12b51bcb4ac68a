/**
 * What a training's dropout keeps, run by run: a function of the seed, the batch and the run within it, so that the
 * two passes over a chunk drop the same values, and a training that was stopped goes on to the same weights.
 */
import * as ort from 'onnxruntime-node';
import { sizeOf } from '../../src/onnx/tensor.ts';
import { type DropoutSite, fillKept } from '../../src/t5/dropout.ts';

export class DropoutMasks {
  private readonly rate: number;
  private readonly seed: number;
  /** Of the largest run so far: its tensors are views, and one run is made at a time. */
  private buffer = new Uint8Array();

  constructor(rate: number, seed: number) {
    this.rate = rate;
    this.seed = seed;
  }

  /** Feeds of one run; valid until the next call. */
  of(sites: readonly DropoutSite[], draw: number, run: number): Record<string, ort.Tensor> {
    const bytes = sites.reduce((sum, { dims }) => sum + sizeOf(dims), 0);
    if (this.buffer.length < bytes) this.buffer = new Uint8Array(bytes);
    const feeds: Record<string, ort.Tensor> = {};
    let at = 0;
    for (const [s, { input, dims }] of sites.entries()) {
      const kept = this.buffer.subarray(at, at + sizeOf(dims));
      fillKept(kept, this.rate, [this.seed, draw, run, s]);
      feeds[input] = new ort.Tensor('uint8', kept, dims);
      at += kept.length;
    }
    return feeds;
  }
}
