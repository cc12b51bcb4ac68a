/**
 * What `pretrain` will take, before it takes it: each kind of step is run a few times on random
 * weights and tokens of the recipe's shapes, the scorer and the sentence encoder on a few batches.
 */
import { seededRandom } from '../../src/t5/init-random.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import type { TrainingShape } from '../../src/t5/training-graph.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { openBulkScorer } from '../engine/bulk-scorer.ts';
import { openTrainable } from '../engine/trainable.ts';
import { freeFor, peakMemory, type Resources } from '../node/machine.ts';
import { openEncoder } from './data/encoder.ts';
import { evaluationSetPlans, sciFactPlan } from './data/evaluation-sets.ts';
import { select } from './data/selection.ts';
import { callsOf } from './label.ts';
import { type PairRecipe, type Recipe, recipeConfig, type StageRecipe } from './recipe.ts';

export interface StageCost {
  readonly stage: string;
  readonly work: number;
  readonly unit: 'steps' | 'calls' | 'texts';
  readonly seconds: number;
}

/** Memory: the most that the probe itself took, and the data. */
export interface PretrainEstimate extends Resources {
  readonly stages: readonly StageCost[];
  readonly seconds: number;
  /** What the machine has. */
  readonly free: Resources;
}

/** Size of the vocabulary that `prepare` makes. */
const VOCABULARY = 8192;
/** Tokens of wording and a usual query around the passages of a prompt. */
const WORDING = 32;
const PROBES = 3;
/** The prepared data, in memory and on disk. */
const DATA_BYTES = 6e8;
/** Queries of TREC DL21, and calls that heapsort needs for the ten best of 100; it sorts them twice (evaluate/set.ts). */
const DL21 = { queries: 53, allPairs: 20 * 19, heapsort: 2 * 700 };

/** What is there of an earlier run. */
export interface Done {
  /** The data is there: nothing is embedded any more. */
  readonly prepared: boolean;
  /** Stages whose result is there. */
  readonly stages: readonly string[];
}

/** @param output whose disk the results and the prepared data go to */
export async function estimatePretrain(
  recipe: Recipe,
  done: Done,
  output: string,
): Promise<PretrainEstimate> {
  const { prepared } = done;
  const stages: StageCost[] = prepared ? [] : [await embedding(recipe)];
  const model = randomModel(recipe);
  const stepSeconds = stepTimer(model);
  try {
    const { match, pair, refine, polish, distil, label } = recipe;
    // A step of a pair stage that asks Yes / No.
    const rows = match ? match.batch * match.listSize : 2 * (recipe.answer?.batch ?? 0);
    const list = { rows, passages: 1 };
    const costs = async (name: string, stage: StageRecipe, ofTokens: (tokens: number) => Promise<number>) => {
      const short = stage.shortShare > 0 ? await ofTokens(stage.shortPassageTokens) : 0;
      const long = stage.shortShare < 1 ? await ofTokens(stage.longPassageTokens) : 0;
      const seconds = stage.steps * (stage.shortShare * short + (1 - stage.shortShare) * long);
      stages.push({ stage: name, work: stage.steps, unit: 'steps', seconds });
    };
    const pairs = (stage: PairRecipe) => async (tokens: number) => {
      const share = 1 / stage.relevanceEvery;
      const pairwise = await stepSeconds({ rows: stage.batch, passages: 2, tokens });
      return (1 - share) * pairwise + share * (await stepSeconds({ ...list, tokens }));
    };
    if (match) await costs('match', match, (tokens) => stepSeconds({ ...list, tokens }));
    await costs('pair', pair, pairs(pair));
    await costs('refine', refine, pairs(refine));
    await costs('polish', polish, pairs(polish));

    const secondsPerCall = await callSeconds(model, recipe);
    const calls = label.queries * callsOf(label);
    stages.push({ stage: 'label', work: calls, unit: 'calls', seconds: calls * secondsPerCall });
    const lists = { rows: distil.batch * label.depth, passages: 1 };
    await costs('distil', distil, (tokens) => stepSeconds({ ...lists, tokens }));
    const evaluated = evaluationCalls(recipe);
    stages.push({ stage: 'evaluate', work: evaluated, unit: 'calls', seconds: evaluated * secondsPerCall });
  } finally {
    await model.release();
  }
  const left = stages.filter(({ stage }) => !done.stages.includes(stage));
  return {
    stages: left,
    seconds: left.reduce((sum, stage) => sum + stage.seconds, 0),
    memoryBytes: peakMemory() + DATA_BYTES,
    diskBytes: (prepared ? 0 : DATA_BYTES) + stagesBytes(recipe, model.parameters.values.byteLength, done),
    free: await freeFor(output),
  };
}

