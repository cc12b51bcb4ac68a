/**
 * The last results as they are stored, and back. What was running when the page went comes back as
 * cancelled: its answers are kept, and it can be resumed. Anything that does not check is refused
 * as a whole: half a result would mislead.
 */
import type { ScorerInfo, Truncation } from '../../inference/scorer.ts';
import { readMethodId } from '../../ranking/methods/registry.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { Decision, RankingTotals, ScoredPassage } from '../../ranking/types.ts';
import type { SearchHit } from '../../retrieval/types.ts';
import type { Candidate } from '../../types.ts';
import { isFiniteNumber, isIndex, isListOf, isListUpTo, isNumber, isObject, isText } from '../checks.ts';
import { DecisionMatrix } from '../run/decision-matrix.ts';
import { COLUMNS, type ColumnId, type ColumnRun, type ColumnState, idleColumn } from '../run/run.ts';
import { CANDIDATES } from '../settings.ts';
import { unpackBm25 } from './saved-settings.ts';

export type Columns = Readonly<Record<ColumnId, ColumnRun>>;

/** Plain data, fit for IndexedDB. */
export function packRun(columns: Columns): unknown {
  return Object.fromEntries(
    COLUMNS.map((id) => {
      const { matrix, truncations, ...column } = columns[id];
      return [id, { ...column, decisions: matrix?.list() ?? null, truncations: [...truncations] }];
    }),
  );
}

/** undefined when something is wrong with it. */
export function unpackRun(data: unknown): Columns | undefined {
  if (!isObject(data)) return undefined;
  const [bm25, student, teacher] = COLUMNS.map((id) => unpackColumn(data[id]));
  return bm25 && student && teacher ? { bm25, student, teacher } : undefined;
}

const STATES: readonly ColumnState[] = ['idle', 'running', 'done', 'cancelled', 'error'];

function unpackColumn(data: unknown): ColumnRun | undefined {
  if (!isObject(data)) return undefined;
  const { inputKey, baseKey, query, queryId, candidates, order, scores, hits } = data;
  const state = STATES.find((s) => s === data.state);
  if (!state || !isText(inputKey) || !isText(baseKey) || !isText(query) || !isText(queryId)) return undefined;
  const most = CANDIDATES.max;
  if (!isListUpTo(candidates, most, isCandidate) || !isListUpTo(scores, most, isNumber)) return undefined;
  if (!isListUpTo(hits, most, isHit)) return undefined;
  const n = candidates.length;
  if (!isPermutation(order, n) || scores.length !== n) return undefined;
  const { asked, cached, tokens, ms, planned, totals, info, template, explanation } = data;
  if (!isFiniteNumber(asked) || !isFiniteNumber(cached) || !isFiniteNumber(tokens) || !isFiniteNumber(ms))
    return undefined;
  const scored = data.scored;
  if (!Array.isArray(scored) || scored.length > n) return undefined;
  if (!scored.every((s) => s === undefined || isScored(s, n))) return undefined;
  const matrix = unpackMatrix(data.decisions, n);
  const truncations = unpackTruncations(data.truncations, n);
  if (matrix === undefined || !truncations) return undefined;
  if (info !== null && !isInfo(info)) return undefined;
  if (template !== null && !(isObject(template) && isText(template.name))) return undefined;
  if (planned !== null && !(isObject(planned) && isFiniteNumber(planned.calls))) return undefined;
  if (totals !== null && !(isObject(totals) && isFiniteNumber(totals.seconds))) return undefined;
  const answers = [...(matrix?.list() ?? []), ...(scored as ColumnRun['scored'])];
  return {
    ...idleColumn,
    ...{ inputKey, baseKey, query, queryId, candidates, order, scores, hits, matrix, truncations },
    bm25: candidates.length === 0 ? null : unpackBm25(data.bm25, 'none'),
    ...{ asked, cached, tokens, ms },
    state: state === 'running' ? 'cancelled' : state === 'error' ? 'cancelled' : state,
    scored: scored as ColumnRun['scored'],
    version: 1,
    planned: planned as ColumnRun['planned'],
    totals: totals as RankingTotals | null,
    method: data.method === 'bm25' ? 'bm25' : (readMethodId(data.method) ?? null),
    info: info as ScorerInfo | null,
    template: template as PromptTemplate | null,
    passes: isFiniteNumber(data.passes) ? data.passes : null,
    callMs: answers.reduce((ms, answer) => ms + (answer?.ms ?? 0), 0),
    earlierMs: isFiniteNumber(data.earlierMs) ? data.earlierMs : 0,
    raced: data.raced === true,
    explanation: isText(explanation) ? explanation : null,
  };
}

function isCandidate(value: unknown): value is Candidate {
  if (
    !isObject(value) ||
    !isFiniteNumber(value.rank) ||
    !isFiniteNumber(value.score) ||
    !isObject(value.passage)
  )
    return false;
  const { id, title, text } = value.passage;
  if (value.filled !== undefined && value.filled !== true) return false;
  return isText(id) && isText(text) && (title === undefined || isText(title));
}

function isHit(value: unknown): value is SearchHit {
  return isObject(value) && isText(value.id) && isFiniteNumber(value.score) && Array.isArray(value.terms);
}

function isInfo(value: unknown): value is ScorerInfo {
  return (
    isObject(value) &&
    isText(value.name) &&
    isText(value.digest) &&
    isText(value.device) &&
    isText(value.dtype)
  );
}

function isPermutation(value: unknown, n: number): value is number[] {
  return (
    Array.isArray(value) &&
    value.length === n &&
    new Set(value).size === n &&
    value.every((i) => isIndex(i, n))
  );
}

function isScored(value: unknown, n: number): value is ScoredPassage {
  if (!isObject(value) || !isIndex(value.index, n) || !isFiniteNumber(value.score)) return false;
  return (
    isListOf(value.logits, isFiniteNumber) &&
    isFiniteNumber(value.tokens) &&
    isFiniteNumber(value.ms) &&
    Array.isArray(value.cuts)
  );
}

function isDecision(value: unknown, n: number): value is Decision {
  if (!isObject(value) || !isIndex(value.a, n) || !isIndex(value.b, n) || value.a === value.b) return false;
  const preference = value.preference === 0 || value.preference === 0.5 || value.preference === 1;
  if (!preference || !isFiniteNumber(value.logitA) || !isFiniteNumber(value.logitB)) return false;
  return isFiniteNumber(value.tokens) && isFiniteNumber(value.ms) && Array.isArray(value.cuts);
}

/** null: the column has no decisions; undefined: they are broken. */
function unpackMatrix(data: unknown, n: number): DecisionMatrix | null | undefined {
  if (data === null) return null;
  if (!isListUpTo(data, n * n, (d): d is Decision => isDecision(d, n))) return undefined;
  const matrix = new DecisionMatrix(n);
  matrix.put(data);
  return matrix;
}

function unpackTruncations(data: unknown, n: number): Map<number, Truncation> | undefined {
  if (!Array.isArray(data) || data.length > n) return undefined;
  const truncations = new Map<number, Truncation>();
  for (const entry of data) {
    if (!Array.isArray(entry)) return undefined;
    const [index, cut] = entry as unknown[];
    if (
      !isIndex(index, n) ||
      !isObject(cut) ||
      !isText(cut.slot) ||
      !isFiniteNumber(cut.kept) ||
      !isFiniteNumber(cut.total)
    ) {
      return undefined;
    }
    truncations.set(index, { slot: cut.slot, kept: cut.kept, total: cut.total });
  }
  return truncations;
}
