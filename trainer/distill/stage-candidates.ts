/** Stage 1: queries chosen, and the first stage's passages for those that are distilled. */
import { runCandidates } from '../candidates/find-candidates.ts';
import { megabytes } from '../cli/progress.ts';
import { writeChosen } from './queries.ts';
import { CANCELLED, type StageContext, type StageResult } from './stage.ts';

export async function candidatesStage(context: StageContext): Promise<StageResult> {
  const { recipe, prepared, layout, listener, signal } = context;
  const { data } = recipe;
  await writeChosen(layout, prepared.queries);
  const summary = await runCandidates(
    {
      input: data.input,
      queries: layout.trainingQueries,
      output: layout.candidates,
      k: data.k,
      bm25: data.bm25,
      run: data.run,
      relevant: recipe.labels === 'judgments' ? prepared.queries.files.judgments : undefined,
      skipFaulty: data.skipFaulty,
      keepIdenticalIds: data.keepIdenticalIds,
      signal,
    },
    {
      notice: listener.notice,
      reading: (done, total) =>
        listener.progress?.(megabytes(done), megabytes(total), 'MB', 'reading the corpus'),
      indexing: (done, total) => listener.progress?.(done, total, 'passages', 'indexing'),
      searched: (done, total) => listener.progress?.(done, total, 'queries', 'searching'),
    },
  );
  if (summary.state === 'cancelled') return CANCELLED;
  const held = prepared.queries.heldOut ? [layout.heldOutQueries, layout.heldOutQrels] : [];
  return { state: 'done', files: [layout.candidates, layout.trainingQueries, ...held] };
}
