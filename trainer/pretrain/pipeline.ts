/**
 * From prepared data to base and student: wired start, match, pair, refine, polish, label, distil. A stage whose
 * result is there is skipped, one that was stopped goes on: running it again is always right.
 *
 *   OUTPUT/base/, OUTPUT/student/   config.json, model.safetensors (fp32), tokenizer files, card.json
 *   OUTPUT/stages/                  results of earlier stages, states, the teacher's labels
 *   OUTPUT/training.jsonl           loss, rate, tokens a second, validation
 *   OUTPUT/evaluation.json          the held-out table
 */
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { seededRandom } from '../../src/t5/init-random.ts';
import { wiredStart } from '../../src/t5/init-wired.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { adamWDefaults } from '../../src/training/adamw.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { hasModel, loadModel, saveModel } from '../engine/model-files.ts';
import { writeWhole } from '../engine/state.ts';
import { openTrainable } from '../engine/trainable.ts';
import { hash32 } from '../input/hash-fraction.ts';
import { writeCards } from './card.ts';
import { compileTemplates, openTokenizer, type TrainingContext, wiredPieces } from './context.ts';
import { readTrainingSet, type TrainingSet } from './data/training-set.ts';
import { evaluateAll, isEvaluated } from './evaluation.ts';
import { checkIdentity } from './identity.ts';
import { firstStage, labelQueries } from './label.ts';
import { type LogListener, openLog } from './log.ts';
import { runStage, type StageOptions } from './loop.ts';
import { type Recipe, recipeConfig, type StageRecipe } from './recipe.ts';
import { draw } from './sampling.ts';
import { distilPlan, matchPlan, pairPlan, passageTokensAt } from './stages.ts';
import { validateAgreement, validatePairwise, validatePointwise, withRanker } from './validation.ts';

export interface PipelineFolders {
  /** Prepared data: tokenizer/, training/, token-vectors-*.f32, piece-df.u32. */
  readonly data: string;
  readonly output: string;
}

export interface PipelineOptions extends LogListener {
  /** Ends the work between two steps, label chunks or sets; what is done is kept. */
  readonly signal?: AbortSignal;
  /** Seconds between two states of a stage; default 60. */
  readonly saveSeconds?: number;
}

/**
 * Runs all stages.
 * @throws RankscopeError 'missing' when the data is not prepared, 'bad-input' for a folder of another recipe or other
 *   data, 'cancelled'
 */
export async function runPipeline(
  recipe: Recipe,
  folders: PipelineFolders,
  { signal, saveSeconds, ...listener }: PipelineOptions = {},
): Promise<void> {
  const context = {
    ...openContext(recipe, folders, listener),
    signal,
    saveSeconds,
  };
  checkIdentity(folders.output, recipe, context.set);
  checkVectors(recipe, folders);
  const start = () => {
    context.log.say('wired start');
    return makeStart(context, folders.data);
  };
  const { match } = recipe;
  const matched = match
    ? await trainStage(context, 'match', match, start, folders, {
        plan: (random, step) => matchPlan(context, random, step, passageTokensAt(match, step)),
        validate: (model) => validatePointwise(context, model, context.templates.relevance),
      })
    : undefined;
  const validateBase = async (model: TrainableModel) => ({
    ...(await validatePointwise(context, model, context.templates.relevance)),
    ...(await validatePairwise(context, model, recipe.validation.pairwise ?? 25)),
  });
  const paired = await trainStage(context, 'pair', recipe.pair, () => matched ?? start(), folders, {
    plan: (random, step) => pairPlan(context, recipe.pair, random, step),
    validate: validateBase,
  });
  const refined = await trainStage(context, 'refine', recipe.refine, () => paired, folders, {
    plan: (random, step) => pairPlan(context, recipe.refine, random, step),
    validate: validateBase,
  });
  const base = await trainStage(context, 'polish', recipe.polish, () => refined, folders, {
    plan: (random, step) => pairPlan(context, recipe.polish, random, step),
    validate: validateBase,
  });
  publish(folders, 'base', base);
  const queries = context.distilQueries.slice(0, recipe.label.queries);
  const { depth } = recipe.label;
  // A step's lists are of one length; a collection of few passages may not fill its queries'.
  const labels = (await labelStage(context, base, queries, 'labels')).filter(
    ({ passages }) => passages.length === depth,
  );
  const unseen = await labelStage(context, base, context.validationQueries, 'validation-labels');
  const shuffled = shuffledEpochs(recipe, labels.length);
  const student = await trainStage(context, 'distil', recipe.distil, () => base, folders, {
    plan: (_random, step) => distilPlan(context, labels, step, shuffled),
    validate: async (model) => ({
      ...(await validatePointwise(context, model, context.templates.student)),
      ...(await validateAgreement(context, model, unseen)),
    }),
  });
  publish(folders, 'student', student);
  const sets = evaluationSets(folders.data);
  const report =
    sets.length > 0 ? await evaluateAll(context, { base, student }, folders.data, sets) : undefined;
  writeCards(context, report);
  context.log.say(`done: ${folders.output}`);
}

