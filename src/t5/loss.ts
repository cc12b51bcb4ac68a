/**
 * Ranking losses as graph nodes. All are means over lists (or pairs); targets are fed, so that one
 * graph serves any labels.
 */
import type { Graph, Value } from '../onnx/graph.ts';
import * as op from '../onnx/ops.ts';

/**
 * A score per row from label logits: Σ weights[k] · logits[·, k], e.g. [1, −1] for Yes − No.
 * @param logits [B, K].
 * @returns [B].
 */
export function labelScore(g: Graph, logits: Value, weights: readonly number[]): Value {
  const column = g.constant('label_weights', op.floats(g, [weights.length, 1], weights));
  return op.squeeze(g, op.matmul(g, logits, column), [1]);
}

/**
 * RankNet (Burges et al. 2005; Sun et al. 2023, section 3): Σ_ij weight_ij · log(1 + exp(s_j − s_i)),
 * summed within a list, averaged over lists. With `rankNetWeights` it is the mean over the pairs of
 * each list whose teacher ranks differ, with `softRankNetWeights` over those that the teacher compared.
 * @param scores [lists, n].
 * @param pairWeights [lists, n, n].
 */
export function rankNet(g: Graph, scores: Value, pairWeights: Value): Value {
  const lists = scores.dims[0];
  if (typeof lists !== 'number') throw new TypeError('rankNet: the number of lists must be fixed');
  const better = op.unsqueeze(g, scores, [2]);
  const worse = op.unsqueeze(g, scores, [1]);
  const terms = op.mul(g, softplus(g, op.sub(g, worse, better)), pairWeights);
  return op.mul(g, op.reduceSum(g, terms, [0, 1, 2], false), op.scalar(g, 1 / lists));
}

/**
 * Weights for `rankNet` of one list: 1 / pairs where i ranks better (smaller rank) than j, else 0.
 * @param ranks 1 = best; equal ranks make no pair. Not finite: the item takes no part.
 * @returns [n × n]; all zero when no pair exists.
 */
export function rankNetWeights(ranks: ArrayLike<number>): Float32Array {
  const n = ranks.length;
  const weights = new Float32Array(n * n);
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (!Number.isFinite(ranks[i]!) || !Number.isFinite(ranks[j]!) || !(ranks[i]! < ranks[j]!)) continue;
      weights[i * n + j] = 1;
      pairs++;
    }
  }
  if (pairs > 0) for (let k = 0; k < weights.length; k++) weights[k] = weights[k]! / pairs;
  return weights;
}

/**
 * Weights for `rankNet` of one list whose pairs have probabilities in the place of ranks: RankNet's own
 * cross-entropy, −P log σ(s_i − s_j) − (1 − P) log σ(s_j − s_i) (Burges et al. 2005, section 3), mean over
 * the pairs that have one.
 * @param probabilities [n × n], P_ij that i is better than j, read above the diagonal; NaN: no such pair.
 * @returns [n × n]; all zero when no pair exists.
 */
export function softRankNetWeights(probabilities: ArrayLike<number>, n: number): Float32Array {
  const weights = new Float32Array(n * n);
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const better = probabilities[i * n + j]!;
      if (Number.isNaN(better)) continue;
      weights[i * n + j] = better;
      weights[j * n + i] = 1 - better;
      pairs++;
    }
  }
  if (pairs > 0) for (let k = 0; k < weights.length; k++) weights[k] = weights[k]! / pairs;
  return weights;
}

/**
 * Cross-entropy of softmax(scores) against a target distribution (ListNet's top-one loss, Cao et al.
 * 2007), averaged over lists.
 * @param scores [lists, n].
 * @param target [lists, n], rows sum to 1.
 */
export function listwise(g: Graph, scores: Value, target: Value): Value {
  const partition = op.reduceLogSumExp(g, scores, [1], true);
  const entropy = op.mul(g, target, op.sub(g, partition, scores));
  return op.reduceMean(g, op.reduceSum(g, entropy, [1], false), [0], false);
}

/**
 * Logistic loss with a soft target: mean of log(1 + exp(x)) − t · x, smallest at σ(x) = t.
 * @param differences [rows], e.g. logit A − logit B.
 * @param target [rows], from 0 to 1.
 */
export function logistic(g: Graph, differences: Value, target: Value): Value {
  const terms = op.sub(g, softplus(g, differences), op.mul(g, target, differences));
  return op.reduceMean(g, terms, [0], false);
}

/**
 * Σ target · score: its gradient is `target` times each score's own, so that a loss over many rows
 * can be taken back through the model a few rows at a time.
 * @param scores [rows].
 * @param target [rows], d loss / d score.
 */
export function linear(g: Graph, scores: Value, target: Value): Value {
  return op.reduceSum(g, op.mul(g, scores, target), [0], false);
}

/** log(1 + exp(x)); onnxruntime has no fp64 kernel, so the twin writes max(x, 0) + log(1 + exp(−|x|)). */
function softplus(g: Graph, x: Value): Value {
  if (g.float === 'float32') return op.softplus(g, x);
  const tail = op.log(g, op.add(g, op.scalar(g, 1), op.exp(g, op.neg(g, op.abs(g, x)))));
  return op.add(g, op.relu(g, x), tail);
}
