/**
 * What is done of a run, query by query, in a file beside the output: after kill -9 or Ctrl-C the same command goes
 * on from there. Its name covers all that the rankings depend on; the output's format is not among that.
 */
import { createHash } from 'node:crypto';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import { firstId } from '../../src/ranking/methods/registry.ts';
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
  { method, input, k, passes, trueProbabilities, leaveOutIdenticalIds }: RankRequest,
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
  if (leaveOutIdenticalIds) asked.push('identical ids left out');
  const model = [digest, dtype, device, readingOf(opened.card)];
  const hash = createHash('sha256').update(JSON.stringify([asked, model, await fileDigest(input)]));
  return `${output}.${hash.digest('hex').slice(0, 12)}.part`;
}

export function journalLine({ job, ...rest }: QueryResult): string {
  return JSON.stringify({ query: job.query.id, ...rest });
}

/** @throws RankscopeError 'bad-input' for a line that is not the one of this query */
export function readJournalLine(
  path: string,
  line: string,
  index: number,
  jobs: readonly RankJob[],
): QueryResult {
  const job = jobs[index];
  let value: ({ query?: unknown } & Omit<QueryResult, 'job'>) | undefined;
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
  const { query: _, ...result } = value;
  // Lines of before these two kinds of answers were known lack them.
  return { job, ...result, compared: result.compared ?? [], listed: result.listed ?? [] };
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
