/** What the steps of each stage are made of. */
import { pairProbabilities } from '../../src/ranking/pair-probability.ts';
import type { Random } from '../../src/t5/init-random.ts';
import { rankNetWeights, softRankNetWeights } from '../../src/t5/loss.ts';
import type { TrainingContext } from './context.ts';
import { decisionsOf, type LabelledQuery, strengthProbabilities } from './label.ts';
import type { StepPlan } from './loop.ts';
import { fillTemplate, type TokenTemplate } from './prompts.ts';
import type { DistilRecipe, PairRecipe, StageRecipe } from './recipe.ts';
import {
  binaryTarget,
  drawAnswer,
  drawList,
  drawPair,
  type ListExample,
  type PairExample,
  pick,
  type TargetOptions,
} from './sampling.ts';

/** Passage tokens at a step: short ones first, for speed. */
export function passageTokensAt(stage: StageRecipe, step: number): number {
  return step < stage.shortShare * stage.steps ? stage.shortPassageTokens : stage.longPassageTokens;
}

function pointwisePrompt(
  context: TrainingContext,
  template: TokenTemplate,
  query: number,
  passage: number,
  tokens: number,
) {
  const { set, recipe, config } = context;
  const slots = { passage: set.passage(passage, tokens), query: set.query(query, recipe.queryTokens) };
  return fillTemplate(template, slots, config.eosId);
}

/** Examples until `count` are found; queries with too few candidates are passed over. */
function collect<T>(count: number, make: () => T | undefined): T[] {
  const found: T[] = [];
  for (let tries = 0; found.length < count && tries < 100 * count; tries++) {
    const example = make();
    if (example) found.push(example);
  }
  if (found.length < count) throw new RangeError('the training set has too few candidates per query');
  return found;
}

/** Stage 1: lists through the Yes / No question, ranked by logit Yes − logit No. */
export function matchPlan(
  context: TrainingContext,
  random: Random,
  step: number,
  tokens: number,
  labels: TargetOptions = context.recipe.labels,
): StepPlan {
  const { recipe, set, templates, trainQueries } = context;
  const { batch, listSize, binaryEvery } = recipe.match!;
  const lists = collect(batch, () => drawList(set, pick(random, trainQueries), listSize, random, labels));
  const prompts = lists.flatMap(({ query, passages }) =>
    passages.map((passage) => pointwisePrompt(context, templates.relevance, query, passage, tokens)),
  );
  const { decoderIds, labelIds } = templates.relevance;
  const binary = step % binaryEvery === binaryEvery - 1;
  const shape = { decoderIds, labelIds, labelWeights: [1, -1], listSize };
  if (!binary) {
    const target = Float32Array.from(lists.flatMap((list) => list.target));
    return { kind: 'match', prompts, target, shape: { ...shape, loss: 'listwise' } };
  }
  const yes = (list: ListExample) =>
    list.cosine.map((value) => binaryTarget(value, recipe.labels, recipe.labels.threshold));
  return {
    kind: 'binary',
    prompts,
    target: Float32Array.from(lists.flatMap(yes)),
    shape: { ...shape, loss: 'logistic' },
  };
}

/**
 * Whether a passage answers a query at all, Yes or No: `batch` judged passages, and as many that are judged for another
 * query of the same collection. Targets are hard, and no two passages of one query stand against each other: what is
 * learnt is a limit between what answers and what is about something else, not an order among what is close.
 */
export function answerPlan(context: TrainingContext, random: Random, tokens: number): StepPlan {
  const { recipe, set, templates, trainQueries } = context;
  const answers = collect(recipe.answer!.batch, () => drawAnswer(set, trainQueries, random));
  const ask = (query: number, passage: number) =>
    pointwisePrompt(context, templates.relevance, query, passage, tokens);
  const { decoderIds, labelIds } = templates.relevance;
  return {
    kind: 'answer',
    prompts: answers.flatMap(({ query, own, foreign }) => [ask(query, own), ask(query, foreign)]),
    target: Float32Array.from(answers.flatMap(() => [1, 0])),
    shape: { decoderIds, labelIds, labelWeights: [1, -1], loss: 'logistic', listSize: 1 },
  };
}

/** The same pair asked the other way round. */
const swapped = ({ query, a, b, target }: PairExample): PairExample => ({
  query,
  a: b,
  b: a,
  target: 1 - target,
});

/** Pairs through the pairwise question; some steps are the first stage's, or ask whether a passage answers. */
export function pairPlan(
  context: TrainingContext,
  stage: PairRecipe,
  random: Random,
  step: number,
): StepPlan {
  const { recipe, set, templates, trainQueries, config } = context;
  const { batch, bestShare, relevanceEvery } = stage;
  const labels = { ...recipe.labels, ...stage.labels };
  const tokens = passageTokensAt(stage, step);
  if (step % relevanceEvery === relevanceEvery - 1) {
    if (recipe.answer) return answerPlan(context, random, tokens);
    return matchPlan(context, random, Math.floor(step / relevanceEvery), tokens, labels);
  }
  const options = { ...labels, bestShare };
  const drawn = (count: number) =>
    collect(count, () => drawPair(set, pick(random, trainQueries), random, options));
  const pairs = stage.bothOrders ? drawn(batch / 2).flatMap((pair) => [pair, swapped(pair)]) : drawn(batch);
  const prompts = pairs.map(({ query, a, b }) =>
    fillTemplate(
      templates.pair,
      {
        passage_a: set.passage(a, tokens),
        passage_b: set.passage(b, tokens),
        query: set.query(query, recipe.queryTokens),
      },
      config.eosId,
    ),
  );
  const { decoderIds, labelIds } = templates.pair;
  return {
    kind: 'pair',
    prompts,
    target: Float32Array.from(pairs, (pair) => pair.target),
    shape: { decoderIds, labelIds, labelWeights: [1, -1], loss: 'logistic', listSize: 1 },
  };
}

/** A list's weights for RankNet, [n × n]. */
function pairWeights(list: LabelledQuery, target: DistilRecipe['target']): Float32Array {
  const n = list.passages.length;
  if (target === 'ranks') return rankNetWeights(list.ranks);
  const decisions = decisionsOf(list);
  if (target === 'probabilities') return softRankNetWeights(pairProbabilities(n, decisions), n);
  return softRankNetWeights(strengthProbabilities(n, decisions), n);
}

/** RankNet on the teacher's rankings or probabilities through the student's question. No judgment enters. */
export function distilPlan(
  context: TrainingContext,
  labelled: readonly LabelledQuery[],
  step: number,
  shuffled: readonly number[],
): StepPlan {
  const { recipe, templates } = context;
  const tokens = passageTokensAt(recipe.distil, step);
  const { batch } = recipe.distil;
  const lists = Array.from(
    { length: batch },
    (_, i) => labelled[shuffled[(step * batch + i) % shuffled.length]!]!,
  );
  const listSize = lists[0]!.passages.length;
  const target = new Float32Array(batch * listSize * listSize);
  for (const [i, list] of lists.entries()) {
    target.set(pairWeights(list, recipe.distil.target), i * listSize * listSize);
  }
  const prompts = lists.flatMap(({ query, passages }) =>
    passages.map((passage) => pointwisePrompt(context, templates.student, query, passage, tokens)),
  );
  const { decoderIds, labelIds } = templates.student;
  return {
    kind: 'distil',
    prompts,
    target,
    shape: { decoderIds, labelIds, labelWeights: [1], loss: 'ranknet', listSize },
  };
}
