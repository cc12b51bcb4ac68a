/** Stage 5: the folder that the page, the other commands and transformers read. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults } from '../evaluate/read-results.ts';
import { runExport } from '../export/run-export.ts';
import { rowDifferences, tauDifferences } from './differences.ts';
import { cardComparisons, cardRows } from './results.ts';
import type { StageContext, StageResult } from './stage.ts';
import { evaluationRequest, storyOf } from './stage-evaluate.ts';
import { writeStudentCard } from './student-card.ts';

export async function exportStage(context: StageContext): Promise<StageResult> {
  const { recipe, layout, listener, prepared, signal } = context;
  const evaluated = evaluationRequest(context, layout.evaluated, layout.evaluation) !== undefined;
  if (evaluated) await writeEvaluatedCard(context);
  else await writeStudentCard(context, []);
  const { dtypes, weights } = recipe.export;
  let made = 0;
  const tell = () =>
    listener.progress?.(made++, dtypes.length + 1, 'scorers', 'making and comparing scorers');
  tell();
  await runExport(
    {
      ...{ checkpoint: layout.train, output: layout.student, dtypes, card: layout.card },
      weights: weights === 'bf16' ? 'BF16' : 'F32',
      role: 'student',
      threads: prepared.threads,
      signal,
    },
    { say: tell },
  );
  const files = await readdir(layout.student, { recursive: true, withFileTypes: true });
  const whole = files.filter((file) => file.isFile() && !file.name.endsWith('.tmp'));
  return { state: 'done', files: whole.map(({ parentPath, name }) => join(parentPath, name)).sort() };
}

async function writeEvaluatedCard(context: StageContext): Promise<void> {
  const { evaluation } = context.layout;
  const results = await readResults(evaluation);
  const { pairs, tau } = storyOf(context.prepared);
  const differences = [
    ...rowDifferences(results, pairs),
    ...(await tauDifferences(evaluation, results, tau.pairs, tau.to)),
  ];
  await writeStudentCard(context, cardRows(results), cardComparisons(differences));
}
