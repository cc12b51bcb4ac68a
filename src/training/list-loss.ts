/**
 * Ranking losses of one list and their gradients by the student's scores, in doubles. The model's
 * backward pass then starts from these gradients, so that a list need not fit into one run of it.
 */

export const LOSSES = ['ranknet', 'ranknet-soft', 'listnet', 'softmax', 'margin'] as const;
export type LossName = (typeof LOSSES)[number];

export interface ListLoss {
  readonly loss: number;
  /** d loss / d score, one for each item of the list. */
  readonly gradient: Float64Array;
}

export interface LossSettings {
  /** listnet: the standardised teacher's scores are divided by it before the softmax; default 1. */
  readonly temperature?: number;
  /** margin: by how much the better item's score must lead; default 1. */
  readonly margin?: number;
}

/** What the teacher says of a list. */
export interface TeacherOpinion {
  /** 1 = best; equal ranks make no pair; an item whose rank is not finite takes no part. */
  readonly ranks: ArrayLike<number>;
  /** Any scale, higher is better; read by listnet and softmax. */
  readonly teacherScores: ArrayLike<number>;
  /** [n × n], that i is better than j; NaN: not asked. Read by ranknet-soft, which needs it. */
  readonly probabilities?: ArrayLike<number>;
}

/**
 * @param scores the student's
 * @returns zeros where the teacher prefers nothing to anything: such a list teaches nothing
 * @throws RangeError for ranknet-soft without probabilities
 */
export function listLoss(
  kind: LossName,
  scores: ArrayLike<number>,
  { ranks, teacherScores, probabilities }: TeacherOpinion,
  { temperature = 1, margin = 1 }: LossSettings = {},
): ListLoss {
  if (kind === 'ranknet') return overPairs(scores, ranks, logisticTerm);
  if (kind === 'ranknet-soft') return overProbabilities(scores, probabilities);
  if (kind === 'margin') return overPairs(scores, ranks, (lead) => hingeTerm(lead, margin));
  const items = Array.from(ranks, (_, i) => i).filter((i) => Number.isFinite(ranks[i]!));
  const teacher = Float64Array.from(items, (i) => teacherScores[i]!);
  const target = kind === 'listnet' ? topOne(teacher, temperature) : gains(teacher);
  return crossEntropy(scores, items, target);
}

/** A pair's loss and its slope, given by how much the better item's score leads. */
type PairTerm = (lead: number) => readonly [loss: number, slope: number];

/**
 * RankNet (Burges et al. 2005; Sun et al. 2023, section 3): log(1 + exp(−lead)). Written so that exp never
 * overflows: large scores give a large loss and a slope of −1, not NaN.
 */
const logisticTerm: PairTerm = (lead) => {
  const tail = Math.exp(-Math.abs(lead));
  return [Math.max(0, -lead) + Math.log1p(tail), lead > 0 ? -tail / (1 + tail) : -1 / (1 + tail)];
};

/** Pairwise hinge, as ranking SVMs have it (Joachims 2002): max(0, margin − lead). */
const hingeTerm = (lead: number, margin: number) =>
  lead < margin ? ([margin - lead, -1] as const) : ([0, 0] as const);

/** Mean of a term over the pairs that the teacher ranks differently. */
function overPairs(scores: ArrayLike<number>, ranks: ArrayLike<number>, term: PairTerm): ListLoss {
  const n = ranks.length;
  const gradient = new Float64Array(n);
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (!Number.isFinite(ranks[j]!) || !(ranks[i]! < ranks[j]!)) continue;
      if (!Number.isFinite(ranks[i]!)) continue;
      const [loss, slope] = term(scores[i]! - scores[j]!);
      sum += loss;
      gradient[i] = gradient[i]! + slope;
      gradient[j] = gradient[j]! - slope;
      pairs++;
    }
  }
  if (pairs === 0) return { loss: 0, gradient };
  return { loss: sum / pairs, gradient: gradient.map((slope) => slope / pairs) };
}

/**
 * RankNet with the teacher's probabilities (Burges et al. 2005, section 3): cross-entropy of P_ij and
 * σ(s_i − s_j), mean over the pairs that were asked. Its slope is σ(s_i − s_j) − P_ij.
 */
function overProbabilities(scores: ArrayLike<number>, probabilities?: ArrayLike<number>): ListLoss {
  const n = scores.length;
  if (probabilities?.length !== n * n) throw new RangeError('ranknet-soft needs the pairs’ probabilities');
  const gradient = new Float64Array(n);
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const better = probabilities[i * n + j]!;
      if (Number.isNaN(better)) continue;
      const lead = scores[i]! - scores[j]!;
      const [ahead, slopeAhead] = logisticTerm(lead);
      const [behind, slopeBehind] = logisticTerm(-lead);
      sum += better * ahead + (1 - better) * behind;
      const slope = better * slopeAhead - (1 - better) * slopeBehind;
      gradient[i] = gradient[i]! + slope;
      gradient[j] = gradient[j]! - slope;
      pairs++;
    }
  }
  if (pairs === 0) return { loss: 0, gradient };
  return { loss: sum / pairs, gradient: gradient.map((slope) => slope / pairs) };
}

/**
 * ListNet's target (Cao et al. 2007, top-one probability): each item's chance to be ranked first, softmax(teacher's scores),
 * of scores that are first brought to mean 0 and standard deviation 1 within the list.
 *
 * Why standardise: the softmax is not indifferent to the scale of what it is given, and the teacher's
 * scores have none of their own. PRP's are counts from 0 to 2(n − 1), for which it would put nearly
 * everything on the first of a long list and much less of a short one; BM25's or a cosine's scale differs again. So
 * the temperature means the same for any teacher and length.
 */
function topOne(teacher: Float64Array, temperature: number): Float64Array | undefined {
  const mean = teacher.reduce((sum, score) => sum + score, 0) / teacher.length;
  const variance = teacher.reduce((sum, score) => sum + (score - mean) ** 2, 0) / teacher.length;
  if (!(variance > 0)) return undefined;
  return softmax(teacher.map((score) => (score - mean) / (Math.sqrt(variance) * temperature))).shares;
}

/**
 * Target of softmax cross-entropy with graded labels (RankT5, Zhuang et al. 2022): each
 * item's share of the gains, a gain being the distance to the list's lowest score.
 */
function gains(teacher: Float64Array): Float64Array | undefined {
  const least = teacher.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const total = teacher.reduce((sum, score) => sum + score - least, 0);
  return total > 0 ? teacher.map((score) => (score - least) / total) : undefined;
}

/** −Σ target · log softmax(scores), whose slope is softmax(scores) − target, over the items that take part. */
function crossEntropy(
  scores: ArrayLike<number>,
  items: readonly number[],
  target: Float64Array | undefined,
): ListLoss {
  const gradient = new Float64Array(scores.length);
  if (!target) return { loss: 0, gradient };
  const { shares, logTotal } = softmax(Float64Array.from(items, (i) => scores[i]!));
  let loss = 0;
  for (const [at, i] of items.entries()) {
    if (target[at]! > 0) loss += target[at]! * (logTotal - scores[i]!);
    gradient[i] = shares[at]! - target[at]!;
  }
  return { loss, gradient };
}

/** Softmax and log Σ exp, shifted by the largest value so that nothing overflows. */
function softmax(values: Float64Array) {
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return { shares: powers.map((power) => power / total), logTotal: most + Math.log(total) };
}
