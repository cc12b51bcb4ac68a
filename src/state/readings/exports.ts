/** What the Export menu writes, from the columns as they are: a partial run exports what it has. */
import { decisionsExport, type MethodRecord, writeDecisions } from '../../formats/decisions.ts';
import { rewrittenIds, rewrittenText } from '../../formats/run-ids.ts';
import { writeTrecRun } from '../../formats/runs.ts';
import { windowAnswers } from '../../ranking/progress/window-answers.ts';
import { type GradeTable, passageKey, queryKey } from '../grades.ts';
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

/** The file "Decisions (JSON)": what BM25 found, and the models' runs over just that. */
export function decisionsJsonOf(state: Columns, table: GradeTable): string {
  const bm25 = columnOf(state, 'bm25');
  const { query = { id: '', text: '' }, candidates = [] } = bm25.run?.set ?? {};
  const judged = table.get(queryKey(query.text));
  const grades = new Map<string, number>();
  for (const { passage } of candidates) {
    const grade = judged?.get(passageKey(passage.text))?.grade ?? null;
    if (grade !== null) grades.set(passage.id, grade);
  }
  const of = (id: 'student' | 'teacher') => {
    const column = columnOf(state, id);
    const run = modelRunOf(column);
    return run?.set.baseKey === bm25.run?.set.baseKey ? run && { run, state: column.state } : null;
  };
  const [student, teacher] = [of('student'), of('teacher')];
  return writeDecisions(
    decisionsExport({
      query,
      candidates,
      grades,
      bm25State: bm25.state,
      student:
        student?.run.kind === 'pointwise'
          ? {
              ...record(student.run, student.state),
              scored: student.run.scored.filter((item) => item !== undefined),
            }
          : undefined,
      teacher:
        teacher?.run.kind === 'comparing'
          ? {
              ...record(teacher.run, teacher.state),
              decisions: teacher.run.matrix.list(),
              ...windowAnswers(teacher.run.log.from(0)),
            }
          : undefined,
    }),
  );
}

function record({ method, template, info, order, scores }: ModelRun, state: ColumnState): MethodRecord {
  // Passages that a partial run has not scored yet (NaN) hold a place, not a rank: they are left out.
  const places = order.flatMap((position, i) => {
    const score = scores[i] ?? Number.NaN;
    return Number.isFinite(score) ? [{ position, score }] : [];
  });
  return {
    ...{ method, template, info, state },
    order: places.map(({ position }) => position),
    scores: places.map(({ score }) => score),
  };
}
