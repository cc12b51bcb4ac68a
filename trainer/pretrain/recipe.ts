/** The recipe of a pair of embedded models, read from YAML and checked. */

import { STEMMINGS } from '../../src/retrieval/params.ts';
import type { Stemming } from '../../src/retrieval/types.ts';
import type { T5Config } from '../../src/t5/config.ts';
import { type Bounds, Fields } from '../recipe/fields.ts';
import { openRecipe } from '../recipe/recipe-file.ts';

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

/**
 * What the student learns of the teacher's decisions: their ranking, how sure each of them is, or the strengths that
 * Bradley and Terry's model finds behind them, which also say something of the pairs that were not asked.
 */
export const DISTIL_TARGETS = ['ranks', 'probabilities', 'bradley-terry'] as const;

/** What a stage's stream of draws comes from: the length of its name (two stages may share one), or the name. */
export const SEEDINGS = ['by-length', 'named'] as const;

/** Yes / No shares the dimension in which A / B is wired to answer, or has one of its own with nothing wired to it. */
export const ANSWERS = ['shared', 'apart'] as const;

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
  /** Tokens of a passage that are read in use, for the cards; absent: passageTokens. Positions are relative, so more can be. */
  readonly readTokens?: number;
  readonly optimiser: { readonly beta2: number; readonly weightDecay: number; readonly clipNorm: number };
  readonly labels: {
    readonly temperature: number;
    readonly judgedShare: number;
    /** Cosine at which a passage counts as relevant with probability ½. */
    readonly threshold: number;
  };
  /** Absent: by-length, as the pair of 2026-11-28 was trained. */
  readonly seeds?: (typeof SEEDINGS)[number];
  /** Absent: shared. */
  readonly answers?: (typeof ANSWERS)[number];
  /** Shares kept of large collections, by whole subjects; absent: `keptShares` (selection.ts). */
  readonly kept?: Readonly<Record<KeptCollection, number>>;
  /** A checkpoint folder whose tokenizer is taken; absent: a vocabulary is trained on the texts. */
  readonly vocabulary?: string;
  /** The first stage, and what the steps of later ones repeat that ask Yes / No. Absent where `answer` is given. */
  readonly match?: StageRecipe & { readonly listSize: number; readonly binaryEvery: number };
  /**
   * In place of `match`: Yes / No is asked only as the hard question whether a passage answers a query, `batch` times
   * with the judged passage and as often with one that is judged for another query. Nothing in it compares passages.
   */
  readonly answer?: { readonly batch: number };
  readonly pair: PairRecipe;
  /** The same questions on more data and harder lists. */
  readonly refine: HardPairRecipe;
  /** And on passages of full length, while the rate falls. */
  readonly polish: HardPairRecipe;
  /**
   * `depth` passages per query: the first stage's best, then `deep` from below them, then `random` from any query of
   * the same collection. The teacher compares all ordered pairs of them, or `pairs` pairs in both orders.
   */
  readonly label: {
    readonly queries: number;
    readonly depth: number;
    readonly deep: number;
    readonly random: number;
    readonly pairs?: number;
  };
  readonly distil: DistilRecipe;
  /** Of BM25 when the data is prepared; absent: none. */
  readonly stemming?: Exclude<Stemming, 'none'>;
  /**
   * Queries per held-out set at the end. `supervised`: a checkpoint folder whose Yes / No was trained on lists; its row
   * says what one pointwise call can do at this size, whatever the base's own Yes / No is worth.
   */
  readonly evaluation: { readonly queries: number; readonly supervised?: string };
  /** `pairwise`: of these queries, those on which all pairs are asked; absent: 25. */
  readonly validation: { readonly queries: number; readonly every: number; readonly pairwise?: number };
}

/** Collections of which a recipe may keep a share. */
export const KEPT_COLLECTIONS = ['squad-nqg', 'medquad', 'openstax', 'wikipedia-sections'] as const;
export type KeptCollection = (typeof KEPT_COLLECTIONS)[number];

/** What a field holds: a text, a path (relative to the recipe), true or false, a number within bounds, one of some words, or fields of its own. */
type Want = 'text' | 'file' | 'flag' | (Bounds & { readonly whole: boolean }) | readonly string[] | Shape;
interface Shape {
  readonly fields: Readonly<Record<string, Want>>;
  /** Fields that may be left out: recipes from before there were any of them mean what they meant. */
  readonly optional: Readonly<Record<string, Want>>;
}

const whole = (least: number, most?: number): Want => ({ whole: true, least, most });
const real = (bounds: Bounds): Want => ({ whole: false, ...bounds });
const share = real({ least: 0, most: 1 });
const positive = real({ above: 0 });
const section = (fields: Shape['fields'], optional: Shape['optional'] = {}): Shape => ({ fields, optional });

