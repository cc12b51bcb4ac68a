/** card.json beside each checkpoint: what `trainer export` puts into ranker.json and the model card. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Comparison,
  EvaluationRow,
  RankerCard,
  ValidationPoint,
} from '../../src/checkpoint/ranker-card.ts';
import {
  embeddedPairwise,
  embeddedRelevance,
  embeddedStudent,
} from '../../src/ranking/embedded-templates.ts';
import { count } from '../cli/progress.ts';
import { writeWhole } from '../engine/state.ts';
import type { TrainingContext } from './context.ts';
import { trainingCollections } from './data/collections.ts';
import { METHODS } from './evaluate/comparisons.ts';
import type { SetReport } from './evaluate/set.ts';
import type { EvaluationReport } from './evaluation.ts';
import type { StageCurves } from './loop.ts';
import type { Recipe } from './recipe.ts';
import { baseDescription, embeddedDescription, MADE } from './student-story.ts';

type Draft = Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files' | 'dtypeMeasures'>;

/** Beside two passages: a query of about 60 tokens and the wording. */
const REST_TOKENS = 80;
/** Points of the loss curve that a card keeps. */
const CURVE_POINTS = 60;

const LOSSES: Readonly<Record<Recipe['distil']['target'], string>> = {
  ranks: 'RankNet',
  probabilities: 'RankNet on the teacher’s probabilities',
  'bradley-terry':
    'RankNet on the probabilities of Bradley and Terry’s strengths behind the teacher’s decisions',
};

/** Share of the base's steps that ask Yes / No, where that is whether a passage answers at all. */
function answerShare({ answer, pair, refine, polish }: Recipe): number | undefined {
  if (!answer) return undefined;
  const stages = [pair, refine, polish];
  const asked = stages.reduce(
    (sum, { steps, relevanceEvery }) => sum + Math.floor(steps / relevanceEvery),
    0,
  );
  return asked / stages.reduce((sum, { steps }) => sum + steps, 0);
}

/** Writes OUTPUT/base/card.json and OUTPUT/student/card.json. */
export function writeCards(context: TrainingContext, report: EvaluationReport | undefined): void {
  const { recipe, output, set } = context;
  const { depth, random, pairs } = recipe.label;
  // Fewer than the recipe asks for where the collections have no more.
  const labelled = Math.min(recipe.label.queries, context.distilQueries.length);
  const pools = new Set(set.arrays.queryCollection);
  const used = trainingCollections.filter((_, i) => pools.has(i));
  const data = (use: string) => used.map(({ name, license }) => ({ name, license, use }));
  const rows = report ? Object.values(report.sets).flatMap((one) => one.rows) : [];
  const command = `npm run trainer -- pretrain --recipe trainer/recipes/${recipe.name}.yaml --output DIR`;
  const read = recipe.readTokens ?? recipe.passageTokens;
  const common = {
    license: 'CC-BY-SA-4.0',
    limits: { maxTokens: 2 * read + REST_TOKENS, maxPassageTokens: read },
    evaluation: rows as readonly EvaluationRow[],
    comparisons: report ? comparisons(report) : [],
  };
  const provenance = {
    seed: recipe.seed,
    recipe: `trainer/recipes/${recipe.name}.yaml`,
    command,
    date: new Date().toISOString().slice(0, 10),
  };
  const baseStages = (['match', 'pair', 'refine', 'polish'] as const).flatMap((name) => {
    const stage = recipe[name];
    return stage ? [{ name, steps: stage.steps }] : [];
  });
  const learnt = { queries: labelled, depth, random, pairs, answerShare: answerShare(recipe) };
  const settings = {
    passageTokens: recipe.passageTokens,
    optimiser: 'AdamW',
    ...recipe.optimiser,
    precision: 'fp32, no dropout',
    stemming: recipe.stemming ?? 'none',
    history: recipe.history,
  };
  const base: Draft = {
    name: 'Rankscope demo teacher',
    role: 'teacher',
    description: `${baseDescription(learnt, common.comparisons)} ${MADE}`,
    ...common,
    templates: [embeddedPairwise, embeddedRelevance],
    provenance: {
      ...provenance,
      data: data('questions and passages, soft labels and judged passages'),
      steps: baseStages.reduce((sum, { steps }) => sum + steps, 0),
      settings: { ...settings, ...recipe.labels },
      ...curves(output, baseStages),
    },
  };
  const student: Draft = {
    name: 'Rankscope demo student',
    role: 'student',
    description: embeddedDescription(learnt, common.comparisons),
    ...common,
    templates: [embeddedStudent],
    fusion: report?.fusion,
    provenance: {
      ...provenance,
      base: 'Rankscope demo teacher',
      teacher: 'Rankscope demo teacher',
      data: data('queries and passages, ranked by the teacher; the teacher’s data before that'),
      steps: recipe.distil.steps,
      baseSha256: sha256(join(output, 'base', 'model.safetensors')),
      teacherSha256: sha256(join(output, 'base', 'model.safetensors')),
      labels: {
        sha256: sha256(join(output, 'stages', 'labels.jsonl')),
        source:
          `Rankscope demo teacher, PRP over ${pairs === undefined ? 'all pairs' : `${pairs} pairs of each list`}: ` +
          `${count(labelled)} queries × ${depth} passages`,
      },
      settings: {
        ...settings,
        loss: LOSSES[recipe.distil.target],
        lists: recipe.distil.batch,
        learningRate: recipe.distil.learningRate,
        epochs: rounded((recipe.distil.steps * recipe.distil.batch) / labelled),
      },
      ...curves(output, [{ name: 'distil', steps: recipe.distil.steps }]),
    },
  };
  writeWhole(join(output, 'base', 'card.json'), JSON.stringify(withoutStudent(base), null, 2));
  writeWhole(join(output, 'student', 'card.json'), JSON.stringify(student, null, 2));
}

