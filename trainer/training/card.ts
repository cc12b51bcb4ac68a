/** card.json beside each checkpoint: what `trainer export` puts into ranker.json and the model card. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison, EvaluationRow, RankerCard } from '../../src/inference/ranker-card.ts';
import { trainingCollections } from '../data/collections.ts';
import { writeWhole } from '../engine/state.ts';
import { embeddedPairwise, embeddedRelevance, embeddedStudent } from '../recipes/templates.ts';
import type { TrainingContext } from './context.ts';
import { type EvaluationReport, METHODS } from './evaluation.ts';

type Draft = Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files' | 'dtypeMeasures'>;

/** Beside two passages: a query of about 60 tokens and the wording. */
const REST_TOKENS = 80;
/** Points of the loss curve that a card keeps. */
const CURVE_POINTS = 60;

const made =
  'The start is wired by hand to compare words (src/t5/init-wired.ts) and then trained. Soft labels come ' +
  'from the sentence encoder all-MiniLM-L6-v2, and so do the start values of the word vectors (its vectors of ' +
  'single pieces, reduced); its own training data include MS MARCO, Natural Questions and Stack Exchange. ' +
  'A demonstration model of 1.9 M parameters: it reads English, the first words of a passage, and is no ' +
  'match for a large model.';

/** Writes OUTPUT/base/card.json and OUTPUT/student/card.json. */
export function writeCards(context: TrainingContext, report: EvaluationReport | undefined): void {
  const { recipe, output, set } = context;
  const pools = new Set(set.arrays.queryCollection);
  const used = trainingCollections.filter((_, i) => pools.has(i));
  const data = (use: string) => used.map(({ name, license }) => ({ name, license, use }));
  const rows = report ? Object.values(report.sets).flatMap((one) => one.rows) : [];
  const command = `npm run trainer -- pretrain --recipe trainer/recipes/${recipe.name}.yaml --output DIR`;
  const common = {
    license: 'CC-BY-SA-4.0',
    limits: { maxTokens: 2 * recipe.passageTokens + REST_TOKENS, maxPassageTokens: recipe.passageTokens },
    evaluation: rows as readonly EvaluationRow[],
    comparisons: report ? comparisons(report) : [],
  };
  const provenance = { seed: recipe.seed, command, date: new Date().toISOString().slice(0, 10) };
  const baseSteps = [recipe.match, recipe.pair, recipe.refine, recipe.polish].reduce(
    (sum, { steps }) => sum + steps,
    0,
  );
  const base: Draft = {
    name: 'Rankscope demo teacher',
    role: 'teacher',
    description:
      'A small T5 trained from scratch on two questions: which of two passages is more relevant (A / B), and ' +
      `whether one is (Yes / No). It is teacher and base at once. ${made}`,
    ...common,
    templates: [embeddedPairwise, embeddedRelevance],
    provenance: {
      ...provenance,
      data: data('questions and passages, soft labels and judged passages'),
      steps: baseSteps,
      lossCurve: curve(output, ['match', 'pair', 'refine', 'polish']),
    },
  };
  const student: Draft = {
    name: 'Rankscope demo student',
    role: 'student',
    description:
      `The demo teacher after RankNet on its own pairwise rankings of ${recipe.label.queries} queries that no ` +
      `earlier stage saw, with BM25's top ${recipe.label.depth} each; no label reaches it. One call a passage ` +
      `instead of one for each ordered pair. The control in the table, the base under the student's wording, is ` +
      `near random order because the base never saw that wording; compare with its own Yes / No question too. ${made}`,
    ...common,
    templates: [embeddedStudent],
    provenance: {
      ...provenance,
      base: 'Rankscope demo teacher',
      teacher: 'Rankscope demo teacher',
      data: data('queries and passages, ranked by the teacher; the teacher’s data before that'),
      steps: recipe.distil.steps,
      lossCurve: curve(output, ['distil']),
    },
  };
  writeWhole(join(output, 'base', 'card.json'), JSON.stringify(withoutStudent(base), null, 2));
  writeWhole(join(output, 'student', 'card.json'), JSON.stringify(student, null, 2));
}

/** All sets together first, then set by set. */
function comparisons({ sets, pooled }: EvaluationReport): Comparison[] {
  const queries = (set: string) => sets[set]?.rows[0]?.queries ?? 0;
  const names = Object.keys(sets);
  const total = names.reduce((sum, set) => sum + queries(set), 0);
  return [
    ...pooled.map((difference) => ({ set: 'all sets', queries: total, ...difference })),
    ...names.flatMap((set) =>
      sets[set]!.differences.map((difference) => ({ set, queries: queries(set), ...difference })),
    ),
  ];
}

/** The teacher's card does not speak of students. */
function withoutStudent(card: Draft): Draft {
  const hidden: readonly string[] = [METHODS.student, METHODS.control];
  const shown = (name: string) => !hidden.includes(name);
  return {
    ...card,
    evaluation: card.evaluation.filter(({ method }) => shown(method)),
    comparisons: card.comparisons?.filter(({ method, against }) => shown(method) && shown(against)),
  };
}

/** Loss curves of stages, one after the other, thinned. */
function curve(output: string, stages: readonly string[]): [number, number][] {
  const points: [number, number][] = [];
  let before = 0;
  for (const stage of stages) {
    const path = join(output, 'stages', stage, 'curve.json');
    if (!existsSync(path)) continue;
    const own = JSON.parse(readFileSync(path, 'utf8')) as [number, number][];
    for (const [step, loss] of own) points.push([before + step, Math.round(loss * 1e4) / 1e4]);
    before = points.at(-1)?.[0] ?? before;
  }
  const every = Math.max(1, Math.ceil(points.length / CURVE_POINTS));
  return points.filter((_, i) => i % every === every - 1 || i === points.length - 1);
}
