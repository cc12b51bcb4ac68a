import { beforeEach, describe, expect, it } from 'vitest';
import type { ComparingRun } from '../run/run.ts';
import { beginRun, initialRun, type PointwiseRun, useRun } from '../run/run.ts';
import { RunLog } from '../run/run-log.ts';
import { modelRunOf, setOf, showing } from '../testing/runs.ts';
import {
  comparingOf,
  initialInspector,
  matrixOrder,
  pointAt,
  studentOf,
  toggleDrawer,
  useInspector,
} from './inspected.ts';

const SET = setOf(
  ['a', 'b', 'c'].map((id, i) => ({ passage: { id, text: `text ${id}` }, rank: i + 1, score: 3 - i })),
);
const teacher = { ...modelRunOf('prp-allpair', SET), order: [2, 0, 1] } as ComparingRun;
const student = { ...modelRunOf('pointwise-yes', SET), id: 'student', order: [1, 2, 0] } as PointwiseRun;

/** Columns that show these runs. */
function state(...runs: readonly (ComparingRun | PointwiseRun)[]) {
  const columns = { ...initialRun.columns };
  for (const run of runs) columns[run.kind === 'comparing' ? 'teacher' : 'student'] = showing(run);
  return { columns, runs: Object.fromEntries(runs.map((run) => [run.id, run])) };
}

beforeEach(() => {
  useInspector.setState(initialInspector);
  useRun.setState(initialRun);
});

describe('what the Inspector looks at', () => {
  it('is the comparing run of the teacher’s column, and nothing while there is none', () => {
    expect(comparingOf(initialRun)).toBeNull();
    expect(comparingOf(state(student))).toBeNull();
    expect(comparingOf(state(teacher, student))).toBe(teacher);
  });

  it('orders rows by the run, the student or the first stage', () => {
    const both = state(teacher, student);
    expect(matrixOrder(both, teacher, 'teacher')).toEqual([2, 0, 1]);
    expect(matrixOrder(both, teacher, 'student')).toEqual([1, 2, 0]);
    expect(matrixOrder(both, teacher, 'bm25')).toEqual([0, 1, 2]);
    expect(matrixOrder(state(teacher), teacher, 'student')).toEqual([2, 0, 1]);
  });

  it('takes no student of other candidates', () => {
    const elsewhere = beginRun({
      id: 'other',
      set: setOf(SET.candidates, 'another'),
      inputKey: '',
      method: 'pointwise-yes',
      trueProbabilities: false,
      raced: false,
      log: new RunLog(),
    }) as PointwiseRun;
    expect(studentOf(state(teacher, elsewhere), SET.id)).toBeNull();
    expect(studentOf(state(teacher, student), SET.id)).toBe(student);
  });

  it('points at the cells of one fact at a time; the same fact again points at none', () => {
    pointAt('narrow', [1, 2]);
    expect(useInspector.getState()).toMatchObject({ fact: 'narrow', pointed: new Set([1, 2]) });
    pointAt('triads', [3]);
    expect(useInspector.getState().pointed).toEqual(new Set([3]));
    pointAt('triads', [3]);
    expect(useInspector.getState()).toMatchObject({ fact: null, pointed: null });
    toggleDrawer();
    toggleDrawer(true);
    expect(useInspector.getState().drawer).toBe(true);
  });
});
