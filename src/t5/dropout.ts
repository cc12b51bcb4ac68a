/**
 * Dropout at the places where Hugging Face's T5 has it: embeddings, attention weights, what each sub-layer adds,
 * the feed-forward's hidden layer, and the last norm of each stack. What is kept is fed, not drawn in the graph: a
 * kernel's own generator goes on from run to run, and a training that was stopped would then end with other weights.
 */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';

/** An input of the graph: 1 where a value is kept, 0 where it is dropped, uint8. */
export interface DropoutSite {
  readonly input: string;
  readonly dims: readonly number[];
}

/** Drops a share of the values of `x` and divides the others by what is left. */
export type Drop = (x: Value) => Value;

/**
 * @param rows of the batch: where a value is the same for all of them, each drops its own
 * @returns the function that drops, and the sites that it has made so far
 */
export function dropout(g: Graph, rate: number, rows: number): { drop: Drop; sites: readonly DropoutSite[] } {
  const sites: DropoutSite[] = [];
  const drop: Drop = (x) => {
    const [first, ...rest] = x.dims as number[];
    const dims = [first === 1 ? rows : first!, ...rest];
    const site = { input: `dropout.${sites.length}`, dims };
    sites.push(site);
    const kept = op.cast(g, g.input(site.input, 'uint8', dims), g.float);
    return op.mul(g, x, op.mul(g, kept, op.scalar(g, 1 / (1 - rate))));
  };
  return { drop, sites };
}

/** Half a hash: a share of 2^16 is exact enough for a rate. */
const HALF = 2 ** 16;

/**
 * Fills `kept` with 1 (kept) and 0 (dropped, a share of `rate`): a function of `key` and the position alone.
 * Counter-based, by the mixing function lowbias32 (C. Wellons, "Prospecting for hash functions", 2018), applied twice.
 * @param key whole numbers: seed, draw, run, site
 */
export function fillKept(kept: Uint8Array, rate: number, key: readonly number[]): void {
  const least = Math.round(rate * HALF);
  const salt = key.reduce((hash, part) => mix((hash + Math.imul(part, 0x9e3779b9)) | 0), 1);
  const pepper = mix(salt ^ 0x5bd1e995);
  for (let i = 0; i < kept.length; i += 2) {
    const bits = mix(mix((i + salt) | 0) ^ pepper);
    kept[i] = (bits & 0xffff) >= least ? 1 : 0;
    if (i + 1 < kept.length) kept[i + 1] = bits >>> 16 >= least ? 1 : 0;
  }
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
