/** What a query set asks of which model, and in which of the two scorer workers. */
import { plannedCalls } from '../../ranking/planned-calls.ts';
import type { Query } from '../../types.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { type GradeTable, queryKey } from '../grades.ts';
import { entryFor } from '../models/model-slots.ts';
import type { ModelEntry } from '../models/models.ts';
import { methodOf } from '../models/templates.ts';
import type { Settings } from '../settings.ts';
import type { ModelMethod } from './types.ts';

/** One method over the whole set. */
export interface Lane {
  readonly method: ModelMethod;
  /** The column whose settings it runs under, and those settings. */
  readonly column: ScorerSlot;
  readonly settings: Settings;
  readonly entry: ModelEntry;
  /** The worker it runs in. */
  readonly slot: ScorerSlot;
}

/** The queries with a passage of the corpus graded above 0: only these say anything about a ranking. */
export function judgedQueries(
  queries: readonly Query[],
  table: GradeTable,
  textHashes: ReadonlySet<string> | null,
): readonly Query[] {
  return queries.filter(({ text }) => {
    const row = table.get(queryKey(text)) ?? new Map();
    return [...row].some(([passage, { grade }]) => (grade ?? 0) > 0 && (textHashes?.has(passage) ?? true));
  });
}

/**
 * Lanes in the order they are run for a query, in rounds: within a round each worker holds one checkpoint,
 * so a second round is there only where the base is a third one. Methods whose model the catalogue lacks
 * are left out.
 */
export function roundsOf(settings: Settings, catalog: readonly ModelEntry[]): readonly (readonly Lane[])[] {
  const lane = (method: ModelMethod, column: ScorerSlot, studentMode: Settings['studentMode']): Lane[] => {
    const own = { ...settings, studentMode };
    const entry = entryFor(column, own, catalog);
    return entry ? [{ method, column, settings: own, entry, slot: column }] : [];
  };
  const [student] = lane('student', 'student', 'student');
  const [teacher] = lane('teacher', 'teacher', settings.studentMode);
  const [base] = lane('base', 'student', 'base');
  const first = [student, teacher].filter((one) => one !== undefined);
  if (!base) return [first];
  const host = first.find(({ entry }) => entry.path === base.entry.path);
  if (host) return [[...first.slice(0, 1), { ...base, slot: host.slot }, ...first.slice(1)]];
  return student ? [first, [base]] : [[base, ...first]];
}

/** Calls of a lane for `candidates` passages, at most. */
export function callsOf({ column, settings }: Lane, candidates: number): number {
  return plannedCalls(methodOf(column, settings), candidates, settings).calls;
}

/** What is planned and done by method, for the time that is left. */
export interface LaneProgress {
  readonly planned: number;
  readonly answered: number;
  /** Wall seconds that the answers have taken so far. */
  readonly seconds: number;
}

/**
 * Seconds left at the pace of each method so far; null until every method with work left has had an answer.
 */
export function secondsLeft(lanes: Iterable<LaneProgress>): number | null {
  let left = 0;
  for (const { planned, answered, seconds } of lanes) {
    const open = Math.max(0, planned - answered);
    if (open === 0) continue;
    if (answered === 0) return null;
    left += (open * seconds) / answered;
  }
  return left;
}