/** All sets together first, then set by set; nDCG@10 before Kendall's τ. */
function comparisons({ sets, pooled, pooledTau }: EvaluationReport): Comparison[] {
  const queries = (set: SetReport) => set.rows[0]?.queries ?? 0;
  const together = Object.values(sets)
    .filter(({ schedule }) => schedule === 'all pairs')
    .reduce((sum, set) => sum + queries(set), 0);
  const tau = { metric: 'kendall-tau' } as const;
  return [
    ...pooled.map((one) => ({ set: 'all sets', queries: together, ...one })),
    ...pooledTau.map((one) => ({ set: 'all sets', queries: together, ...tau, ...one })),
    ...Object.entries(sets).flatMap(([set, report]) => [
      ...report.differences.map((one) => ({ set, queries: queries(report), ...one })),
      ...report.tauDifferences.map((one) => ({ set, queries: queries(report), ...tau, ...one })),
    ]),
  ];
}

/** The teacher's card does not speak of students. */
function withoutStudent(card: Draft): Draft {
  const hidden: readonly string[] = [METHODS.student, METHODS.fused];
  const shown = (name: string) => !hidden.includes(name);
  return {
    ...card,
    evaluation: card.evaluation.filter(({ method }) => shown(method)),
    comparisons: card.comparisons?.filter(({ method, against }) => shown(method) && shown(against)),
  };
}

type Curves = Required<Pick<Draft['provenance'], 'stages' | 'lossCurve' | 'validation'>>;

/** What was drawn during the stages, one after the other on one axis of steps; losses thinned. */
function curves(
  output: string,
  stages: readonly { readonly name: string; readonly steps: number }[],
): Curves {
  const losses: [number, number][] = [];
  const validation: ValidationPoint[] = [];
  let before = 0;
  for (const { name, steps } of stages) {
    for (const [step, loss] of read<StageCurves['curve']>(output, name, 'curve.json')) {
      losses.push([before + step, rounded(loss)]);
    }
    for (const { step, values } of read<StageCurves['validation']>(output, name, 'validation.json')) {
      const { queries: _, ...figures } = values;
      const kept = Object.entries(figures).map(([key, value]) => [key, rounded(value)]);
      validation.push({ stage: name, step: before + step, values: Object.fromEntries(kept) });
    }
    before += steps;
  }
  const every = Math.max(1, Math.ceil(losses.length / CURVE_POINTS));
  const lossCurve = losses.filter((_, i) => i % every === every - 1 || i === losses.length - 1);
  return { stages, lossCurve, validation };
}

function read<T extends readonly unknown[]>(output: string, stage: string, file: string): T | [] {
  const path = join(output, 'stages', stage, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : [];
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
