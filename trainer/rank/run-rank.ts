/**
 * The main job without a screen: candidates of many queries through one method on one checkpoint,
 * by the same core as the page (checkpoint, tokenizer, batching, prompts, schedules, exports). What is finished is
 * kept query by query (journal.ts); the output appears when it is whole.
 */
import { rm } from 'node:fs/promises';
import { type MethodId, needsTrueProbabilities } from '../../src/ranking/methods/registry.ts';
import { estimateRemote } from '../../src/ranking/remote-estimate.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import { matchesTrained } from '../../src/ranking/templates.ts';
import { OutputFile } from '../cli/output-file.ts';
import { ResumableLines } from '../input/resumable-lines.ts';
import { freeFor, refuseWhatCannotFit } from '../node/machine.ts';
import { writing } from '../node/writing.ts';
import { remoteUse } from '../scoring/asked-model.ts';
import { DoubtTally, doubtOf } from '../scoring/doubts.ts';
import { countCut } from '../scoring/fit-queries.ts';
import { measure, planOf } from '../scoring/measure-calls.ts';
import { type QueryResult, rankQuery } from '../scoring/rank-query.ts';
import { journalCheck, journalLine, journalPath } from './journal.ts';
import { type PreparedRun, prepareRun } from './prepare.ts';
import type { RankEstimate, RankListener, RankRequest, RankSummary } from './rank-request.ts';
import { createWriter, outputBytes, type RankFormat } from './write-results.ts';

/** Formats with one JSON value a query. */
const ONE_EACH: readonly RankFormat[] = ['decisions', 'recording'];
/** Runs with fewer calls start at once, without a measurement. */
const MEASURE_FROM_CALLS = 200;
/** An answer in the journal, on average. */
const ANSWER_BYTES = 160;

/**
 * Runs the request, or resumes it; an aborted signal ends it with state 'cancelled' and what is finished written.
 * @throws RankscopeError before any computing for what is wrong with input, template or checkpoint, or cannot fit.
 */
export async function runRank(request: RankRequest, listener: RankListener = {}): Promise<RankSummary> {
  const run = await prepareRun(request, listener);
  try {
    const summary = describe(request, run);
    for (const text of run.notices) listener.notice?.(text);
    if (summary.trainedTemplate === false) {
      const { name, id } = run.template;
      listener.notice?.(`${run.opened.card.name} was not trained on the wording “${name}” (${id}).`);
    }
    const { output } = request;
    const journal = output === undefined ? undefined : await journalPath(request, run, output);
    const results = totals(request.method);
    const check = journalCheck(journal ?? '', run.jobs, (result) => results.add(result));
    const dry = request.dryRun === true || output === undefined;
    if (!dry) await OutputFile.refuseFolder(output);
    // Beside the output: a place that cannot be written to is known now.
    const lines = dry ? undefined : await ResumableLines.open(journal!, check);
    try {
      const resumed = lines?.count ?? (journal === undefined ? 0 : await ResumableLines.look(journal, check));
      const left = run.jobs.slice(resumed);
      summary.queries = { ...results.of(run.jobs.length).queries, resumed };
      if (run.opened.remote) {
        summary.remoteEstimate = estimateRemote(
          { ...request, template: run.template, choices: request },
          left,
        );
        listener.estimatedRemote?.(summary.remoteEstimate, run.opened.remote.address.host);
      } else if (dry || planOf(request.method, left, request).calls >= MEASURE_FROM_CALLS) {
        summary.estimate = await estimate(request, run, left);
        listener.estimated?.(summary.estimate);
        const { memoryBytes, diskBytes, free } = summary.estimate;
        const needs = { memoryBytes, diskBytes: output === undefined ? 0 : diskBytes };
        refuseWhatCannotFit(
          'This ranking',
          needs,
          free,
          output ?? '.',
          'Choose a smaller model or --dtype int8.',
        );
      }
      if (!lines) return summary;
      const done = await rankAll(request, run, lines, results, listener);
      await writing(output!, 'Finished queries are kept beside it.', async () => {
        await lines.sync();
        await writeOutput(request, run, lines, done.partial);
      });
      if (done.state === 'done') await rm(lines.path);
      const { partial: _, ...told } = done;
      const doubts = results.doubts.warnings(summary.trainedTemplate);
      for (const text of doubts) listener.notice?.(text);
      return {
        ...summary,
        ...told,
        queries: { ...told.queries, resumed },
        calls: { ...summary.calls, ...done.calls },
        remote: run.opened.remote && remoteUse(run.opened.remote, request.remote?.price),
        output,
        doubts: doubts.length > 0 ? doubts : undefined,
      };
    } finally {
      await lines?.close();
      // Nothing in it, nothing to go on from.
      if (lines?.count === 0) await rm(lines.path, { force: true });
    }
  } finally {
    await run.opened.scorer.dispose();
  }
}

