/** What the Export menu writes, from the columns as they are: a partial run exports what it has. */
import { decisionsExport, type MethodRecord, writeDecisions } from '../../formats/decisions.ts';
import { rewrittenIds, rewrittenText } from '../../formats/run-ids.ts';
import { writeTrecRun } from '../../formats/runs.ts';
import { pointwiseYes } from '../../ranking/methods/pointwise-yes/method.ts';
import { prpAllPairs } from '../../ranking/methods/prp-allpair/method.ts';
import type { ScoredPassage } from '../../ranking/types.ts';
import { type GradeTable, passageKey, queryKey } from '../grades.ts';
import { COLUMNS, type ColumnRun, type RunState } from '../run/run.ts';

/** One file, the three methods as three tags. '' when nothing has been ranked. */
export function trecRunOf({ columns }: Pick<RunState, 'columns'>): string {
  return COLUMNS.map((id) => {
    const column = columns[id];
    if (column.order.length === 0 || column.state === 'idle') return '';
    const entries = column.order.flatMap((position, i) => {
      const { passage, filled } = column.candidates[position]!;
      // What only fills the list up is not part of BM25's run.
      if (filled && id === 'bm25') return [];
      return [{ id: passage.id, score: column.scores[i] ?? Number.NaN }];
    });
    if (entries.length === 0) return '';
    return writeTrecRun(new Map([[column.queryId, entries]]), `rankscope-${column.method ?? id}`);
  }).join('');
}

/** What to say of ids that a TREC run of these columns does not hold as they are; undefined where there are none. */
export function trecIdsNote({ columns }: Pick<RunState, 'columns'>): string | undefined {
  const ranked = COLUMNS.map((id) => columns[id]).filter(
    ({ order, state }) => order.length > 0 && state !== 'idle',
  );
  const passages = ranked.flatMap(({ candidates }) => candidates.map(({ passage }) => passage.id));
  const queries = new Set(ranked.map(({ queryId }) => queryId));
  return rewrittenText(rewrittenIds([...queries].map((query) => ({ query, passages }))));
}

/** The file "Decisions (JSON)". */
export function decisionsJsonOf({ columns }: Pick<RunState, 'columns'>, table: GradeTable): string {
  const { bm25, student, teacher } = columns;
  const judged = table.get(queryKey(bm25.query));
  const grades = new Map<string, number>();
  for (const { passage } of bm25.candidates) {
    const grade = judged?.get(passageKey(passage.text))?.grade ?? null;
    if (grade !== null) grades.set(passage.id, grade);
  }
  const scored = student.scored.filter((item): item is ScoredPassage => item !== undefined);
  return writeDecisions(
    decisionsExport({
      query: { id: bm25.queryId, text: bm25.query },
      candidates: bm25.candidates,
      grades,
      bm25State: bm25.state,
      student: record(student, pointwiseYes.id) && { ...record(student, pointwiseYes.id)!, scored },
      teacher: record(teacher, prpAllPairs.id) && {
        ...record(teacher, prpAllPairs.id)!,
        decisions: teacher.matrix?.list() ?? [],
      },
    }),
  );
}

function record(column: ColumnRun, fallback: MethodRecord['method']): MethodRecord | undefined {
  const { state, method, template, info } = column;
  if (state === 'idle') return undefined;
  // Passages that a partial run has not scored yet (NaN) hold a place, not a rank: they are left out.
  const places = column.order.flatMap((position, i) => {
    const score = column.scores[i] ?? Number.NaN;
    return Number.isFinite(score) ? [{ position, score }] : [];
  });
  return {
    method: method && method !== 'bm25' ? method : fallback,
    ...{ template, info, state },
    order: places.map(({ position }) => position),
    scores: places.map(({ score }) => score),
  };
}
