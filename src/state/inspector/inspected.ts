/**
 * What the Inspector looks at: the comparing run of the teacher's column, or a recording that was opened (`opened`), and how
 * it is shown. It keeps no copy of the truth: decisions are read from the run.
 */
import { create } from 'zustand';
import { methodNamed } from '../../ranking/methods/registry.ts';
import { type ComparingRun, columnOf, type PointwiseRun, type RunState, useRun } from '../run/run.ts';

/** In which order rows and columns of the matrix stand. */
export type MatrixOrder = 'teacher' | 'student' | 'bm25';

/** An ordered pair of candidate positions: a asked as passage A, b as passage B. */
export interface Cell {
  readonly a: number;
  readonly b: number;
}

/** The decisions themselves, or what else they could have been used for. */
export type InspectorView = 'decisions' | 'what-if';

interface InspectorState {
  /** The drawer under the columns. */
  readonly drawer: boolean;
  readonly view: InspectorView;
  readonly orderBy: MatrixOrder;
  /** Cells that a fact points at, as `a * n + b`; null: none. */
  readonly pointed: ReadonlySet<number> | null;
  /** The fact that points at them. */
  readonly fact: string | null;
  /** The decision that is open in its dialog. */
  readonly opened: Cell | null;
  /** The cell that the matrix was last asked to go to. */
  readonly wanted: Cell | null;
  /** The page of the Inspector is to begin at its pictures. */
  readonly toPictures: boolean;
}

export const initialInspector: InspectorState = {
  drawer: false,
  view: 'decisions',
  orderBy: 'teacher',
  pointed: null,
  fact: null,
  opened: null,
  wanted: null,
  toPictures: false,
};

export const useInspector = create<InspectorState>()(() => initialInspector);

export const toggleDrawer = (open?: boolean): void =>
  useInspector.setState(({ drawer }) => ({ drawer: open ?? !drawer }));

export const setInspectorView = (view: InspectorView): void => useInspector.setState({ view });

export const setMatrixOrder = (orderBy: MatrixOrder): void => useInspector.setState({ orderBy });

export const openDecision = (cell: Cell | null): void => useInspector.setState({ opened: cell });

/** Moves the focus to a cell of the matrix. */
export const goToCell = ({ a, b }: Cell): void => useInspector.setState({ wanted: { a, b } });

/** Points at the cells of a fact, or at none when it is the one that points already. */
export const pointAt = (fact: string, cells: Iterable<number>): void =>
  useInspector.setState((state) =>
    state.fact === fact ? { fact: null, pointed: null } : { fact, pointed: new Set(cells) },
  );

export const pointAtNothing = (): void => useInspector.setState({ fact: null, pointed: null });

/** The comparing run under inspection; null while the teacher's column has none. */
export function comparingOf(state: Pick<RunState, 'columns' | 'runs'>): ComparingRun | null {
  const { run } = columnOf(state, 'teacher');
  return run?.kind === 'comparing' ? run : null;
}

/** Whether a run's decisions are about pairs; others show several passages at once and have no matrix. */
export const comparesPairs = ({ method }: ComparingRun): boolean => methodNamed(method).kind === 'pairwise';

export const useInspectedRun = (): ComparingRun | null => useRun(comparingOf);

/** The student's run over the same candidates; null while there is none. */
export function studentOf(state: Pick<RunState, 'columns' | 'runs'>, setId: string): PointwiseRun | null {
  const { run } = columnOf(state, 'student');
  return run?.kind === 'pointwise' && run.set.id === setId ? run : null;
}

/** Candidate positions in the order chosen: the run's own, the student's where there is one, or the first stage's. */
export function matrixOrder(
  state: Pick<RunState, 'columns' | 'runs'>,
  run: ComparingRun,
  orderBy: MatrixOrder,
): readonly number[] {
  if (orderBy === 'teacher') return run.order;
  if (orderBy === 'student') return studentOf(state, run.set.id)?.order ?? run.order;
  return run.set.candidates.map((_, position) => position);
}
