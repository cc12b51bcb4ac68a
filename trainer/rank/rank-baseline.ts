/** `rank` by an order that asks no model: a run or hits, whole at once. */
import { RankscopeError } from '../../src/errors.ts';
import {
  type BaselineId,
  type Counts,
  DEFAULT_SEED,
  NO_COUNTS,
  rankBaseline,
} from '../../src/evaluation/baselines/baselines.ts';
import { isIdentical } from '../../src/evaluation/identical-ids.ts';
import { readCounts } from '../../src/formats/counts.ts';
import { type CandidateList, writeRankGptHits } from '../../src/formats/hits.ts';
import { writeTrecRun } from '../../src/formats/runs.ts';
import { readJobs, readText } from '../input/read-jobs.ts';
import { writeAtomic } from '../node/atomic.ts';
import { writing } from '../node/writing.ts';
import type { RankFormat } from './write-results.ts';

export interface BaselineRankRequest {
  readonly method: BaselineId;
  readonly input: string;
  /** Absent: a dry run. */
  readonly output?: string;
  readonly format: RankFormat;
  readonly lines?: boolean;
  readonly k?: number;
  readonly leaveOutIdenticalIds?: boolean;
  readonly seed?: number;
  /** File with how often passages are mentioned; needed by popularity. */
  readonly popularity?: string;
}

/** `--json` prints it. */
export interface BaselineRankSummary {
  readonly command: 'rank';
  readonly state: 'done' | 'dry-run';
  readonly method: BaselineId;
  readonly checkpoint: null;
  readonly seed?: number;
  readonly queries: { readonly total: number; readonly done: number };
  readonly calls: { readonly asked: 0 };
  readonly output?: string;
  readonly format: RankFormat;
}

/** @throws RankscopeError 'bad-input' for what is wrong with input, counts or format, before anything is written */
export async function rankByBaseline(request: BaselineRankRequest): Promise<BaselineRankSummary> {
  const { method, input, output, format, lines, k, leaveOutIdenticalIds, seed = DEFAULT_SEED } = request;
  if (format !== 'trec' && format !== 'hits') {
    throw new RankscopeError(
      'bad-input',
      `${method} asks no model, so there is nothing for the format ${format}. Use --format trec or hits.`,
    );
  }
  const counts = await countsFor(request);
  const jobs = await readJobs(input, k, leaveOutIdenticalIds ? isIdentical : undefined);
  const lists = jobs.map(({ query, candidates }): CandidateList => {
    const ids = candidates.map(({ passage }) => passage.id);
    const { order, scores } = rankBaseline(method, query.id, ids, { seed, counts });
    const ranked = order.map((i, place) => ({ ...candidates[i]!, rank: place + 1, score: scores[place]! }));
    return { query, candidates: ranked };
  });
  if (output !== undefined) {
    const text = format === 'trec' ? trecText(method, lists) : writeRankGptHits(lists, { lines });
    await writing(output, '', () => writeAtomic(output, text));
  }
  return {
    command: 'rank',
    state: output === undefined ? 'dry-run' : 'done',
    method,
    checkpoint: null,
    seed: method === 'random' ? seed : undefined,
    queries: { total: lists.length, done: output === undefined ? 0 : lists.length },
    calls: { asked: 0 },
    output,
    format,
  };
}

async function countsFor({ method, popularity }: BaselineRankRequest): Promise<Counts | undefined> {
  if (method !== 'popularity') return undefined;
  if (popularity === undefined) {
    throw new RankscopeError('bad-input', `${NO_COUNTS} Name it with --popularity.`);
  }
  return readCounts(await readText(popularity), popularity);
}

const trecText = (method: BaselineId, lists: readonly CandidateList[]): string =>
  writeTrecRun(
    new Map(
      lists.map(({ query, candidates }) => [
        query.id,
        candidates.map(({ passage, score }) => ({ id: passage.id, score })),
      ]),
    ),
    `rankscope-${method}`,
  );
