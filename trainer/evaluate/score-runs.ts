/** `evaluate --run … --qrels …`: runs against judgments, with trec_eval's numbers. */

import { basename } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { compareRows, type Difference } from '../../src/evaluation/compare-rows.ts';
import { type Evaluation, evaluateRun } from '../../src/evaluation/evaluate-run.ts';
import { isIdentical } from '../../src/evaluation/identical-ids.ts';
import { badInput, counted, excerpt } from '../../src/formats/excerpt.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import { isOwnTag, restoreIds } from '../../src/formats/run-ids.ts';
import { readTrecRuns } from '../../src/formats/runs.ts';
import type { Qrels, Run, RunEntry } from '../../src/types.ts';
import { readText } from '../input/read-jobs.ts';

export interface ScoreRequest {
  readonly runs: readonly string[];
  readonly qrels: string;
  readonly measures: readonly string[];
  readonly compared: string;
  /** A row's name; absent: the first one. */
  readonly baseline?: string;
  /** False: trec_eval without -c, queries that are in the run only. */
  readonly complete: boolean;
  readonly level?: number;
  readonly depth?: number;
  /** As BEIR does: without passages that have their query's own id and are not judged relevant to it. */
  readonly leaveOutIdenticalIds?: boolean;
}

export interface ScoredRun {
  /** The file's name, or path where names are alike; with the run's tag where the file holds several. */
  readonly name: string;
  readonly file: string;
  readonly tag: string;
  /** Queries averaged over. */
  readonly queries: number;
  /** Judged queries that the run has nothing for: 0 in every measure when complete. */
  readonly missing: number;
  /** Its passages that are judged, of all that it has for judged queries (and within the depth). */
  readonly judged: { readonly passages: number; readonly of: number };
  /** Ids of our own run in which “_” was white space in the judgments. */
  readonly restored: number;
  /** Queries for which it has a passage with their own id, which BEIR leaves out. */
  readonly identicalIds: number;
  readonly evaluation: Evaluation;
  readonly difference?: Difference;
}

/** @throws RankscopeError 'missing', or 'bad-input' with file, line and reason */
export async function scoreRuns(request: ScoreRequest): Promise<ScoredRun[]> {
  const qrels = readQrels(await readText(request.qrels), request.qrels);
  if (qrels.size === 0) throw badInput(request.qrels, undefined, 'it has no judgments.');
  const rows: ScoredRun[] = [];
  const short = request.runs.map((file) => basename(file));
  const label = (file: string) => (new Set(short).size < short.length ? file : basename(file));
  for (const file of request.runs) {
    const runs = readTrecRuns(await readText(file), file);
    if (runs.size === 0) throw badInput(file, undefined, 'it has no lines.');
    for (const [tag, written] of runs) {
      const { run: whole, restored } = isOwnTag(tag)
        ? restoreIds(written, qrels)
        : { run: written, restored: 0 };
      const isOut = (query: string, { id }: RunEntry) => isIdentical(query, id, qrels);
      const identicalIds = [...whole].filter(
        ([query, entries]) => qrels.has(query) && entries.some((entry) => isOut(query, entry)),
      ).length;
      const run = request.leaveOutIdenticalIds
        ? new Map(
            [...whole].map(([query, entries]) => [query, entries.filter((entry) => !isOut(query, entry))]),
          )
        : whole;
      const evaluation = evaluateRun(run, qrels, request.measures, request);
      const missing = [...qrels.keys()].filter((query) => !run.has(query)).length;
      if (missing === qrels.size) {
        throw badInput(
          file,
          undefined,
          `none of its ${counted(run.size, 'query', 'queries')} (${excerpt([...run.keys()][0]!)} …) is judged in ` +
            `${request.qrels}, which judges ${excerpt([...qrels.keys()][0]!)} …. Give the judgments of this run’s queries.`,
        );
      }
      const name = runs.size > 1 ? `${label(file)} ${tag}` : label(file);
      const judged = countJudged(run, qrels, request.depth);
      const queries = evaluation.perQuery.size;
      rows.push({ name, file, tag, queries, missing, judged, restored, identicalIds, evaluation });
    }
  }
  const baseline = request.baseline === undefined ? rows[0]! : named(rows, request.baseline);
  const differences = compareRows(rows, baseline.name, request.compared);
  return rows.map((row, i) => ({ ...row, difference: differences[i] }));
}

function countJudged(run: Run, qrels: Qrels, depth?: number): ScoredRun['judged'] {
  let passages = 0;
  let of = 0;
  for (const [query, entries] of run) {
    const grades = qrels.get(query);
    if (!grades) continue;
    const top = entries.slice(0, depth);
    of += top.length;
    for (const { id } of top) if (grades.has(id)) passages++;
  }
  return { passages, of };
}

function named(rows: readonly ScoredRun[], wanted: string): ScoredRun {
  const found = rows.find(({ name, file, tag }) => [name, file, tag].includes(wanted));
  if (found) return found;
  throw new RankscopeError(
    'bad-input',
    `--baseline is “${wanted}”; it must be one of ${rows.map(({ name }) => name).join(', ')}.`,
  );
}

/** A run's numbers under their measures' names, as `--json` prints them. */
export function measuredValues(evaluation: Evaluation): Record<string, number> {
  return Object.fromEntries(evaluation.metrics.map((measure, i) => [measure, evaluation.overall[i]!]));
}