/** @throws RankscopeError 'bad-input' where the start needs word vectors of a width that was not prepared */
function checkVectors({ model }: Recipe, { data, output }: PipelineFolders): void {
  if (existsSync(vectorsPath(data, model.dModel)) || trained(output).length > 0) return;
  const widths = readdirSync(data).flatMap((name) => /^token-vectors-(\d+)\.f32$/.exec(name)?.[1] ?? []);
  throw new RankscopeError(
    'bad-input',
    `model.dModel is ${model.dModel}, and ${data} has word vectors for ${widths.map((width) => Number(width) + OWN_DIMS).join(', ') || 'no model'}.`,
  );
}

/** Dimensions of a model that its word vectors leave free: one for idf, 32 random (init-wired.ts). */
const OWN_DIMS = 33;
const vectorsPath = (data: string, dModel: number) => join(data, `token-vectors-${dModel - OWN_DIMS}.f32`);

/**
 * Refuses an output that holds another recipe's stages, as far as the prepared data is there to compare; writes nothing.
 * @throws RankscopeError 'bad-input'
 */
export function checkBegun(recipe: Recipe, folders: PipelineFolders): void {
  const begun = existsSync(join(folders.output, 'stages', 'begun-with.json'));
  if (!existsSync(join(folders.data, 'training', 'meta.json'))) return;
  if (begun) checkIdentity(folders.output, recipe, readTrainingSet(join(folders.data, 'training')));
  checkVectors(recipe, folders);
}

/** Stages of `estimate.ts` whose result is in the folder. */
export function doneStages(recipe: Recipe, { data, output }: PipelineFolders): string[] {
  const there = trained(output);
  // The labels are complete where the stage after them is.
  if (!there.includes('distil')) return there;
  const names = evaluationSets(data);
  const evaluated = names.length > 0 && isEvaluated(output, names, recipe.evaluation);
  return [...there, 'label', ...(evaluated ? ['evaluate'] : [])];
}

/** Stages of gradient steps whose result is in the folder. */
const trained = (output: string): string[] =>
  ['match', 'pair', 'refine', 'polish', 'distil'].filter((name) => hasModel(join(output, 'stages', name)));

