/** Prepared data of `pretrain` with invented words, and a recipe that takes seconds on it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/t5/init-random.ts';
import { openTokenizer } from '../pretrain/context.ts';
import { type TrainingSetInput, writeTrainingSet } from '../pretrain/data/training-set.ts';
import { plainIds } from '../pretrain/prompts.ts';
import type { Recipe } from '../pretrain/recipe.ts';
import { tinyTokenizer } from './tiny-checkpoint.ts';

const stage = {
  steps: 3,
  batch: 2,
  learningRate: 1e-3,
  warmup: 1,
  decay: 0.5,
  shortPassageTokens: 6,
  longPassageTokens: 12,
  shortShare: 0.5,
};

const hard = {
  ...stage,
  bestShare: 0.5,
  relevanceEvery: 2,
  bothOrders: true,
  labels: { judgedShare: 0.4, firstStageShare: 0.5 },
};

export const tinyRecipe: Recipe = {
  name: 'tiny',
  history: 'in one go',
  seed: 1,
  threads: 1,
  model: { dModel: 64, dKv: 8, dFf: 16, numHeads: 4, encoderLayers: 1, decoderLayers: 1, gated: false },
  passageTokens: 8,
  queryTokens: 4,
  optimiser: { beta2: 0.99, weightDecay: 0.01, clipNorm: 1 },
  labels: { temperature: 0.05, judgedShare: 0.3, threshold: 0.45 },
  match: { ...stage, listSize: 4, binaryEvery: 2 },
  pair: { ...stage, bestShare: 0.5, relevanceEvery: 2, bothOrders: false },
  refine: hard,
  polish: hard,
  label: { queries: 5, depth: 4, deep: 1, random: 1 },
  distil: { ...stage, target: 'probabilities' },
  validation: { queries: 2, every: 100 },
  evaluation: { queries: 4 },
};

/** The same for a base that compares: no match stage, Yes / No only as whether a passage answers, sparse labels. */
export const tinyComparing: Recipe = {
  ...tinyRecipe,
  name: 'tiny-comparing',
  seeds: 'named',
  answers: 'apart',
  match: undefined,
  answer: { batch: 2 },
  label: { ...tinyRecipe.label, pairs: 5 },
  distil: { ...tinyRecipe.distil, target: 'bradley-terry' },
};

/** Passages of random common words; a query is words of its passage. */
function inventSet(data: string, part: 'mixed' | 'held-out', vocabulary: number): TrainingSetInput {
  const tokenizer = openTokenizer(join(data, 'tokenizer'));
  const words = 'water small large time day year people town house light cold one how what when'.split(' ');
  const random = seededRandom(part === 'mixed' ? 1 : 2);
  const pick = (count: number, from: readonly string[]) =>
    Array.from({ length: count }, () => from[Math.floor(random.uniform() * from.length)]!);
  const passages = Array.from({ length: 12 }, (_, p) => {
    const text = pick(7, words).join(' ');
    return { key: `p${p}`, text, tokens: plainIds(tokenizer, text) };
  });
  const queries = Array.from({ length: 24 }, (_, q) => {
    const own = q % 12;
    const text = pick(2, passages[own]!.text.split(' ')).join(' ');
    const others = [1, 2, 3, 4, 5].map((step) => (own + step) % 12);
    return {
      key: `q${q}`,
      text,
      judged: { [`p${own}`]: 1 },
      tokens: plainIds(tokenizer, text),
      part: part === 'held-out' ? ('held-out' as const) : q < 12 ? ('train' as const) : ('distill' as const),
      collection: 'qed-nq',
      candidates: [own, ...others].map((passage, i) => ({
        passage,
        cosine: passage === own ? 0.8 : 0.2,
        grade: passage === own ? 1 : 0,
        rank: i + 1,
        score: part === 'held-out' ? 9 - i : undefined,
      })),
    };
  });
  return { vocabulary, collections: ['qed-nq'], passages, queries };
}

/** Writes tokenizer/, training/, evaluation/ and the vectors into `data`. */
export function writePreparedData(data: string): void {
  const { tokenizerJson, tokenizerConfigJson, size } = tinyTokenizer();
  mkdirSync(join(data, 'tokenizer'), { recursive: true });
  writeFileSync(join(data, 'tokenizer', 'tokenizer.json'), tokenizerJson);
  writeFileSync(join(data, 'tokenizer', 'tokenizer_config.json'), tokenizerConfigJson);
  writeTrainingSet(join(data, 'training'), inventSet(data, 'mixed', size));
  writeTrainingSet(join(data, 'evaluation', 'invented'), inventSet(data, 'held-out', size));
  writeTrainingSet(join(data, 'development'), inventSet(data, 'held-out', size));
  const random = seededRandom(3);
  const vectorSize = tinyRecipe.model.dModel - 33;
  writeFileSync(
    join(data, `token-vectors-${vectorSize}.f32`),
    Float32Array.from({ length: size * vectorSize }, () => random.normal()),
  );
  writeFileSync(
    join(data, 'piece-df.u32'),
    Uint32Array.from({ length: size }, (_, i) => 1 + (i % 9)),
  );
}
