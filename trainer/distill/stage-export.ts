/** Stage 5: the folder that the page, the other commands and transformers read. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults } from '../evaluate/read-results.ts';
import type { RowDifference } from './differences.ts';
import { cardComparisons, cardRows } from './results.ts';
import type { StageContext, StageResult } from './stage.ts';
import { evaluationRequest, writeDifferences } from './stage-evaluate.ts';
import { writeStudentCard } from './student-card.ts';
import { makeStudent } from './student-folder.ts';

export async function exportStage(context: StageContext): Promise<StageResult> {
  const { recipe, layout, listener } = context;
  const evaluated = evaluationRequest(context, layout.evaluated, layout.evaluation) !== undefined;
  if (evaluated) await writeEvaluatedCard(context);
  else await writeStudentCard(context, []);
  let made = 0;
  const tell = () =>
    listener.progress?.(made++, recipe.export.dtypes.length + 1, 'scorers', 'making and comparing scorers');
  tell();
  await makeStudent(context, { say: tell });
  const files = await readdir(layout.student, { recursive: true, withFileTypes: true });
  const whole = files.filter((file) => file.isFile() && !file.name.endsWith('.tmp'));
  return { state: 'done', files: whole.map(({ parentPath, name }) => join(parentPath, name)).sort() };
}

async function writeEvaluatedCard(context: StageContext): Promise<void> {
  const { evaluation, differences } = context.layout;
  const text = await readFile(differences, 'utf8').catch(() => undefined);
  // A table of an earlier version has them in no file.
  const found = text === undefined ? await writeDifferences(context) : (JSON.parse(text) as RowDifference[]);
  const rows = cardRows(await readResults(evaluation));
  await writeStudentCard(context, rows, cardComparisons(found));
}
