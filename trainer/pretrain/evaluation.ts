/**
 * The held-out table: every method re-ranks the same first-stage lists; nDCG@10 against all
 * judgments, and paired 95 % intervals between methods.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CardFusion } from '../../src/checkpoint/ranker-card.ts';
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { loadModel } from '../engine/model-files.ts';
import { writeWhole } from '../engine/state.ts';
import type { TrainingContext } from './context.ts';
import { readTrainingSet } from './data/training-set.ts';
import {
  COMPARISONS,
  compare,
  compareTaus,
  type Difference,
  METHODS,
  mean,
  type PerQuery,
  perMethod,
  round,
} from './evaluate/comparisons.ts';
import { tuneFusion } from './evaluate/fusion.ts';
import { type Evaluated, evaluateSet, type SetReport } from './evaluate/set.ts';
import type { Recipe } from './recipe.ts';

export interface EvaluationReport {
  /** The student's weight beside BM25, where a development set was prepared. */
  readonly fusion?: CardFusion | undefined;
  readonly sets: Readonly<Record<string, SetReport>>;
  /** The same differences over the queries of all sets together. */
  readonly pooled: readonly Difference[];
  readonly pooledTau: readonly Difference[];
  /** Mean over the sets of their mean differences: no set weighs more than another. */
  readonly averages: readonly { readonly method: string; readonly against: string; readonly mean: number }[];
}

const ROLES = ['base', 'student'] as const;

/** Whose figures a report has: digest of both published models and the supervised one, and how many queries. */
function evaluatedOf(output: string, { queries, supervised }: Recipe['evaluation']): string {
  const hash = createHash('sha256').update(String(queries));
  for (const role of ROLES) hash.update(readFileSync(join(output, role, 'model.safetensors')));
  if (supervised !== undefined) hash.update(readFileSync(join(supervised, 'model.safetensors')));
  return hash.digest('hex');
}

/** Whether a folder's table has all these sets, from the models and as many queries as it would have now. */
export function isEvaluated(output: string, names: readonly string[], recipe: Recipe['evaluation']): boolean {
  const path = join(output, 'evaluation.json');
  // A model that was moved away is published again, and that is no reason to fail before.
  const needed = [path, ...ROLES.map((role) => join(output, role, 'model.safetensors'))];
  if (!needed.every((file) => existsSync(file))) return false;
  const { of, sets } = JSON.parse(readFileSync(path, 'utf8')) as { of?: string; sets: object };
  return of === evaluatedOf(output, recipe) && names.every((name) => name in sets);
}

/** The checkpoint whose Yes / No is the supervised row. @throws RankscopeError 'bad-input' where it is of another size */
function openSupervised({ recipe, config }: TrainingContext): T5Model | undefined {
  const folder = recipe.evaluation.supervised;
  if (folder === undefined) return undefined;
  const model = loadModel(folder);
  if (model.config.vocabSize === config.vocabSize) return model;
  throw new RankscopeError(
    'bad-input',
    `evaluation.supervised: ${folder} has ${model.config.vocabSize} word pieces, the prepared data ${config.vocabSize}.`,
  );
}

/**
 * Evaluates on every set in DATA/evaluation; sets that are in the report of these models already are kept. The weight of
 * the fusion is chosen on DATA/development, whose queries stand in no table.
 */
export async function evaluateAll(
  context: TrainingContext,
  models: Pick<Evaluated, 'base' | 'student'>,
  data: string,
  names: readonly string[],
): Promise<EvaluationReport> {
  const { evaluation } = context.recipe;
  const path = join(context.output, 'evaluation.json');
  const of = evaluatedOf(context.output, evaluation);
  const earlier = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  const sets: Record<string, SetReport> = earlier?.of === of ? earlier.sets : {};
  const development = join(data, 'development');
  const known: CardFusion | undefined = earlier?.of === of ? earlier.fusion : undefined;
  const tuned =
    known ??
    (existsSync(join(development, 'meta.json'))
      ? await tuneFusion(context, models.student, readTrainingSet(development))
      : undefined);
  if (tuned) {
    context.log.say(`fusion: λ = ${tuned.weight}, nDCG@10 ${tuned.ndcg10.toFixed(3)} on the development set`);
  }
  const evaluated = { ...models, supervised: openSupervised(context), fusionWeight: tuned?.weight };
  for (const [i, name] of names.entries()) {
    if (sets[name]) continue;
    throwIfCancelled(context.signal);
    context.log.progress(i, names.length, 'sets', `evaluating on ${name}`);
    context.log.say(`evaluating on ${name}`);
    const set = readTrainingSet(join(data, 'evaluation', name));
    sets[name] = await evaluateSet(context, evaluated, name, set, evaluation.queries);
    writeWhole(path, JSON.stringify({ of, fusion: tuned, sets, ...overall(sets) }));
    for (const { method, ndcg10 } of sets[name].rows) context.log.say(`  ${ndcg10.toFixed(3)}  ${method}`);
    for (const difference of sets[name].differences) context.log.say(describe(difference));
    for (const one of sets[name].tauDifferences)
      context.log.say(`${describe(one)} (Kendall's τ to the teacher)`);
    const { bothOrdersAgree } = sets[name];
    if (bothOrdersAgree !== undefined) {
      context.log.say(`  both orders agree on ${(100 * bothOrdersAgree).toFixed(0)} % of pairs`);
    }
  }
  const result = { fusion: tuned, sets, ...overall(sets) };
  context.log.say('all sets together');
  for (const one of result.pooled) context.log.say(describe(one));
  for (const one of result.pooledTau) context.log.say(`${describe(one)} (Kendall's τ to the teacher)`);
  return result;
}

/** DL21's longer lists hold the same queries again: they count in their own row, not in the pool. */
function overall(sets: Readonly<Record<string, SetReport>>): Omit<EvaluationReport, 'sets' | 'fusion'> {
  const whole = Object.values(sets).filter(({ schedule }) => schedule === 'all pairs');
  const join = (of: (set: SetReport) => PerQuery) =>
    perMethod((method) => {
      const joined = whole.flatMap((set) => of(set)[method] ?? []);
      return joined.length > 0 ? joined : undefined;
    });
  const averages = COMPARISONS.flatMap(([method, against]) => {
    const found = whole.flatMap(({ differences }) =>
      differences.filter((one) => one.method === METHODS[method] && one.against === METHODS[against]),
    );
    if (found.length === 0) return [];
    return [
      { method: METHODS[method], against: METHODS[against], mean: round(mean(found.map((one) => one.mean))) },
    ];
  });
  return {
    pooled: compare(join(({ perQuery }) => perQuery)),
    pooledTau: compareTaus(join(({ tauPerQuery }) => tauPerQuery)),
    averages,
  };
}

function describe({ method, against, mean, low, high }: Difference): string {
  return `  ${signed(mean)} [${signed(low)}, ${signed(high)}]  ${method} against ${against}`;
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
