/** Ranks a query's candidates with a model in training: pointwise, and all-pairs PRP. */
import { PairTable, preference } from '../../src/ranking/pair-table.ts';
import { nextOpen } from '../../src/ranking/pairwise.ts';
import { heapsort } from '../../src/ranking/schedules/heapsort.ts';
import type { OrderedPair } from '../../src/ranking/schedules/schedule.ts';
import type { BulkScorer } from '../engine/bulk-scorer.ts';
import type { TrainingSet } from './data/training-set.ts';
import { fillTemplate, type TokenTemplate } from './prompts.ts';

export interface RankerContext {
  readonly scorer: BulkScorer;
  readonly end: number;
  /** Tokens of a passage, of a query. */
  readonly passageTokens: number;
  readonly queryTokens: number;
}

/** Queries with passages to score; index lists into a set. */
export interface Task {
  readonly query: number;
  readonly passages: ArrayLike<number>;
}

/** Order of indices by score, highest first; equal scores keep first-stage order. */
export function orderByScore(scores: ArrayLike<number>): number[] {
  return Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Pointwise scores of each task's passages: first label's logit, minus the second's when there is one. */
export async function pointwiseScores(
  context: RankerContext,
  set: TrainingSet,
  template: TokenTemplate,
  tasks: readonly Task[],
): Promise<number[][]> {
  const prompts = tasks.flatMap(({ query, passages }) =>
    Array.from(passages, (passage) =>
      fillTemplate(
        template,
        {
          passage: set.passage(passage, context.passageTokens),
          query: set.query(query, context.queryTokens),
        },
        context.end,
      ),
    ),
  );
  const labels = template.labelIds.length;
  const logits = await context.scorer.score(prompts, template.decoderIds, template.labelIds);
  let at = 0;
  return tasks.map(({ passages }) =>
    Array.from(passages, () => {
      const row = at++ * labels;
      return logits[row]! - (labels > 1 ? logits[row + 1]! : 0);
    }),
  );
}

/**
 * logit A − logit B of every ordered pair (i asked as A, j as B), [n × n] per task; 0 on the diagonal, and for pairs
 * that are not asked where a task names its `pairs`.
 */
export async function pairMargins(
  context: RankerContext,
  set: TrainingSet,
  template: TokenTemplate,
  tasks: readonly (Task & { readonly pairs?: readonly OrderedPair[] | undefined })[],
): Promise<Float32Array[]> {
  const prompts: Int32Array[] = [];
  const asked = tasks.map(({ passages, pairs }) => pairs ?? allOrderedPairs(passages.length));
  for (const [t, { query, passages }] of tasks.entries()) {
    const words = set.query(query, context.queryTokens);
    const texts = Array.from(passages, (passage) => set.passage(passage, context.passageTokens));
    for (const [i, j] of asked[t]!) {
      const slots = { passage_a: texts[i]!, passage_b: texts[j]!, query: words };
      prompts.push(fillTemplate(template, slots, context.end));
    }
  }
  const logits = await context.scorer.score(prompts, template.decoderIds, template.labelIds);
  let at = 0;
  return tasks.map(({ passages }, t) => {
    const n = passages.length;
    const margins = new Float32Array(n * n);
    for (const [i, j] of asked[t]!) {
      margins[i * n + j] = logits[2 * at]! - logits[2 * at + 1]!;
      at++;
    }
    return margins;
  });
}

/** Row by row, without the diagonal. */
function allOrderedPairs(n: number): OrderedPair[] {
  const all = Array.from({ length: n }, (_, i) => i);
  return all.flatMap((i) => all.filter((j) => j !== i).map((j): OrderedPair => [i, j]));
}

/**
 * PRP by heapsort of every task at once, until the best `top` places are known: each round asks one
 * comparison, in both orders, of every task that is not finished.
 * @returns orders, best first, and the calls that all tasks took together.
 */
export async function heapsortOrders(
  context: RankerContext,
  set: TrainingSet,
  template: TokenTemplate,
  tasks: readonly Task[],
  top: number,
): Promise<{ readonly orders: number[][]; readonly calls: number }> {
  const running = tasks.map(({ query, passages }) => {
    const table = new PairTable(passages.length);
    const texts = Array.from(passages, (passage) => set.passage(passage, context.passageTokens));
    const schedule = heapsort(passages.length, table, top);
    return { query: set.query(query, context.queryTokens), texts, table, schedule };
  });
  let calls = 0;
  for (;;) {
    const asked = running.flatMap((one) =>
      nextOpen(one.schedule, one.table).map(([a, b]) => ({ one, a, b })),
    );
    if (asked.length === 0) break;
    calls += asked.length;
    const prompts = asked.map(({ one: { texts, query }, a, b }) =>
      fillTemplate(template, { passage_a: texts[a]!, passage_b: texts[b]!, query }, context.end),
    );
    const logits = await context.scorer.score(prompts, template.decoderIds, template.labelIds);
    for (const [i, { one, a, b }] of asked.entries()) {
      one.table.set(a, b, preference(logits[2 * i]!, logits[2 * i + 1]!));
    }
  }
  return { orders: running.map(({ schedule }) => [...schedule.ranking().order]), calls };
}

/**
 * PRP's document scores from the margins of all ordered pairs: s_i = Σ_{j≠i} c_ij + (1 − c_ji)
 * (Sun et al. 2023, Eq. 4 and 5).
 */
export function prpScores(margins: Float32Array, n: number): number[] {
  const preference = (margin: number) => (margin > 0 ? 1 : margin < 0 ? 0 : 0.5);
  return Array.from({ length: n }, (_, i) => {
    let score = 0;
    for (let j = 0; j < n; j++) {
      if (j !== i) score += preference(margins[i * n + j]!) + 1 - preference(margins[j * n + i]!);
    }
    return score;
  });
}
