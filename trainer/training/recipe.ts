/** The recipe of a pair of embedded models, read from YAML and checked. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { RankscopeError } from '../../src/errors.ts';
import type { T5Config } from '../../src/t5/config.ts';

/** A stage of gradient steps. */
export interface StageRecipe {
  readonly steps: number;
  readonly learningRate: number;
  readonly warmup: number;
  /** Share of the steps over which the rate falls, at the end. */
  readonly decay: number;
  /** Tokens of a passage during the first `shortShare` of the steps, and after. */
  readonly shortPassageTokens: number;
  readonly longPassageTokens: number;
  readonly shortShare: number;
  /** Lists (match, distil) or pairs per step. */
  readonly batch: number;
}

/** A stage of pairwise questions, some of its steps the pointwise question. */
export interface PairRecipe extends StageRecipe {
  readonly bestShare: number;
  readonly relevanceEvery: number;
  /** Every pair stands in its batch in both orders, so that no step can teach a liking for passage A. */
  readonly bothOrders: boolean;
  /** What this stage takes differently from the recipe's labels. */
  readonly labels?: { readonly judgedShare: number; readonly firstStageShare: number };
}

export type HardPairRecipe = PairRecipe & Required<Pick<PairRecipe, 'labels'>>;

/** What the student learns of the teacher's decisions: their ranking, or how sure each of them is. */
export const DISTIL_TARGETS = ['ranks', 'probabilities'] as const;

export interface DistilRecipe extends StageRecipe {
  readonly target: (typeof DISTIL_TARGETS)[number];
}

export interface Recipe {
  readonly name: string;
  /** For the cards: where the making of the shipped weights differs from running the recipe in one go. */
  readonly history: string;
  readonly seed: number;
  readonly threads: number;
  readonly model: Pick<
    T5Config,
    'dModel' | 'dKv' | 'dFf' | 'numHeads' | 'encoderLayers' | 'decoderLayers' | 'gated'
  >;
  /** Tokens of a passage and of a query in prompts when ranking: at labelling, evaluation, and in use. */
  readonly passageTokens: number;
  readonly queryTokens: number;
  readonly optimiser: { readonly beta2: number; readonly weightDecay: number; readonly clipNorm: number };
  readonly labels: {
    readonly temperature: number;
    readonly judgedShare: number;
    /** Cosine at which a passage counts as relevant with probability ½. */
    readonly threshold: number;
  };
  readonly match: StageRecipe & { readonly listSize: number; readonly binaryEvery: number };
  readonly pair: PairRecipe;
  /** The same questions on more data and harder lists. */
  readonly refine: HardPairRecipe;
  /** And on passages of full length, while the rate falls. */
  readonly polish: HardPairRecipe;
  /** `depth` passages a query, `deep` of them from below the first stage's best. */
  readonly label: { readonly queries: number; readonly depth: number; readonly deep: number };
  readonly distil: DistilRecipe;
  /** Queries per held-out set at the end. */
  readonly evaluation: { readonly queries: number };
  readonly validation: { readonly queries: number; readonly every: number };
}

/** A field's type, the words it may be, or the fields in it. */
type Shape = { readonly [key: string]: 'number' | 'string' | 'boolean' | readonly string[] | Shape };

const stage: Shape = {
  steps: 'number',
  learningRate: 'number',
  warmup: 'number',
  decay: 'number',
  shortPassageTokens: 'number',
  longPassageTokens: 'number',
  shortShare: 'number',
  batch: 'number',
};

const pair: Shape = { ...stage, bestShare: 'number', relevanceEvery: 'number', bothOrders: 'boolean' };
const hardPair: Shape = { ...pair, labels: { judgedShare: 'number', firstStageShare: 'number' } };

const recipeShape: Shape = {
  name: 'string',
  history: 'string',
  seed: 'number',
  threads: 'number',
  model: {
    dModel: 'number',
    dKv: 'number',
    dFf: 'number',
    numHeads: 'number',
    encoderLayers: 'number',
    decoderLayers: 'number',
    gated: 'boolean',
  },
  passageTokens: 'number',
  queryTokens: 'number',
  optimiser: { beta2: 'number', weightDecay: 'number', clipNorm: 'number' },
  labels: { temperature: 'number', judgedShare: 'number', threshold: 'number' },
  match: { ...stage, listSize: 'number', binaryEvery: 'number' },
  pair,
  refine: hardPair,
  polish: hardPair,
  label: { queries: 'number', depth: 'number', deep: 'number' },
  distil: { ...stage, target: DISTIL_TARGETS },
  evaluation: { queries: 'number' },
  validation: { queries: 'number', every: 'number' },
};

/** Reads a recipe. @throws RankscopeError 'bad-input' naming file, field, and what was expected. */
export function readRecipe(path: string): Recipe {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RankscopeError('bad-input', `${path}: cannot be read as YAML: ${reason}`);
  }
  check(value, recipeShape, path, '');
  return value as Recipe;
}

const isWords = (want: Shape[string]): want is readonly string[] => Array.isArray(want);

function check(value: unknown, shape: Shape, path: string, at: string): void {
  if (typeof value !== 'object' || value === null) {
    throw new RankscopeError('bad-input', `${path}: ${at || 'the file'} must be a list of fields.`);
  }
  const fields = value as Record<string, unknown>;
  for (const [key, want] of Object.entries(shape)) {
    const where = at ? `${at}.${key}` : key;
    if (isWords(want)) {
      if (want.includes(String(fields[key]))) continue;
      throw new RankscopeError(
        'bad-input',
        `${path}: ${where} must be one of ${want.join(', ')}, found ${JSON.stringify(fields[key])}.`,
      );
    }
    if (typeof want === 'object') check(fields[key], want, path, where);
    else if (typeof fields[key] !== want || Number.isNaN(fields[key])) {
      throw new RankscopeError(
        'bad-input',
        `${path}: ${where} must be a ${want}, found ${JSON.stringify(fields[key])}.`,
      );
    }
  }
  const unknown = Object.keys(fields).find((key) => !(key in shape));
  if (unknown)
    throw new RankscopeError(
      'bad-input',
      `${path}: ${at ? `${at}.` : ''}${unknown} is no field of a recipe.`,
    );
}

/** The T5 configuration of a recipe; tied head, scaled as T5 v1.0 does. */
export function recipeConfig({ model }: Recipe, vocabSize: number): T5Config {
  return {
    ...model,
    vocabSize,
    buckets: 32,
    maxDistance: 128,
    epsilon: 1e-6,
    activation: model.gated ? 'gelu_new' : 'relu',
    tiedHead: true,
    scaledHead: true,
    padId: 0,
    eosId: 1,
    decoderStartId: 0,
  };
}
