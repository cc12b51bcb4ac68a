/**
 * The student's folder. It is made once, with all that is exported, and evaluated as the page will run it; when its results
 * are known it is copied to its place with the card that has them.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { draftCard } from '../checkpoint/card-draft.ts';
import { copyCheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { type ExportListener, runExport } from '../export/run-export.ts';
import { writeAtomic } from '../node/atomic.ts';
import { fileDigest } from '../node/digests.ts';
import type { DistillRecipe } from './recipe-types.ts';
import type { StageContext } from './stage.ts';

type Context = Pick<StageContext, 'recipe' | 'layout' | 'prepared' | 'signal'>;

/** The dtype that the page loads, of those that are exported: as `chooseDtype` prefers on a CPU. */
export function evaluatedDtype({ evaluate, export: { dtypes } }: DistillRecipe): Dtype {
  return evaluate.dtype ?? (['int8', 'fp32', 'q8', 'q4'] as const).find((one) => dtypes.includes(one))!;
}

/** What is made to be evaluated: the final scorers, and one more where another dtype is evaluated. */
export const evaluatedDtypes = (recipe: DistillRecipe): readonly Dtype[] => [
  ...new Set([...recipe.export.dtypes, evaluatedDtype(recipe)]),
];

/** Makes the student that is evaluated, unless it is there; its card is the draft's of layout.card. */
export async function makeEvaluated(context: Context): Promise<void> {
  if (await evaluatedCard(context)) return;
  const { layout, recipe } = context;
  await exportTo(context, layout.evaluated, evaluatedDtypes(recipe));
  await writeAtomic(layout.evaluatedOf, `${JSON.stringify(await madeOf(context))}\n`);
}

/** Makes the student's folder, from the one that was evaluated where that has its files. */
export async function makeStudent(context: Context, listener: ExportListener): Promise<void> {
  const { layout, recipe } = context;
  const { dtypes } = recipe.export;
  const made = await evaluatedCard(context);
  if (!made) return exportTo(context, layout.student, dtypes, listener);
  const card = await draftCard(layout.train, { file: layout.card, role: 'student', output: layout.student });
  await copyCheckpointFolder(layout.evaluated, made, layout.student, { dtypes, card });
}

/** The card of the evaluated student where it is whole, of today's weights, and has all that is exported. */
export async function evaluatedCard(context: Context): Promise<RankerCard | undefined> {
  const { layout, recipe } = context;
  const [of, text] = await Promise.all(
    [layout.evaluatedOf, join(layout.evaluated, 'ranker.json')].map((path) =>
      readFile(path, 'utf8').catch(() => undefined),
    ),
  );
  if (of === undefined || text === undefined) return undefined;
  if (of.trim() !== JSON.stringify(await madeOf(context))) return undefined;
  const card = parseRankerCard(text, join(layout.evaluated, 'ranker.json'));
  if (!evaluatedDtypes(recipe).every((dtype) => card.scorers[dtype] !== undefined)) return undefined;
  for (const [path, { bytes }] of Object.entries(card.files)) {
    const found = await stat(join(layout.evaluated, path)).catch(() => undefined);
    if (found?.size !== bytes) return undefined;
  }
  return card;
}

/** Everything that the folder's files follow from, beside the recipe's dtypes. */
const madeOf = async ({ layout, recipe, prepared }: Context) => ({
  weights: await fileDigest(join(layout.train, 'model.safetensors')),
  tokenizer: await fileDigest(join(layout.train, 'tokenizer.json')),
  storage: recipe.export.weights,
  templates: [prepared.studentTemplate],
  limits: prepared.base.card.limits,
  threads: prepared.threads,
});

async function exportTo(
  { layout, recipe, prepared, signal }: Context,
  output: string,
  dtypes: readonly Dtype[],
  listener?: ExportListener,
): Promise<void> {
  const weights = recipe.export.weights === 'bf16' ? 'BF16' : 'F32';
  const { threads } = prepared;
  const request = {
    checkpoint: layout.train,
    output,
    dtypes,
    card: layout.card,
    weights,
    threads,
    signal,
  } as const;
  await runExport({ ...request, role: 'student' }, listener);
}