type Draft = { -readonly [K in keyof RankSummary]: RankSummary[K] };

/** The summary of a run that has not begun. */
function describe(request: RankRequest, { jobs, template, opened }: PreparedRun): Draft {
  const { method, format } = request;
  return {
    command: 'rank',
    state: 'dry-run',
    method,
    template,
    trainedTemplate: opened.remote ? undefined : matchesTrained(template, opened.card.templates),
    checkpoint: opened.scorer.info,
    queries: { total: jobs.length, done: 0, resumed: 0 },
    calls: { ...planOf(method, jobs, request), asked: 0, cached: 0 },
    tokens: 0,
    seconds: { load: opened.loadMs / 1000, compile: opened.compileMs / 1000, rank: 0 },
    cutPassages: 0,
    cutQueries: countCut(jobs),
    format,
  };
}

async function estimate(
  request: RankRequest,
  { jobs, template, opened }: PreparedRun,
  left: PreparedRun['jobs'],
): Promise<RankEstimate> {
  const { method, trueProbabilities, format, output, signal } = request;
  const plan = planOf(method, left, request);
  const logSumExp = needsTrueProbabilities(method, trueProbabilities);
  const measured = await measure(plan, left, { method, template, choices: request }, opened.scorer, {
    signal,
    logSumExp,
  });
  const all = planOf(method, jobs, request).calls;
  const diskBytes = ANSWER_BYTES * plan.calls + outputBytes(format, jobs, all);
  return { ...measured, diskBytes, free: await freeFor(output ?? '.') };
}

/** Ranks what is left; a query that was not finished is handed back, and not kept. */
async function rankAll(
  request: RankRequest,
  { jobs, opened, method }: PreparedRun,
  lines: ResumableLines,
  results: Totals,
  listener: RankListener,
) {
  const { method: id, signal } = request;
  const { scorer } = opened;
  let state: QueryResult['state'] = 'done';
  let partial: QueryResult | undefined;
  const left = jobs.slice(lines.count);
  let planned = planOf(id, left, request).calls;
  let answered = 0;
  listener.progress?.(0, planned, left[0]?.query.id ?? '');
  for (const job of left) {
    if (signal?.aborted) state = 'cancelled';
    if (state === 'cancelled') break;
    const before = answered;
    const onCalls = (answers: number) => {
      answered += answers;
      listener.progress?.(answered, planned, job.query.id);
    };
    const result = await rankQuery(method, job, scorer, { signal, onCalls });
    // A schedule that needed fewer calls than its bound: what is left shrinks.
    planned -= planOf(id, [job], request).calls - (answered - before);
    state = result.state;
    results.add(result);
    if (state === 'done') await lines.append(journalLine(result));
    else partial = result;
  }
  const { load, compile } = { load: opened.loadMs / 1000, compile: opened.compileMs / 1000 };
  // Of all queries, those of an earlier run too: so are the calls.
  const { rankSeconds, ...all } = results.of(jobs.length);
  return { ...all, state, seconds: { load, compile, rank: rankSeconds }, partial };
}

/** The journal in the format asked for. */
async function writeOutput(
  { method, format, lines: asLines, output, trueProbabilities, ...choices }: RankRequest,
  { jobs, template, opened }: PreparedRun,
  { path }: ResumableLines,
  partial: QueryResult | undefined,
): Promise<void> {
  const setup = { method, template, info: opened.scorer.info, ...givenChoices(choices), trueProbabilities };
  const lines = asLines ?? (ONE_EACH.includes(format) && jobs.length > 1);
  const writer = createWriter(setup, { format, lines });
  const file = await OutputFile.open(output!);
  try {
    await file.append(writer.begin());
    let written = 0;
    const { whole } = journalCheck(path, jobs, async (result) => {
      await file.append(writer.add(result));
      written++;
    });
    await ResumableLines.each(path, whole);
    if (partial) await file.append(writer.add(partial));
    await file.append(writer.end(written < jobs.length ? 'cancelled' : 'done'));
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

type Totals = ReturnType<typeof totals>;

/** Sums over queries. */
function totals(method: MethodId) {
  const sum = { done: 0, asked: 0, cached: 0, tokens: 0, cutPassages: 0, seconds: 0 };
  const doubts = new DoubtTally();
  return {
    doubts,
    add(result: QueryResult) {
      const { state, asked, cached, tokens, cutPassages, seconds } = result;
      doubts.add(doubtOf(method, result));
      sum.seconds += seconds;
      if (state === 'done') sum.done++;
      sum.asked += asked;
      sum.cached += cached;
      sum.tokens += tokens;
      sum.cutPassages += cutPassages;
    },
    of: (total: number) => ({
      queries: { total, done: sum.done },
      calls: { asked: sum.asked, cached: sum.cached },
      tokens: sum.tokens,
      cutPassages: sum.cutPassages,
      rankSeconds: sum.seconds,
    }),
  };
}
