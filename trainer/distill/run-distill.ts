/** `distill`: from one recipe a student, or several that are compared. */

import type { DistillListener, DistillRequest, DistillSummary } from './distill-request.ts';
import { readDistillRecipe } from './recipe.ts';
import { refuseWhatCannotFit } from './resources.ts';
import { runSeveral, type SeveralSummary } from './run-several.ts';
import { estimateStudent, makeStudentOf, openStudent, type StudentRun } from './student-run.ts';
import { summarise } from './summary.ts';

/**
 * Runs what is left of a distillation. Interrupted at any moment, the same call goes on.
 * @throws RankscopeError before any work for what is wrong with recipe, data, checkpoints or folder, for
 * results of another recipe, and for what cannot fit in memory or on disk
 */
export async function runDistill(
  request: DistillRequest,
  listener: DistillListener = {},
): Promise<DistillSummary | SeveralSummary> {
  const began = performance.now();
  const recipe = await readDistillRecipe(request.recipe, request);
  if (recipe.students) return runSeveral(recipe.students, request, listener);
  const run = await openStudent(recipe, request, listener);
  const estimate = await estimateStudent(run);
  if (estimate === 'cancelled') return unstarted(run, 'cancelled', began);
  if (estimate) {
    listener.estimated?.(estimate);
    refuseWhatCannotFit(estimate, run.context.layout.output);
  }
  if (request.dryRun) return unstarted(run, 'dry-run', began, estimate);
  const summary = await makeStudentOf(run, estimate);
  return { ...summary, seconds: (performance.now() - began) / 1000 };
}

function unstarted(
  { request, context, status }: StudentRun,
  state: 'cancelled' | 'dry-run',
  began: number,
  estimate?: DistillSummary['estimate'],
): Promise<DistillSummary> {
  const seconds = (performance.now() - began) / 1000;
  return summarise({ request, context, status, state, done: [], estimate, seconds });
}
