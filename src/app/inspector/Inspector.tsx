import { useEffect, useMemo } from 'react';
import {
  comparesPairs,
  type InspectorView,
  type MatrixOrder,
  matrixOrder,
  setInspectorView,
  setMatrixOrder,
  studentOf,
  useInspectedRun,
  useInspector,
} from '../../state/inspector/inspected.ts';
import { useReport, watchReport } from '../../state/inspector/report.ts';
import { type ComparingRun, useRun } from '../../state/run/run.ts';
import { formatNumber } from '../ui/numbers.ts';
import { Segmented } from '../ui/Segmented.tsx';
import { DecisionGrid } from './DecisionGrid.tsx';
import { Facts } from './Facts.tsx';
import { tierEnds } from './grid-moves.ts';
import { PointedBar } from './PointedBar.tsx';
import { SetAnswers } from './sets/SetAnswers.tsx';
import { WhatIf } from './what-if/WhatIf.tsx';
import './inspector.css';

/** Everything behind the teacher's column: the matrix of its decisions, and what they say of the judge. */
export function Inspector() {
  const run = useInspectedRun();
  const view = useInspector((s) => s.view);
  useEffect(() => watchReport(), []);
  if (!run) {
    return (
      <div className="inspector-empty">
        <p>
          Nothing has been compared yet. Rank with the teacher, and every one of its decisions stands here:
          who was shown first, who won, how surely, and whether asking the other way round gives the same
          answer.
        </p>
      </div>
    );
  }
  if (!comparesPairs(run)) {
    return (
      <div className="inspector-views">
        <SetAnswers run={run} />
      </div>
    );
  }
  return (
    <div className="inspector-views">
      <Segmented<InspectorView>
        label="View"
        value={view}
        options={[
          { value: 'decisions', label: 'Decisions' },
          { value: 'what-if', label: 'Change your mind' },
        ]}
        onChange={setInspectorView}
      />
      {view === 'decisions' ? <Inspected run={run} /> : <WhatIf run={run} />}
    </div>
  );
}

function Inspected({ run }: { readonly run: ComparingRun }) {
  const orderBy = useInspector((s) => s.orderBy);
  const pointed = useInspector((s) => s.pointed);
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  // A matrix whose rows change places with every batch cannot be read.
  const settling = useRun((s) => s.active) && run.totals === null;
  const shownBy = settling && orderBy === 'teacher' ? 'bm25' : orderBy;
  const order = useSame(
    useMemo(() => matrixOrder({ columns, runs }, run, shownBy), [columns, runs, run, shownBy]),
  );
  const ids = useMemo(() => run.set.candidates.map(({ passage }) => passage.id), [run.set]);
  const report = useReport((s) => (s.of?.run.id === run.id ? s.report : null));
  const error = useReport((s) => s.error);
  const ends = useMemo(
    () => (report && !settling ? tierEnds(report.tiers, order) : []),
    [report, settling, order],
  );
  const hasStudent = studentOf({ columns, runs }, run.set.id) !== null;
  const { matrix } = run;
  const calls = matrix.n * (matrix.n - 1);
  return (
    <div className="inspector-body">
      <section className="inspector-matrix" aria-label="Matrix of decisions">
        <div className="inspector-bar">
          <Segmented<MatrixOrder>
            label="Order of rows and columns"
            value={orderBy}
            options={[
              { value: 'teacher', label: 'Teacher' },
              ...(hasStudent ? [{ value: 'student' as const, label: 'Student' }] : []),
              { value: 'bm25', label: 'BM25' },
            ]}
            onChange={setMatrixOrder}
          />
          <p className="muted inspector-count">
            {formatNumber(matrix.decided)} of {formatNumber(calls)} ordered calls decided. Rows are shown as
            A, columns as B.
            {shownBy !== orderBy && ' In BM25’s order until the teacher is done.'}
          </p>
          <Legend tiers={ends.length + 1} />
        </div>
        <PointedBar order={order} />
        <DecisionGrid
          key={run.set.id}
          matrix={matrix}
          version={run.version}
          order={order}
          ids={ids}
          pointed={pointed}
          ends={ends}
        />
      </section>
      <section className="inspector-facts" aria-label="About the judge">
        <h3>About the judge</h3>
        {report ? (
          <Facts report={report} run={run} ids={ids} />
        ) : (
          <p className="muted" role="status">
            {error ?? (matrix.decided === 0 ? 'Waiting for the first decision.' : 'Counting …')}
          </p>
        )}
      </section>
    </div>
  );
}

/** The same array for the same order: what is drawn by it is then left as it is. */
function useSame(order: readonly number[]): readonly number[] {
  const text = order.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the order.
  return useMemo(() => order, [text]);
}

function Legend({ tiers }: { readonly tiers: number }) {
  return (
    <p className="inspector-legend" aria-hidden="true">
      <span className="legend-scale" /> P(A) 0 to 1
      <span className="legend-notch" /> the other order disagrees
      {tiers > 1 && (
        <>
          <span className="legend-tier" /> a tier ends
        </>
      )}
    </p>
  );
}