/**
 * Weights of five stages and two models as far as they are not there, a state of three times that beside the one that
 * replaces it, and the labels: a margin for each ordered pair, as text.
 */
function stagesBytes({ label }: Recipe, weights: number, { stages }: Done): number {
  const trained = stages.filter((name) => name !== 'label' && name !== 'evaluate').length;
  if (trained === 5) return 2 * weights;
  const labels = stages.includes('label') ? 0 : label.queries * (8 * label.depth ** 2 + 100);
  return (5 - trained + 2 + 6) * weights + labels;
}

function evaluationCalls({ evaluation }: Recipe): number {
  const sets = [...evaluationSetPlans, sciFactPlan].reduce((sum, { queries, depth }) => {
    return sum + Math.min(queries, evaluation.queries) * depth * (depth - 1 + 3);
  }, 0);
  return sets + DL21.queries * (DL21.allPairs + DL21.heapsort + 3 * 120);
}

/** Embedding passages and queries is nearly all that preparing takes. */
async function embedding({ kept }: Recipe): Promise<StageCost> {
  const { passages, queries } = select(undefined, kept);
  const encoder = await openEncoder();
  const every = Math.max(1, Math.floor(passages.length / 128));
  const texts = passages.filter((_, p) => p % every === 0).slice(0, 128);
  const tokens = texts.map(({ text }) => encoder.tokenize(text, 128)).sort((a, b) => a.length - b.length);
  await encoder.embed(tokens.slice(0, 8));
  const started = performance.now();
  for (let from = 0; from < tokens.length; from += 32) await encoder.embed(tokens.slice(from, from + 32));
  const seconds = (performance.now() - started) / 1000;
  await encoder.release();
  // A query takes about an eighth of a passage.
  const work = passages.length + queries.length;
  const scaled = ((passages.length + queries.length / 8) * seconds) / tokens.length;
  return { stage: 'prepare', work, unit: 'texts', seconds: scaled };
}

function randomModel(recipe: Recipe): TrainableModel {
  const config = recipeConfig(recipe, VOCABULARY);
  const random = seededRandom(1);
  const weights = new Map(
    [...parameterShapes(config)].map(([name, dims]) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      return [name, Float32Array.from({ length: size }, () => random.uniform() * 0.1 - 0.05)];
    }),
  );
  return openTrainable(config, weights, { threads: recipe.threads });
}

interface StepShape {
  readonly rows: number;
  readonly passages: number;
  readonly tokens: number;
}

/** Seconds of a step by shape; each shape is measured once. */
function stepTimer(model: TrainableModel): (shape: StepShape) => Promise<number> {
  const known = new Map<string, Promise<number>>();
  const measure = async ({ rows, passages, tokens }: StepShape) => {
    const length = Math.ceil((passages * tokens + WORDING) / 16) * 16;
    const shape: TrainingShape = {
      rows,
      length,
      decoderIds: [0],
      labelIds: [5, 6],
      labelWeights: [1, -1],
      loss: 'logistic',
      listSize: 1,
    };
    const step = await model.step(shape);
    const ids = randomIds(rows * length);
    const batch = { ids, mask: new Int32Array(ids.length).fill(1), target: new Float32Array(rows) };
    await step.run(batch);
    const started = performance.now();
    for (let i = 0; i < PROBES; i++) await step.run(batch);
    return (performance.now() - started) / 1000 / PROBES;
  };
  return (shape) => {
    const key = JSON.stringify(shape);
    const found = known.get(key) ?? measure(shape);
    known.set(key, found);
    return found;
  };
}

async function callSeconds(model: TrainableModel, recipe: Recipe): Promise<number> {
  const scorer = await openBulkScorer(model.snapshot(), { threads: recipe.threads });
  const prompts = Array.from({ length: 64 }, () => randomIds(2 * recipe.passageTokens + WORDING));
  await scorer.score(prompts.slice(0, 16), [0], [5, 6]);
  const started = performance.now();
  await scorer.score(prompts, [0], [5, 6]);
  const seconds = (performance.now() - started) / 1000 / prompts.length;
  await scorer.release();
  return seconds;
}

function randomIds(count: number): Int32Array {
  const random = seededRandom(count);
  return Int32Array.from({ length: count }, () => 3 + Math.floor(random.uniform() * (VOCABULARY - 3)));
}
