/** Figures for the training curve, on queries that no stage trains on. */

import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { openBulkScorer } from '../engine/bulk-scorer.ts';
import type { TrainingContext } from './context.ts';
import { firstStage, type LabelledQuery } from './label.ts';
import type { TokenTemplate } from './prompts.ts';
import {
  orderByScore,
  pairMargins,
  pointwiseScores,
  prpScores,
  type RankerContext,
  type Task,
} from './ranker.ts';

/** nDCG@10 with the judged candidates as the ideal (a curve, not a result to report). */
function ndcg10(grades: readonly number[]): number {
  const dcg = (gains: readonly number[]) =>
    gains.slice(0, 10).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
  const ideal = dcg([...grades].sort((a, b) => b - a));
  return ideal > 0 ? dcg(grades) / ideal : 0;
}

/** Runs `work` with an inference session over the model's present weights. */
export async function withRanker<T>(
  context: Pick<TrainingContext, 'recipe' | 'config'>,
  model: Pick<TrainableModel, 'snapshot'>,
  work: (ranker: RankerContext) => Promise<T>,
): Promise<T> {
  const { recipe, config } = context;
  const scorer = await openBulkScorer(model.snapshot(), { threads: recipe.threads });
  try {
    return await work({
      scorer,
      end: config.eosId,
      passageTokens: recipe.passageTokens,
      queryTokens: recipe.queryTokens,
    });
  } finally {
    await scorer.release();
  }
}

interface Judged extends Task {
  readonly passages: readonly number[];
  readonly grades: readonly number[];
}

/** BM25's best `depth` candidates of each validation query that has a judged one among them. */
function judgedTasks(context: TrainingContext, depth = 10): Judged[] {
  return context.validationQueries.flatMap((query) => {
    const { passage, grade } = context.set.candidates(query);
    const passages = firstStage(context, query, depth);
    const grades = passages.map((one) => grade[passage.indexOf(one)]!);
    return grades.some((value) => value > 0) ? [{ query, passages, grades }] : [];
  });
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/**
 * nDCG@10 and accuracy on (judged, not judged) pairs of a pointwise template; `deepNdcg10` on lists that reach
 * down to BM25's rank 100 (what was mined below its best ten), where a ranker meets what it has seldom seen.
 */
export async function validatePointwise(
  context: TrainingContext,
  model: TrainableModel,
  template: TokenTemplate,
): Promise<Record<string, number>> {
  const tasks = judgedTasks(context);
  const deep = judgedTasks(context, Infinity);
  return withRanker(context, model, async (ranker) => {
    const ndcgOf = async (lists: readonly Judged[]) => {
      const scores = await pointwiseScores(ranker, context.set, template, lists);
      const each = lists.map(({ grades }, t) => ndcg10(orderByScore(scores[t]!).map((i) => grades[i]!)));
      return { scores, ndcg: mean(each) };
    };
    const { scores, ndcg } = await ndcgOf(tasks);
    const accuracy = tasks.flatMap(({ grades }, t) =>
      grades.flatMap((high, i) =>
        grades.flatMap((low, j) => (high > low ? [scores[t]![i]! > scores[t]![j]! ? 1 : 0] : [])),
      ),
    );
    return {
      queries: tasks.length,
      bm25: mean(tasks.map(({ grades }) => ndcg10(grades))),
      ndcg10: ndcg,
      deepNdcg10: (await ndcgOf(deep)).ndcg,
      accuracy: mean(accuracy),
    };
  });
}

/** nDCG@10 of PRP over all pairs, accuracy on judged pairs, and how often both orders agree. */
export async function validatePairwise(
  context: TrainingContext,
  model: TrainableModel,
  queries: number,
): Promise<Record<string, number>> {
  const tasks = judgedTasks(context).slice(0, queries);
  return withRanker(context, model, async (ranker) => {
    const margins = await pairMargins(ranker, context.set, context.templates.pair, tasks);
    const accuracy: number[] = [];
    const agree: number[] = [];
    const ndcg = tasks.map(({ grades }, t) => {
      const n = grades.length;
      const m = margins[t]!;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          if (i === j) continue;
          if (i < j) agree.push(m[i * n + j]! > 0 === m[j * n + i]! < 0 ? 1 : 0);
          if (grades[i]! > grades[j]!) accuracy.push(m[i * n + j]! > 0 ? 1 : 0, m[j * n + i]! < 0 ? 1 : 0);
        }
      }
      return ndcg10(orderByScore(prpScores(m, n)).map((i) => grades[i]!));
    });
    return { prpNdcg10: mean(ndcg), pairAccuracy: mean(accuracy), bothOrdersAgree: mean(agree) };
  });
}

/** Share of the teacher's ordered pairs that the student's scores order alike: needs no judgment. */
export async function validateAgreement(
  context: TrainingContext,
  model: TrainableModel,
  labels: readonly LabelledQuery[],
): Promise<Record<string, number>> {
  return withRanker(context, model, async (ranker) => {
    const scores = await pointwiseScores(ranker, context.set, context.templates.student, labels);
    const agree = labels.flatMap(({ ranks }, t) =>
      ranks.flatMap((better, i) =>
        ranks.flatMap((worse, j) => (better < worse ? [scores[t]![i]! > scores[t]![j]! ? 1 : 0] : [])),
      ),
    );
    return { teacherAgreement: mean(agree) };
  });
}
