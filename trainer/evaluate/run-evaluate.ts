/**
 * `evaluate --data …`: data × methods × checkpoints on the same candidates. Everything is read and
 * checked first; work is kept query by query, so that a stopped evaluation goes on where it was.
 */

import { stat } from 'node:fs/promises';
import { RankscopeError } from '../../src/errors.ts';
import { rewrittenIds, rewrittenText } from '../../src/formats/run-ids.ts';
import { rankedIds } from '../input/read-jobs.ts';
import { refuseWhatCannotFit } from '../node/machine.ts';
import { writing } from '../node/writing.ts';
import { openService, type RemoteUse, remoteUse } from '../scoring/asked-model.ts';
import { planCheckpoints, planService } from '../scoring/plan-checkpoints.ts';
import { readPopularity } from './derived-rows.ts';
import type { EvaluateEstimate, EvaluateListener, EvaluateRequest, ResultRow } from './evaluate-request.ts';
import { finished } from './finished.ts';
import { resultRows } from './results.ts';
import { planRows } from './rows.ts';
import { readSets } from './sets.ts';
import { callsLeft, callsOf, doubtsOf, planTasks } from './tasks.ts';
import { readTuning } from './tuning.ts';
import { estimateAll, withScorers, work } from './work.ts';
import { writeResults } from './write-results.ts';

/** `--json` prints it. */
export interface EvaluateSummary {
  readonly command: 'evaluate';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly rows: readonly Omit<ResultRow, 'perQuery' | 'template'>[];
  /** What was still to be done, where that was measured. */
  readonly estimate?: EvaluateEstimate;
  readonly calls: { readonly asked: number; readonly resumed: number };
  /** What this run asked of a service. */
  readonly remote?: RemoteUse;
  readonly output: string;
  /** What speaks against rows being an answer at all; absent where nothing does. */
  readonly doubts?: readonly string[];
}

/** Evaluations with fewer calls start at once, without a measurement. */
const MEASURE_FROM = 200;

/** @throws RankscopeError before any work for what is wrong with data, checkpoints or methods */
export async function runEvaluation(
  request: EvaluateRequest,
  listener: EvaluateListener = {},
): Promise<EvaluateSummary> {
  const target = await stat(request.output).catch(() => undefined);
  if (target && !target.isDirectory()) {
    throw new RankscopeError('bad-input', `${request.output} is a file. Give --output a folder’s name.`);
  }
  const service =
    request.remote &&
    (await openService(request.remote, (waiting) => {
      if (waiting) listener.notice?.(waiting.message);
    }));
  const checkpoints = [
    ...(await planCheckpoints(request.checkpoints, request.dtype)),
    ...(service ? [planService(service)] : []),
  ];
  const rows = await planRows(request, checkpoints, listener.notice);
  const counts = await readPopularity(request);
  const evaluated = await readSets(request, listener);
  const tuning = await readTuning(request, evaluated, listener);
  const sets = [...evaluated, ...tuning.keys()];
  for (const { name, jobs } of sets) {
    const text = rewrittenText(rewrittenIds(rankedIds(jobs)));
    if (text !== undefined) listener.notice?.(`${name}, runs/: ${text}`);
  }
  const tasks = await planTasks(request, { checkpoints, rows, sets, tuning }, listener);
  const answered = () => tasks.reduce((sum, { journal, sameAs }) => sum + (sameAs ? 0 : callsOf(journal)), 0);
  const resumed = answered();
  // A checkpoint is opened to be measured, and again for its work.
  const slow = new Set<string>();
  const onSlowTexts = (text: string) => {
    if (!slow.has(text)) listener.notice?.(text);
    slow.add(text);
  };

  let estimate: EvaluateEstimate | undefined;
  const asksService = tasks.some(({ row, open }) => row.checkpoint.service && open.length > 0);
  if (request.dryRun || asksService || callsLeft(request, tasks) >= MEASURE_FROM) {
    estimate = await estimateAll(request, checkpoints, tasks, onSlowTexts);
    if (estimate) {
      listener.estimated?.(estimate);
      const advice = 'Evaluate fewer or smaller checkpoints, or with --dtype int8.';
      refuseWhatCannotFit('This evaluation', estimate, estimate.free, request.output, advice);
    }
  }
  const cancelled = request.dryRun
    ? false
    : await withScorers(
        request,
        checkpoints,
        tasks,
        (one, scorer) => work(request, one, scorer, listener),
        onSlowTexts,
      );

  const asked = answered() - resumed;
  const summary = {
    command: 'evaluate',
    calls: { asked, resumed },
    output: request.output,
    estimate,
    remote: service && remoteUse(service.remote, request.remote?.price),
  } as const;
  if (cancelled || request.signal?.aborted) return { ...summary, state: 'cancelled', rows: [] };
  if (request.dryRun) return { ...summary, state: 'dry-run', rows: [] };
  const doubts = tasks.filter(({ sameAs }) => !sameAs).flatMap(doubtsOf);
  for (const text of doubts) listener.notice?.(text);
  const results = resultRows(request, evaluated, finished(request, evaluated, tasks, counts));
  await writing(request.output, 'Answers are kept.', () => writeResults(request, evaluated, results));
  return {
    ...summary,
    state: 'done',
    doubts: doubts.length > 0 ? doubts : undefined,
    rows: results.map(({ perQuery, template, ranking, slug, ...row }) => row),
  };
}
