/** The student fused with BM25, and the weight of that, chosen on queries that stand in no table. */
import type { CardFusion } from '../../../src/checkpoint/ranker-card.ts';
import { fuse, WEIGHTS } from '../../../src/ranking/fusion.ts';
import { rankByScore } from '../../../src/ranking/orders.ts';
import type { T5Model } from '../../../src/t5/weights.ts';
import type { TrainingContext } from '../context.ts';
import type { TrainingSet } from '../data/training-set.ts';
import { pointwiseScores } from '../ranker.ts';
import { withRanker } from '../validation.ts';
import { mean, round } from './comparisons.ts';
import { judge, type Orders, type Query, readQueries } from './orders.ts';

/** λ · z(student) + (1 − λ) · z(BM25); undefined where the set has no BM25 scores. */
export function fusedOrders(
  set: TrainingSet,
  queries: readonly Query[],
  scores: readonly (readonly number[])[],
  weight: number,
): Orders | undefined {
  const found = queries.map(({ query }, q) => {
    const firstStage = set.scores(query);
    return (
      firstStage && fuse([...firstStage], rankByScore(scores[q]!), { by: 'interpolation', weight }).order
    );
  });
  return found.every((order) => order !== undefined) ? found : undefined;
}

/** λ with the highest mean nDCG@10 on a set of its own; of equal ones that nearest to ½. undefined without BM25 scores. */
export async function tuneFusion(
  context: TrainingContext,
  student: T5Model,
  set: TrainingSet,
): Promise<CardFusion | undefined> {
  const queries = readQueries(set);
  const scores = await withRanker(context, { snapshot: () => student }, (ranker) =>
    pointwiseScores(ranker, set, context.templates.student, queries),
  );
  const tried = WEIGHTS.flatMap((weight) => {
    const orders = fusedOrders(set, queries, scores, weight);
    return orders ? [{ weight, ndcg10: round(mean(judge(queries, orders))) }] : [];
  });
  const best = tried.toSorted(
    (a, b) =>
      b.ndcg10 - a.ndcg10 || Math.abs(a.weight - 0.5) - Math.abs(b.weight - 0.5) || a.weight - b.weight,
  )[0];
  // λ = 1, the last that is tried, is the student alone.
  return best && { ...best, queries: queries.length, studentNdcg10: tried.at(-1)!.ndcg10 };
}
