/** The data of an evaluation: per set the judged queries with the candidates that all methods re-rank. */
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import { type PoolOptions, poolText, withPopular } from '../../src/evaluation/baselines/popular-pool.ts';
import { isIdentical } from '../../src/evaluation/identical-ids.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { uniqueName } from '../../src/formats/unique-name.ts';
import type { Candidate, Qrels } from '../../src/types.ts';
import { estimateCandidates, refuseCandidates } from '../candidates/candidates-estimate.ts';
import { megabytes } from '../cli/progress.ts';
import { judgedQueries, openBeir, readQueriesFile, readSplit } from '../input/beir.ts';
import { readCountsOf } from '../input/counts.ts';
import { leftOutNote } from '../input/identical-ids.ts';
import { readLists } from '../input/lists.ts';
import type { RankJob } from '../input/read-jobs.ts';
import { openSource, type Source } from '../input/source.ts';
import type { EvaluateListener, EvaluateRequest, SetOptions } from './evaluate-request.ts';

export interface EvaluationSet {
  readonly name: string;
  readonly split: string;
  readonly qrels: Qrels;
  /** One a judged query, in the order of the queries; candidates may be none. */
  readonly jobs: readonly RankJob[];
  /** Names the input in messages. */
  readonly file: string;
  /** Mean seconds of a search; absent where candidates came from a file. */
  readonly searchSeconds?: number;
  /** Queries of whose candidates the passage with their own id is left out. */
  readonly identicalIds: number;
}

/** @throws RankscopeError 'missing', 'cancelled', or 'bad-input' with file, line and reason */
export async function readSets(
  request: EvaluateRequest,
  listener: EvaluateListener,
): Promise<EvaluationSet[]> {
  const { data, candidates } = request;
  if (candidates && candidates.length !== data.length) {
    throw new RankscopeError(
      'bad-input',
      `--candidates has ${counted(candidates.length, 'file')} for ${counted(data.length, 'folder')} of --data. Give one each, in the same order.`,
    );
  }
  const sets: EvaluationSet[] = [];
  const taken = new Set<string>();
  for (const [i, folder] of data.entries()) {
    const file = candidates?.[i];
    const set =
      file === undefined
        ? await search(folder, { ...request, ...request.sets?.[i] }, listener)
        : await fromFile(folder, file, request, listener);
    const name = uniqueName(set.name, taken);
    const none = set.jobs.filter((job) => job.candidates.length === 0).length;
    if (none > 0) {
      const have = none === 1 ? 'query has' : 'queries have';
      listener.notice?.(`${name}: ${none} judged ${have} no candidates and count 0 in every measure.`);
    }
    if (none < set.jobs.length && !set.jobs.some((job) => isJudged(set.qrels, job))) {
      listener.notice?.(
        `${name}: none of the candidates is judged, so every measure is 0. Do corpus and judgments use the same passage ids?`,
      );
    }
    sets.push({ ...set, name });
  }
  return sets;
}

async function search(
  folder: string,
  {
    k,
    bm25,
    skipFaulty,
    keepIdenticalIds,
    signal,
    output,
    pool,
    popularity,
    ...own
  }: EvaluateRequest & SetOptions,
  { notice, progress }: EvaluateListener,
): Promise<EvaluationSet> {
  const { queries, qrels: judgments, run, split, limit } = own;
  const request = {
    input: folder,
    k,
    judged: true,
    bm25,
    skipFaulty,
    keepIdenticalIds,
    signal,
    queries,
    qrels: judgments,
    run,
    split,
    limit,
  };
  // An index that Node has no room for is refused before the corpus is read.
  const estimate = await estimateCandidates({ ...request, output }, false);
  if (estimate) refuseCandidates({ ...estimate, diskBytes: 0 }, { output, run });
  const source = await openSource(request, {
    notice,
    reading: (done, total) => progress?.(megabytes(done), megabytes(total), 'MB of the corpus read'),
    indexing: (done, total) => progress?.(done, total, 'passages indexed'),
  });
  // Warm the code first: a first search is not a measure of the others.
  for (const query of source.queries.slice(0, 5)) source.search(query);
  const began = performance.now();
  const jobs: RankJob[] = [];
  for (const query of source.queries) {
    if (jobs.length % 50 === 0) await new Promise((done) => setImmediate(done));
    throwIfCancelled(signal);
    jobs.push({ query, candidates: source.search(query), line: undefined });
  }
  const searchSeconds = (performance.now() - began) / 1000 / source.queries.length;
  const { qrels = new Map(), split: read = '' } = source;
  const taken = pool ? await pooled(folder, jobs, pool, popularity, source, notice) : jobs;
  const name = own.name ?? source.name;
  const { identicalIds } = source;
  return {
    name,
    split: read,
    qrels: judgmentsOf(qrels, taken),
    jobs: taken,
    file: folder,
    searchSeconds,
    identicalIds,
  };
}

