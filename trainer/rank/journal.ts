/**
 * What is done of a run, query by query, in a file beside the output: after kill -9 or Ctrl-C the same command goes
 * on from there. Its name covers all that the rankings depend on; the output's format is not among that.
 */
import { createHash } from 'node:crypto';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import { BadRow, type LogRow, logToRows, rowsToLog } from '../../src/formats/recording/log-rows.ts';
import { firstId } from '../../src/ranking/methods/registry.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import type { TimedEvent } from '../../src/ranking/types.ts';
import { wordingHash } from '../../src/ranking/wording-hash.ts';
import type { RankJob } from '../input/read-jobs.ts';
import type { LineCheck } from '../input/resumable-lines.ts';
import { fileDigest } from '../node/digests.ts';
import type { QueryResult } from '../scoring/rank-query.ts';
import { readingOf } from '../scoring/reading-digest.ts';
import type { PreparedRun } from './prepare.ts';
import type { RankRequest } from './rank-request.ts';

/** Where the journal of a run is, which may not have begun. */
export async function journalPath(
  { method, input, k, passes, top, trueProbabilities, leaveOutIdenticalIds, ...more }: RankRequest,
  { template, opened }: PreparedRun,
  output: string,
): Promise<string> {
  const { digest, dtype, device } = opened.scorer.info;
  const asked = [
    1,
    firstId(method),
    wordingHash(template),
    k ?? null,
    passes ?? null,
    trueProbabilities ?? false,
  ];
  // What came later is named only where it is chosen: journals of before are still found.
  if (top !== undefined) asked.push(`top ${top}`);
  for (const [name, value] of Object.entries(givenChoices(more))) asked.push(`${name} ${value}`);
  if (leaveOutIdenticalIds) asked.push('identical ids left out');
  // How a service reads and computes is its own affair.
  const model = opened.remote ? [digest, 'service'] : [digest, dtype, device, readingOf(opened.card)];
  const hash = createHash('sha256').update(JSON.stringify([asked, model, await fileDigest(input)]));
  return `${output}.${hash.digest('hex').slice(0, 12)}.part`;
}

/** `log` and `answers` are the events as recordings have them (src/formats/recording/log-rows.ts). */
export function journalLine({ job, events, ...rest }: QueryResult): string {
  const { rows, answers } = logToRows(events, job.candidates.length);
  // The order in which they came; the result has them in the candidates' order.
  return JSON.stringify({
    query: job.query.id,
    ...rest,
    log: rows,
    came: answers.scored.map(({ index }) => index),
  });
}

/** @throws RankscopeError 'bad-input' for a line that is not the one of this query */
export function readJournalLine(
  path: string,
  line: string,
  index: number,
  jobs: readonly RankJob[],
): QueryResult {
  const job = jobs[index];
  let value: ({ query?: unknown } & Omit<QueryResult, 'job' | 'events'> & JournalLog) | undefined;
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    value = undefined;
  }
  if (!job || !value || value.query !== job.query.id || value.state !== 'done') {
    const wanted = job ? `query ${excerpt(job.query.id)}` : 'the end';
    throw badInput(
      path,
      index + 1,
      `it is damaged (expected ${wanted} here). Delete the file and run again.`,
    );
  }
  const { query: _, log, came, ...found } = value;
  // Lines of before these two kinds of answers were known lack them.
  const result = { job, ...found, compared: found.compared ?? [], listed: found.listed ?? [] };
  return { ...result, events: eventsOf(result, { log, came }, path, index) };
}

interface JournalLog {
  readonly log?: readonly LogRow[];
  readonly came?: readonly number[];
}

/** None in lines of before there were recordings. */
function eventsOf(
  { job, scored, decisions, compared, listed }: Omit<QueryResult, 'events'>,
  { log, came = [] }: JournalLog,
  path: string,
  index: number,
): QueryResult['events'] {
  if (!log) return [];
  const byIndex = new Map(scored.map((one) => [one.index, one]));
  const answers = {
    scored: came.flatMap((at) => byIndex.get(at) ?? []),
    decided: decisions,
    compared,
    listed,
  };
  try {
    // Nothing here is resumed in the middle of a query.
    return rowsToLog(log, answers, job.candidates.length) as TimedEvent[];
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    throw badInput(path, index + 1, `its log is damaged: ${error.message}. Delete the file and run again.`);
  }
}

/** Reads what is there; the file's name says that a half last line is ours to cut. */
export function journalCheck(
  path: string,
  jobs: readonly RankJob[],
  found: (result: QueryResult) => void | Promise<void>,
): LineCheck {
  return {
    whole: (line, index) => found(readJournalLine(path, line, index, jobs)),
    half: () => {},
  };
}
