/**
 * AdamW (Loshchilov & Hutter 2019): Adam with decoupled weight decay, after clipping the gradient
 * to a global norm. Doubles throughout; the loop over the parameters is in adamw-kernel.ts.
 */
import { Crew } from './adamw-crew.ts';

export interface AdamWOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Applied to every parameter, as the reference implementation does. */
  readonly weightDecay: number;
  /** Largest global gradient norm; Infinity = no clipping. */
  readonly clipNorm: number;
}

export const adamWDefaults: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

export interface AdamWState {
  readonly m: Float32Array;
  readonly v: Float32Array;
  step: number;
  readonly crew: Crew;
}

/** Below this many parameters waking another thread gains nothing. */
const WORTH_SHARING = 1 << 20;

/** @param threads that work on an update; the result does not depend on it. */
export function adamWState(size: number, threads = 1): AdamWState {
  const helpers = size < WORTH_SHARING ? 0 : threads - 1;
  const zeros = () =>
    new Float32Array(helpers > 0 ? new SharedArrayBuffer(4 * size) : new ArrayBuffer(4 * size));
  const [m, v] = [zeros(), zeros()];
  return { m, v, step: 0, crew: new Crew(helpers, m, v) };
}

/** Floats that are summed at a time, a multiple of 4: they stay in a core's first-level cache. */
const PART = 8192;
const part = new Float32Array(PART);

/**
 * Euclidean norm in doubles, as four sums of every fourth value, so that additions need not wait for
 * each other. Values are copied part by part first: copying reads memory several times as fast as a loop does.
 */
export function norm(values: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let from = 0; from < values.length; from += PART) {
    const length = Math.min(PART, values.length - from);
    part.set(values.subarray(from, from + length));
    const filled = length % 4 === 0 ? length : length + 4 - (length % 4);
    part.fill(0, length, filled);
    for (let i = 0; i < filled; i += 4) {
      a += part[i]! * part[i]!;
      b += part[i + 1]! * part[i + 1]!;
      c += part[i + 2]! * part[i + 2]!;
      d += part[i + 3]! * part[i + 3]!;
    }
  }
  return Math.sqrt(a + b + (c + d));
}

/**
 * One update in place.
 * @returns the gradient's norm before clipping. A norm that is not finite changes nothing.
 */
export function adamW(
  values: Float32Array,
  grads: Float32Array,
  state: AdamWState,
  learningRate: number,
  options: AdamWOptions,
): number {
  const total = norm(grads);
  if (!Number.isFinite(total)) return total;
  // torch.nn.utils.clip_grad_norm_ divides by norm + 1e-6.
  const clip = Math.min(1, options.clipNorm / (total + 1e-6));
  state.step++;
  const { beta1, beta2, epsilon } = options;
  state.crew.update(values, grads, {
    clip,
    beta1,
    beta2,
    keep: 1 - learningRate * options.weightDecay,
    rate: learningRate / (1 - beta1 ** state.step),
    root: 1 / Math.sqrt(1 - beta2 ** state.step),
    epsilon,
  });
  return total;
}
