/** Draws training examples: which candidates of a query stand in a list or pair, and their targets. */
import type { Random } from '../../src/t5/init-random.ts';
import type { TrainingSet } from './data/training-set.ts';

export interface TargetOptions {
  /** Soft labels are cosine / temperature before softmax or sigmoid. */
  readonly temperature: number;
  /** Share of the target that goes to the judged passage. */
  readonly judgedShare: number;
  /**
   * Share of examples drawn only from the first stage's best ten and what is judged: the lists that a
   * ranker meets. Default 0: from all candidates.
   */
  readonly firstStageShare?: number;
}

const FIRST_STAGE = 10;

/** A query's candidates for one example: see `firstStageShare`. */
function candidatesFor(
  set: TrainingSet,
  query: number,
  atLeast: number,
  random: Random,
  { firstStageShare = 0 }: TargetOptions,
) {
  const all = set.candidates(query);
  // No draw when there is nothing to decide: recipes without it keep their sequence of examples.
  if (firstStageShare === 0 || random.uniform() >= firstStageShare) return all;
  const kept = Array.from(all.passage.keys()).filter(
    (c) => (all.rank[c]! > 0 && all.rank[c]! <= FIRST_STAGE) || all.grade[c]! > 0,
  );
  if (kept.length < atLeast) return all;
  return {
    passage: Uint32Array.from(kept, (c) => all.passage[c]!),
    cosine: Float32Array.from(kept, (c) => all.cosine[c]!),
    grade: Uint8Array.from(kept, (c) => all.grade[c]!),
  };
}

/** `count` different indices below `size`, in random order (all when there are fewer). */
export function draw(random: Random, size: number, count: number): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  const n = Math.min(size, count);
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(random.uniform() * (size - i));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, n);
}

/** One of them. */
export const pick = (random: Random, from: readonly number[]): number =>
  from[Math.floor(random.uniform() * from.length)]!;

export interface ListExample {
  readonly query: number;
  /** Passage indices. */
  readonly passages: readonly number[];
  readonly cosine: readonly number[];
  /** Sums to 1. */
  readonly target: readonly number[];
}

/**
 * A list of `size` candidates; the one with the highest soft label is among them in 80 % (else the
 * model would learn that some passage always fits best).
 * @returns undefined when the query has too few candidates.
 */
export function drawList(
  set: TrainingSet,
  query: number,
  size: number,
  random: Random,
  options: TargetOptions,
): ListExample | undefined {
  const { passage, cosine, grade } = candidatesFor(set, query, size, random, options);
  if (passage.length < size) return undefined;
  const chosen = draw(random, passage.length, size);
  const best = cosine.indexOf(cosine.reduce((a, b) => Math.max(a, b)));
  if (random.uniform() < 0.8 && !chosen.includes(best)) chosen[Math.floor(random.uniform() * size)] = best;
  const values = chosen.map((c) => cosine[c]!);
  const judged = chosen.map((c) => (grade[c]! > 0 ? 1 : 0));
  return {
    query,
    passages: chosen.map((c) => passage[c]!),
    cosine: values,
    target: listTarget(values, judged, options),
  };
}

/** (1 − share) · softmax(cosine / temperature) + share · judged; soft labels alone when none is judged. */
export function listTarget(
  cosine: readonly number[],
  judged: readonly number[],
  { temperature, judgedShare }: TargetOptions,
): number[] {
  const most = Math.max(...cosine);
  const soft = cosine.map((value) => Math.exp((value - most) / temperature));
  const total = soft.reduce((sum, value) => sum + value, 0);
  const found = judged.reduce((sum, value) => sum + value, 0);
  const share = found > 0 ? judgedShare : 0;
  return soft.map(
    (value, i) => ((1 - share) * value) / total + (found > 0 ? (share * judged[i]!) / found : 0),
  );
}

export interface PairExample {
  readonly query: number;
  readonly a: number;
  readonly b: number;
  /** Probability that a is the better one. */
  readonly target: number;
}

/** Two candidates in random order; one of them is the judged or best one in `bestShare` of draws. */
export function drawPair(
  set: TrainingSet,
  query: number,
  random: Random,
  options: TargetOptions & { readonly bestShare: number },
): PairExample | undefined {
  const { passage, cosine, grade } = candidatesFor(set, query, 2, random, options);
  if (passage.length < 2) return undefined;
  const pair = draw(random, passage.length, 2);
  if (random.uniform() < options.bestShare) {
    const judged = grade.findIndex((value) => value > 0);
    const best = cosine.indexOf(cosine.reduce((a, b) => Math.max(a, b)));
    const wanted = judged >= 0 && random.uniform() < 0.5 ? judged : best;
    if (!pair.includes(wanted)) pair[random.uniform() < 0.5 ? 0 : 1] = wanted;
  }
  const [i, j] = pair as [number, number];
  const soft = 1 / (1 + Math.exp((cosine[j]! - cosine[i]!) / options.temperature));
  const lead = (grade[i]! > 0 ? 1 : 0) - (grade[j]! > 0 ? 1 : 0);
  const target =
    lead === 0 ? soft : (1 - options.judgedShare) * soft + options.judgedShare * (lead > 0 ? 1 : 0);
  return { query, a: passage[i]!, b: passage[j]!, target };
}

/** Probability that a passage alone is relevant: on the same scale as the list's logits. */
export function binaryTarget(cosine: number, { temperature }: TargetOptions, threshold: number): number {
  return 1 / (1 + Math.exp((threshold - cosine) / temperature));
}

export interface AnswerExample {
  readonly query: number;
  /** A passage that is judged for it, and one that is judged for another query. */
  readonly own: number;
  readonly foreign: number;
}

/** A query, a passage judged for it, and one judged for another query of its collection and not for this one. */
export function drawAnswer(
  set: TrainingSet,
  queries: readonly number[],
  random: Random,
): AnswerExample | undefined {
  const { queryCollection } = set.arrays;
  const judged = (query: number) => {
    const { passage, grade } = set.candidates(query);
    return Array.from(passage).filter((_, i) => grade[i]! > 0);
  };
  const [query, other] = [pick(random, queries), pick(random, queries)];
  if (query === other || queryCollection[query] !== queryCollection[other]) return undefined;
  const own = judged(query);
  const foreign = judged(other).filter((passage) => !own.includes(passage));
  if (own.length === 0 || foreign.length === 0) return undefined;
  return { query, own: pick(random, own), foreign: pick(random, foreign) };
}