/** Names of the held-out sets that were prepared. */
function evaluationSets(data: string): string[] {
  const folder = join(data, 'evaluation');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Opens data and templates; fails early when something is missing. */
export function openContext(
  recipe: Recipe,
  { data, output }: PipelineFolders,
  listener: LogListener = {},
): TrainingContext {
  const set = readTrainingSet(join(data, 'training'));
  const tokenizer = openTokenizer(join(data, 'tokenizer'));
  const config = recipeConfig(recipe, set.meta.vocabulary);
  const log = openLog(join(output, 'training.jsonl'), listener);
  const split = splitQueries(set, recipe);
  if (split.distilQueries.length === 0) {
    throw new RankscopeError(
      'bad-input',
      `label.depth is ${recipe.label.depth}, and none of the queries set aside for distillation has that many candidates.`,
    );
  }
  const templates = compileTemplates(tokenizer, config);
  log.say(
    `${set.meta.passages} passages, ${split.trainQueries.length} training, ${split.distilQueries.length} distillation ` +
      `and ${split.validationQueries.length} validation queries`,
  );
  return { recipe, config, set, templates, tokenizer, output, log, ...split };
}

/** Validation takes the last of the queries set aside; distillation the rest. */
function splitQueries(set: TrainingSet, recipe: Recipe) {
  const aside = draw(seededRandom(recipe.seed + 17), set.meta.queries, set.meta.queries).filter(
    (query) => set.arrays.queryPart[query] === 1,
  );
  const validation = Math.min(recipe.validation.queries, Math.floor(aside.length / 4));
  const { depth, random } = recipe.label;
  const full = (query: number) => firstStage({ set }, query, depth).length >= depth - random;
  return {
    trainQueries: set.queriesOf('train'),
    validationQueries: aside.slice(0, validation),
    distilQueries: aside.slice(validation).filter(full),
  };
}

function makeStart(context: TrainingContext, data: string): T5Model {
  const { recipe, config, tokenizer } = context;
  const vectorSize = config.dModel - OWN_DIMS;
  const vectors = floats(vectorsPath(data, config.dModel));
  const frequencies = new Uint32Array(new Uint8Array(readFileSync(join(data, 'piece-df.u32'))).buffer);
  const passages = context.set.meta.passages;
  const idf = Float64Array.from(frequencies, (df) => Math.log((passages + 1) / (df + 1)));
  const weights = wiredStart(config, {
    seed: recipe.seed,
    vectors,
    vectorSize,
    idf,
    counts: frequencies,
    ...wiredPieces(tokenizer, recipe.answers),
  });
  const model = openTrainable(config, weights, { threads: recipe.threads });
  return model.snapshot();
}

const floats = (path: string) => new Float32Array(new Uint8Array(readFileSync(path)).buffer);

interface StageWork {
  readonly plan: StageOptions['plan'];
  readonly validate: (model: TrainableModel) => Promise<Record<string, number>>;
}

/**
 * Where a stage's stream of draws begins. By the length of its name refine, polish and distil had one stream, so that
 * they drew the same queries in the same order: kept for recipes of that time alone.
 */
export function stageSeed({ seed, seeds }: Pick<Recipe, 'seed' | 'seeds'>, name: string): number {
  return seeds === 'named' ? hash32(`${seed} ${name}`) : seed * 100 + name.length;
}

/** Trains a stage from what `from` gives, or loads its result. */
async function trainStage(
  context: TrainingContext,
  name: string,
  stage: StageRecipe,
  from: () => T5Model,
  { output }: PipelineFolders,
  { plan, validate }: StageWork,
): Promise<T5Model> {
  const { recipe, log } = context;
  const folder = join(output, 'stages', name);
  if (hasModel(folder)) {
    log.say(`${name}: already there (${folder})`);
    return loadModel(folder);
  }
  const first = from();
  const weights = new Map([...first.weights].map(([key, { data }]) => [key, data]));
  const model = openTrainable(context.config, weights, { threads: recipe.threads });
  const { beta2, weightDecay, clipNorm } = recipe.optimiser;
  const options: StageOptions = {
    name,
    ...stage,
    seed: stageSeed(recipe, name),
    optimiser: { ...adamWDefaults, beta2, weightDecay, clipNorm },
    statePath: join(output, 'stages', `${name}.state`),
    plan,
    validate: () => validate(model),
    validateEvery: recipe.validation.every,
    signal: context.signal,
    saveSeconds: context.saveSeconds,
  };
  const { curve, validation, finish } = await runStage(model, options, log);
  const result = model.snapshot();
  // The weights last: where they are, the stage counts as done.
  writeWhole(join(folder, 'curve.json'), JSON.stringify(curve));
  writeWhole(join(folder, 'validation.json'), JSON.stringify(validation));
  saveModel(folder, result);
  finish();
  await model.release();
  return result;
}

function labelStage(context: TrainingContext, base: T5Model, queries: readonly number[], name: string) {
  const path = join(context.output, 'stages', `${name}.jsonl`);
  return withRanker(context, { snapshot: () => base }, (ranker) =>
    labelQueries(context, ranker, queries, context.recipe.label, path),
  );
}

/** Every epoch is a shuffle of its own. */
function shuffledEpochs(recipe: Recipe, count: number): number[] {
  const needed = recipe.distil.steps * recipe.distil.batch;
  const order: number[] = [];
  for (let epoch = 0; order.length < needed && count > 0; epoch++) {
    order.push(...draw(seededRandom(recipe.seed * 31 + epoch), count, count));
  }
  return order;
}

/** The checkpoint folder that is handed out. */
function publish({ data, output }: PipelineFolders, role: 'base' | 'student', model: T5Model): void {
  const folder = join(output, role);
  saveModel(folder, model);
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    const from = join(data, 'tokenizer', file);
    if (existsSync(from)) copyFileSync(from, join(folder, file));
  }
}
