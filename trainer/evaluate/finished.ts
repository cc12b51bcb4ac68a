/** What has been answered, as the rows of the results. */

import type { RankJob } from '../input/read-jobs.ts';
import { defaultThreads, nodeRuntime } from '../node/runtime.ts';
import { baselineRows, fusedRows, type readPopularity } from './derived-rows.ts';
import type { EvaluateRequest } from './evaluate-request.ts';
import type { JournalEntry } from './journal.ts';
import type { FinishedRow } from './results.ts';
import type { EvaluationSet } from './sets.ts';
import type { Task } from './tasks.ts';

/** All rows with their rankings: the first stage's own first. */
export function finished(
  request: EvaluateRequest,
  sets: readonly EvaluationSet[],
  tasks: readonly Task[],
  counts: Awaited<ReturnType<typeof readPopularity>>,
): FinishedRow[] {
  const { methods, threads = defaultThreads() } = request;
  return sets.flatMap((set, i) => {
    const first: FinishedRow = {
      set,
      name: 'bm25',
      slug: 'bm25',
      method: 'bm25',
      checkpoint: null,
      template: null,
      entries: new Map(set.jobs.map((job) => [job.query.id, firstStage(job, set.searchSeconds)])),
      timed: set.searchSeconds !== undefined,
    };
    const own = tasks.filter((one) => one.set === set);
    const models = own.flatMap(({ row, journal, cutQueries }): FinishedRow[] => {
      const { folder, card, digest, dtype, service } = row.checkpoint;
      const { device, version: runtime } = nodeRuntime(threads);
      const here = { dtype, device, threads, runtime, folder };
      const where = service ? { service: service.remote.address.host } : here;
      const finishedRow: FinishedRow = {
        set,
        name: row.name,
        slug: row.slug,
        method: row.method,
        template: row.template,
        checkpoint: { name: card.name, digest, ...where },
        trainedTemplate: row.trainedTemplate,
        shuffled: row.shuffled === undefined ? undefined : { seed: row.shuffled },
        cutQueries: cutQueries > 0 ? cutQueries : undefined,
        entries: journal.entries,
        timed: true,
      };
      const tuned = tasks.find((one) => one.tunes === set && one.row === row);
      const tuning = tuned && { set: tuned.set, entries: tuned.journal.entries };
      // Fused with the first stage it would have again what was taken from it.
      if (row.shuffled !== undefined) return [finishedRow];
      return [finishedRow, ...fusedRows(request, { row: finishedRow, tuning })];
    });
    const others = [...baselineRows(request, set, counts[i]), ...models];
    return methods.some(({ id }) => id === 'bm25') ? [first, ...others] : others;
  });
}

/** Without what only fills the lists up: the first stage did not retrieve it. */
function firstStage({ query, candidates }: RankJob, seconds = 0): JournalEntry {
  const retrieved = candidates.filter(({ filled }) => !filled);
  return {
    query: query.id,
    order: retrieved.map(({ passage }) => passage.id),
    scores: retrieved.map(({ score }) => score),
    calls: 0,
    tokens: 0,
    seconds,
    cutPassages: 0,
  };
}
