/** What the Export menu writes, from the columns as they are: a partial run exports what it has. */

import type { RecordedRun, Recording } from '../../formats/recording/recording.ts';
import { writeRecording } from '../../formats/recording/write.ts';
import { rewrittenIds, rewrittenText } from '../../formats/run-ids.ts';
import { writeTrecRun } from '../../formats/runs.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import type { Candidate, Query } from '../../types.ts';
import { type GradeEntry, type GradeTable, passageKey, queryKey } from '../grades.ts';
import {
  COLUMNS,
  type ColumnState,
  type Columns,
  columnOf,
  type ModelRun,
  modelRunOf,
  type Run,
} from '../run/run.ts';

/** One file, the three methods as three tags. '' when nothing has been ranked. */
export function trecRunOf(state: Columns): string {
  return rankedRuns(state)
    .map(({ kind, set, order, scores, method }) => {
      const entries = order.flatMap((position, i) => {
        const { passage, filled } = set.candidates[position]!;
        // What only fills the list up is not part of BM25's run.
        if (filled && kind === 'first-stage') return [];
        return [{ id: passage.id, score: scores[i] ?? Number.NaN }];
      });
      if (entries.length === 0) return '';
      return writeTrecRun(new Map([[set.query.id, entries]]), `rankscope-${method}`);
    })
    .join('');
}

/** What to say of ids that a TREC run of these columns does not hold as they are; undefined where there are none. */
export function trecIdsNote(state: Columns): string | undefined {
  const ranked = rankedRuns(state);
  const passages = ranked.flatMap(({ set }) => set.candidates.map(({ passage }) => passage.id));
  const queries = new Set(ranked.map(({ set }) => set.query.id));
  return rewrittenText(rewrittenIds([...queries].map((query) => ({ query, passages }))));
}

const rankedRuns = (state: Columns): readonly Run[] =>
  COLUMNS.flatMap((id) => {
    const { run } = columnOf(state, id);
    return run && run.order.length > 0 ? [run] : [];
  });

/** The file "Decisions (JSON)": a recording of what the columns show. */
export const decisionsJsonOf = (state: Columns, table: GradeTable): string =>
  writeRecording(recordingOf(state, table));

/** The same as a recording to share: with when it was made, unless it is one already that says so. */
export const datedRecordingOf = (
  state: Columns,
  table: GradeTable,
  hashes: ReadonlySet<string> | null,
  now = new Date(),
): Recording => {
  const recording = recordingOf(state, table, hashes);
  return { ...recording, made: recording.made ?? { at: now.toISOString() } };
};

/**
 * What BM25 found, and the models' runs over just that: not those of before that still stand there.
 * @param hashes of the corpus' passages: judged ones among them count, whether or not they are candidates
 */
export function recordingOf(
  state: Columns,
  table: GradeTable,
  hashes: ReadonlySet<string> | null = null,
): Recording {
  const bm25 = columnOf(state, 'bm25');
  const set = bm25.run?.set;
  const { query = { id: '', text: '' }, candidates = [] } = set ?? {};
  const runs = (['student', 'teacher'] as const).flatMap((id) => {
    const column = columnOf(state, id);
    const run = modelRunOf(column);
    return run && run.set.baseKey === set?.baseKey ? [recordedRun(id, run, column.state)] : [];
  });
  const recorded = set?.recorded ?? { ...gradesOf(query, candidates, table, hashes), made: undefined };
  const { grades, gradesElsewhere, made } = recorded;
  const firstStage = set?.firstStage ?? undefined;
  return { query, candidates, grades, gradesElsewhere, made, runs, firstStage, state: bm25.state };
}

function gradesOf(
  query: Query,
  candidates: readonly Candidate[],
  table: GradeTable,
  hashes: ReadonlySet<string> | null,
) {
  const judged = table.get(queryKey(query.text)) ?? new Map<string, GradeEntry>();
  const grades = new Map<string, number>();
  const texts = new Set(candidates.map(({ passage }) => passageKey(passage.text)));
  for (const { passage } of candidates) {
    const grade = judged.get(passageKey(passage.text))?.grade ?? null;
    if (grade !== null) grades.set(passage.id, grade);
  }
  const elsewhere = [...judged].flatMap(([key, { grade }]) =>
    grade !== null && grade > 0 && !texts.has(key) && (hashes?.has(key) ?? true) ? [grade] : [],
  );
  return { grades, gradesElsewhere: elsewhere.length > 0 ? elsewhere : undefined };
}

function recordedRun(column: 'student' | 'teacher', run: ModelRun, state: ColumnState): RecordedRun {
  const { kind, method, fusion, trueProbabilities, raced, template, info, log } = run;
  return {
    column,
    kind,
    method,
    template,
    checkpoint: info,
    state,
    timed: true,
    events: log.from(0),
    ...givenChoices(run),
    fusion,
    trueProbabilities: trueProbabilities || undefined,
    raced: raced || undefined,
  };
}
