/**
 * The main job without a screen: candidates of many queries through one method on one checkpoint,
 * by the same core as the page (checkpoint, tokenizer, batching, prompts, schedules, exports).
 */
import { matchesTrained } from '../../src/ranking/templates.ts';
import { OutputFile } from '../cli/output-file.ts';
import { measure, planOf } from './estimate.ts';
import { type PreparedRun, prepareRun } from './prepare.ts';
import type { RankListener, RankRequest, RankSummary } from './request.ts';
import { type QueryResult, rankQuery } from './run-query.ts';
import { createWriter, type ResultWriter } from './write-results.ts';

/** Runs with fewer calls start at once, without a measurement. */
const MEASURE_FROM_CALLS = 200;

/**
 * Runs the request; an aborted signal ends it with state 'cancelled' and what is finished written.
 * @throws RankscopeError before any computing for what is wrong with input, template or checkpoint.
 */
export async function runRank(request: RankRequest, listener: RankListener = {}): Promise<RankSummary> {
  const run = await prepareRun(request);
  const { scorer } = run.opened;
  let output: OutputFile | undefined;
  try {
    const summary = describe(request, run);
    if (!summary.trainedTemplate) {
      const { name, id } = run.template;
      listener.notice?.(`${run.opened.card.name} was not trained on the wording “${name}” (${id}).`);
    }
    // Opened before the work, so that a place that cannot be written to is known now.
    if (request.output !== undefined) output = await OutputFile.open(request.output);
    if (!output || summary.calls.calls >= MEASURE_FROM_CALLS) {
      summary.estimate = await measure(summary.calls, run.jobs, run.template, scorer, {
        signal: request.signal,
        logSumExp: request.method === 'rg' && request.trueProbabilities === true,
      });
      listener.estimated?.(summary.estimate);
    }
    if (!output) return summary;
    const done = await rankAll(request, run, output, listener);
    await output.commit();
    return { ...summary, ...done, calls: { ...summary.calls, ...done.calls }, output: output.path };
  } catch (error) {
    await output?.discard();
    throw error;
  } finally {
    await scorer.dispose();
  }
}

type Draft = { -readonly [K in keyof RankSummary]: RankSummary[K] };

/** The summary of a run that has not begun. */
function describe(request: RankRequest, { jobs, template, opened }: PreparedRun): Draft {
  const { method, passes, format } = request;
  return {
    command: 'rank',
    state: 'dry-run',
    method,
    template,
    trainedTemplate: matchesTrained(template, opened.card.templates),
    checkpoint: opened.scorer.info,
    queries: { total: jobs.length, done: 0 },
    calls: { ...planOf(method, jobs, passes), asked: 0, cached: 0 },
    tokens: 0,
    seconds: { load: opened.loadMs / 1000, compile: opened.compileMs / 1000, rank: 0 },
    cutPassages: 0,
    format,
  };
}

async function rankAll(request: RankRequest, run: PreparedRun, output: OutputFile, listener: RankListener) {
  const { jobs, opened, method, template } = run;
  const { signal } = request;
  const { scorer } = opened;
  const writer: ResultWriter = createWriter(
    { method: request.method, template, info: scorer.info },
    { format: request.format, lines: request.lines ?? (request.format === 'decisions' && jobs.length > 1) },
  );
  const results = totals();
  const began = performance.now();
  let state: QueryResult['state'] = 'done';
  let planned = planOf(request.method, jobs, request.passes).calls;
  let answered = 0;
  await output.append(writer.begin());
  for (const job of jobs) {
    if (signal?.aborted) state = 'cancelled';
    if (state === 'cancelled') break;
    const before = answered;
    const onCalls = (answers: number) => {
      answered += answers;
      listener.progress?.(answered, planned, job.query.id);
    };
    const result = await rankQuery(method, job, scorer, { signal, onCalls });
    // A schedule that needed fewer calls than its bound: what is left shrinks.
    planned -= planOf(request.method, [job], request.passes).calls - (answered - before);
    state = result.state;
    results.add(result);
    await output.append(writer.add(result));
  }
  await output.append(writer.end(state));
  const { load, compile } = { load: opened.loadMs / 1000, compile: opened.compileMs / 1000 };
  const seconds = { load, compile, rank: (performance.now() - began) / 1000 };
  return { ...results.of(jobs.length), state, seconds };
}

/** Sums over queries. */
function totals() {
  const sum = { done: 0, asked: 0, cached: 0, tokens: 0, cutPassages: 0 };
  return {
    add({ state, asked, cached, tokens, cutPassages }: QueryResult) {
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
    }),
  };
}
