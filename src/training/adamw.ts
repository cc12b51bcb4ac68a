/**
 * AdamW (Loshchilov & Hutter 2019): Adam with decoupled weight decay, after clipping the gradient
 * to a global norm. Doubles throughout. The loop over the parameters is behind a port (`Optimizer`), because
 * where there are threads it is worth sharing among them: trainer/engine/adamw-crew.ts.
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

/** What AdamW remembers between updates: the first and second moments, laid out like the parameters. */
export interface AdamWState {
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Updates done. */
  step: number;
}

/** One update's numbers, the same for every parameter. */
export interface Coefficients {
  /** Factor of the gradient. */
  readonly clip: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Factor of the value: 1 − learning rate · weight decay. */
  readonly keep: number;
  /** Learning rate over the bias correction of m. */
  readonly rate: number;
  /** 1 / √(bias correction of v). */
  readonly root: number;
  readonly epsilon: number;
}

/** Moments, and who walks over them. Every implementation gives the same bits. */
export interface Optimizer extends AdamWState {
  /** Updates values, m and v in place. */
  apply(values: Float32Array, grads: Float32Array, coefficients: Coefficients): void;
}

/** On this thread, in plain JavaScript: works wherever the core does. */
export function plainOptimizer(size: number): Optimizer {
  const [m, v] = [new Float32Array(size), new Float32Array(size)];
  return { m, v, step: 0, apply: (values, grads, coefficients) => update(values, grads, m, v, coefficients) };
}

/** AdamW as one writes it down. */
function update(
  values: Float32Array,
  grads: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { clip, beta1, beta2, keep, rate, root, epsilon }: Coefficients,
): void {
  for (let i = 0; i < values.length; i++) {
    const grad = grads[i]! * clip;
    const first = beta1 * m[i]! + (1 - beta1) * grad;
    const second = beta2 * v[i]! + (1 - beta2) * grad * grad;
    m[i] = first;
    v[i] = second;
    values[i] = values[i]! * keep - (rate * first) / (Math.sqrt(second) * root + epsilon);
  }
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
  optimizer: Optimizer,
  learningRate: number,
  options: AdamWOptions,
): number {
  const total = norm(grads);
  if (!Number.isFinite(total)) return total;
  // torch.nn.utils.clip_grad_norm_ divides by norm + 1e-6.
  const clip = Math.min(1, options.clipNorm / (total + 1e-6));
  optimizer.step++;
  const { beta1, beta2, epsilon } = options;
  optimizer.apply(values, grads, {
    clip,
    beta1,
    beta2,
    keep: 1 - learningRate * options.weightDecay,
    rate: learningRate / (1 - beta1 ** optimizer.step),
    root: 1 / Math.sqrt(1 - beta2 ** optimizer.step),
    epsilon,
  });
  return total;
}