/** The candidates with popular passages behind them; without queries that are left out. */
async function pooled(
  folder: string,
  jobs: readonly RankJob[],
  pool: PoolOptions,
  popularity: string | undefined,
  { passage, qrels }: Source,
  notice: EvaluateListener['notice'],
): Promise<readonly RankJob[]> {
  const counts = pool.popular > 0 ? await readCountsOf(folder, popularity) : undefined;
  const all = jobs.map((job) => {
    const grades = qrels?.get(job.query.id);
    return {
      ...job,
      candidates: withPopular(job.query.id, job.candidates, pool, { counts, passage, grades }),
    };
  });
  for (const text of poolText(pool)) notice?.(text);
  if (!pool.answerable) return all;
  const left = all.filter(({ candidates }) => candidates.length > 0);
  if (left.length === 0) {
    throw new RankscopeError(
      'bad-input',
      `${folder}: no query has a relevant candidate. Take more candidates (--k, --popular), or leave --answerable out.`,
    );
  }
  notice?.(`${counted(left.length, 'query', 'queries')} of ${all.length} taken.`);
  return left;
}

async function fromFile(
  path: string,
  file: string,
  { k, split, limit, keepIdenticalIds }: EvaluateRequest,
  { notice }: EvaluateListener,
): Promise<EvaluationSet> {
  const folder = await openBeir(path);
  const judgments = await readSplit(folder, split);
  const judged = judgedQueries(await readQueriesFile(folder.queries), folder.queries, judgments);
  const queries = limit === undefined ? judged : judged.slice(0, limit);
  const isOut = (query: string, passage: string) => isIdentical(query, passage, judgments.qrels);
  const read = await readLists(file, k, keepIdenticalIds ? undefined : isOut);
  const lists = new Map(read.map((list) => [list.query.id, list]));
  const found = queries.filter(({ id }) => lists.has(id)).length;
  if (found === 0) {
    throw new RankscopeError(
      'bad-input',
      `${file} has candidates for none of the queries that ${judgments.file} judges. Was it made from another set?`,
    );
  }
  if (found < queries.length) notice?.(`${file} lacks ${queries.length - found} of the judged queries.`);
  const none: readonly Candidate[] = [];
  const jobs = queries.map((query) => lists.get(query.id) ?? { query, candidates: none, line: undefined });
  const identicalIds = queries.filter(({ id }) => lists.get(id)?.leftOut).length;
  if (identicalIds > 0) notice?.(leftOutNote(file, identicalIds));
  const qrels = judgmentsOf(judgments.qrels, jobs);
  return { name: folder.name, split: judgments.split, qrels, jobs, file, identicalIds };
}

const isJudged = (qrels: Qrels, { query, candidates }: RankJob) =>
  candidates.some(({ passage }) => qrels.get(query.id)?.has(passage.id));

/** Judgments of the queries taken, so that those left out by --limit do not count as missing. */
function judgmentsOf(qrels: Qrels, jobs: readonly RankJob[]): Qrels {
  return new Map(jobs.map(({ query }) => [query.id, qrels.get(query.id)!]));
}
