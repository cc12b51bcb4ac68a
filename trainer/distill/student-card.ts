/** What the student's card says: how it was made, and what it was measured to do. */
import { basename } from 'node:path';
import type { Comparison, EvaluationRow, RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { withoutTrained } from '../../src/ranking/templates.ts';
import { firstStageText } from '../candidates/find-candidates.ts';
import { writeAtomic } from '../node/atomic.ts';
import { fileDigest } from '../node/digests.ts';
import { TRAIN_DEFAULTS } from '../train/train-request.ts';
import { setName } from './judged-sets.ts';
import type { StageContext } from './stage.ts';
import { readTrained, type Trained } from './stage-train.ts';

type Draft = Omit<RankerCard, 'format' | 'version' | 'scorers' | 'files' | 'dtypeMeasures'>;

/** Writes the draft that \`export\` makes ranker.json and README.md of. */
export async function writeStudentCard(
  context: StageContext,
  evaluation: readonly EvaluationRow[],
  comparisons: readonly Comparison[] = [],
): Promise<void> {
  const { layout } = context;
  const trained = await readTrained(layout);
  const draft = studentCard(context, trained, await fileDigest(layout.labels), evaluation, comparisons);
  await writeAtomic(layout.card, `${JSON.stringify(draft, null, 1)}\n`);
}

function studentCard(
  { recipe, prepared, command }: StageContext,
  trained: Trained,
  labels: string,
  evaluation: readonly EvaluationRow[],
  comparisons: readonly Comparison[],
): Draft {
  const { base, teacher, queries } = prepared;
  const { data, export: exported } = recipe;
  const supervised = recipe.labels === 'judgments';
  const passages = `top ${data.k} passages each`;
  const name = data.name ?? setName(data);
  return {
    name: exported.name ?? recipe.name,
    role: 'student',
    description: exported.description ?? description(recipe, prepared),
    license: exported.license ?? base.card.license,
    templates: [withoutTrained(prepared.studentTemplate)],
    limits: base.card.limits,
    provenance: {
      base: base.card.name,
      baseSha256: String(prepared.inputs.train['student.checkpoint']),
      teacher: supervised ? undefined : teacher!.card.name,
      labels: {
        sha256: labels,
        source: supervised
          ? `judgments (supervised): ${basename(queries.files.judgments!)}`
          : `${teacher!.card.name} (${teacher!.dtype}), pairwise, ${recipe.teacher!.schedule}`,
      },
      recipe: basename(recipe.path),
      settings: {
        ...TRAIN_DEFAULTS,
        ...recipe.train,
        seed: recipe.seed,
        threads: prepared.threads,
        firstStage: firstStageText(data),
      },
      data: [
        {
          name,
          license: data.license,
          use: supervised
            ? `${queries.training.length} queries with their judgments, ${passages}, with a relevant one put in where none was found`
            : `${queries.training.length} queries without labels, ${passages}, ranked by the teacher`,
        },
        ...base.card.provenance.data.map((one) => ({ ...one, use: `of the base: ${one.use}` })),
      ],
      steps: trained.best?.step ?? trained.steps.done,
      seed: recipe.seed,
      lossCurve: trained.lossCurve,
      validation: trained.validation,
      command,
      date: new Date().toISOString().slice(0, 10),
    },
    evaluation,
    comparisons,
  };
}

function description(
  { labels, data: { k } }: StageContext['recipe'],
  { base, teacher, queries }: StageContext['prepared'],
): string {
  if (labels === 'judgments') {
    return (
      `A pointwise model, fine-tuned with judgments (supervised, SFT; not distilled): ${base.card.name} was trained to ` +
      `put the passages that people judged relevant first among the top ${k} of ${queries.training.length} queries, ` +
      'with one call per passage.'
    );
  }
  return (
    `A pointwise student, distilled from ${teacher!.card.name} (instruction distillation, Sun et al. 2023): ` +
    `the teacher compared the top ${k} passages of ${queries.training.length} queries in pairs, and ` +
    `${base.card.name} was trained to rank them the same way with one call per passage.`
  );
}