const stage = {
  steps: whole(1),
  learningRate: positive,
  warmup: whole(0),
  decay: share,
  shortPassageTokens: whole(1),
  longPassageTokens: whole(1),
  shortShare: share,
  batch: whole(1),
} as const;

const pair = { ...stage, bestShare: share, relevanceEvery: whole(1), bothOrders: 'flag' } as const;
const hardPair = section({ ...pair, labels: section({ judgedShare: share, firstStageShare: share }) });

/** Token vectors take 33 dimensions less than the model has (init-wired.ts). */
const LEAST_WIDTH = 34;

const recipeShape = section(
  {
    name: 'text',
    history: 'text',
    seed: whole(0, 2 ** 31 - 1),
    threads: whole(1, 256),
    model: section({
      dModel: whole(LEAST_WIDTH),
      dKv: whole(1),
      dFf: whole(1),
      numHeads: whole(1),
      encoderLayers: whole(1),
      decoderLayers: whole(1),
      gated: 'flag',
    }),
    passageTokens: whole(1),
    queryTokens: whole(1),
    optimiser: section({
      beta2: real({ above: 0, most: 0.999999 }),
      weightDecay: real({ least: 0 }),
      clipNorm: real({ least: 0 }),
    }),
    labels: section({ temperature: positive, judgedShare: share, threshold: real({ least: -1, most: 1 }) }),
    pair: section(pair),
    refine: hardPair,
    polish: hardPair,
    label: section(
      { queries: whole(1), depth: whole(2), deep: whole(0), random: whole(0) },
      { pairs: whole(1) },
    ),
    distil: section({ ...stage, target: DISTIL_TARGETS }),
    evaluation: section({ queries: whole(1) }, { supervised: 'file' }),
    validation: section({ queries: whole(1), every: whole(1) }, { pairwise: whole(1) }),
  },
  {
    seeds: SEEDINGS,
    answers: ANSWERS,
    readTokens: whole(1),
    vocabulary: 'file',
    kept: section(Object.fromEntries(KEPT_COLLECTIONS.map((name) => [name, share]))),
    match: section({ ...stage, listSize: whole(2), binaryEvery: whole(1) }),
    answer: section({ batch: whole(1) }),
  },
);

/**
 * Reads a recipe of `pretrain`, YAML or JSON.
 * @throws RankscopeError 'missing', or 'bad-input' with file, line, field, and what was expected, for all that is wrong
 */
export async function readRecipe(path: string): Promise<Recipe> {
  const fields = Fields.of(await openRecipe(path));
  const stemming = fields.section('bm25').choice('stemming', STEMMINGS);
  const recipe = {
    ...(read(fields, recipeShape) as unknown as Recipe),
    // Left out where it is none: a folder that was begun before there was stemming goes on.
    stemming: stemming === 'english' ? stemming : undefined,
  };
  if (!recipe.match && !recipe.answer)
    fields.missing('match', 'a recipe for pretrain must give it, or answer.');
  if (recipe.match && recipe.answer) fields.wrong('answer', 'takes the place of match: give one of them.');
  const { depth, deep, random, pairs } = recipe.label ?? {};
  if (deep + random >= depth) {
    const found = `has deep ${deep} and random ${random}`;
    fields.wrong('label', `${found}, which together must be less than depth ${depth}.`);
  }
  if (pairs !== undefined && !(pairs >= depth && pairs <= (depth * (depth - 1)) / 2)) {
    const most = (depth * (depth - 1)) / 2;
    fields.wrong('label', `has ${pairs} pairs; ${depth} passages need ${depth} to ${most} of them.`);
  }
  fields.finish();
  return recipe;
}

function read(fields: Fields, { fields: shape, optional }: Shape): Record<string, unknown> {
  const given = Object.entries(optional).filter(([name]) => fields.has(name));
  const entries = [...Object.entries(shape), ...given].map(([name, want]) => {
    if (!fields.has(name)) fields.missing(name, 'a recipe for pretrain must give every field.');
    if (typeof want !== 'object' || !('fields' in want)) return [name, value(fields, name, want)] as const;
    const inner = fields.section(name);
    // Of a section that is missing not every field need be reported.
    return [name, fields.has(name) ? read(inner, want) : undefined] as const;
  });
  return Object.fromEntries(entries);
}

function value(fields: Fields, name: string, want: Exclude<Want, Shape>): unknown {
  if (want === 'text') return fields.text(name);
  if (want === 'file') return fields.file(name);
  if (want === 'flag') return fields.flag(name);
  if ('whole' in want) return want.whole ? fields.whole(name, want) : fields.number(name, want);
  return fields.choice(name, want);
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
