import { type ReactNode, useEffect, useMemo } from 'react';
import type { JudgeReport } from '../../analysis/judge-report.ts';
import {
  type MatrixOrder,
  matrixOrder,
  pointAt,
  pointAtNothing,
  setMatrixOrder,
  studentOf,
  useInspectedRun,
  useInspector,
} from '../../state/inspector/inspected.ts';
import { useReport, watchReport } from '../../state/inspector/report.ts';
import { type ComparingRun, useRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';
import { Popover } from '../ui/Popover.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { DecisionGrid } from './DecisionGrid.tsx';
import { FlipChart } from './FlipChart.tsx';
import { type Fact, judgeFacts } from './judge-facts.ts';
import './inspector.css';

/** Everything behind the teacher's column: the matrix of its decisions, and what they say of the judge. */
export function Inspector() {
  const run = useInspectedRun();
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
  return <Inspected run={run} />;
}

function Inspected({ run }: { readonly run: ComparingRun }) {
  const orderBy = useInspector((s) => s.orderBy);
  const pointed = useInspector((s) => s.pointed);
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const order = useMemo(() => matrixOrder({ columns, runs }, run, orderBy), [columns, runs, run, orderBy]);
  const ids = useMemo(() => run.set.candidates.map(({ passage }) => passage.id), [run.set]);
  const report = useReport((s) => (s.of?.run.id === run.id ? s.report : null));
  const error = useReport((s) => s.error);
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
            {matrix.decided} of {calls} ordered calls decided. Rows are shown as A, columns as B.
          </p>
          <Legend />
        </div>
        <DecisionGrid
          key={run.set.id}
          matrix={matrix}
          version={run.version}
          order={order}
          ids={ids}
          pointed={pointed}
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

function Facts({
  report,
  run,
  ids,
}: {
  readonly report: JudgeReport;
  readonly run: ComparingRun;
  readonly ids: readonly string[];
}) {
  const facts = useMemo(
    () => judgeFacts(report, run.matrix.n, (position) => ids[position]!),
    [report, run.matrix.n, ids],
  );
  const fact = useInspector((s) => s.fact);
  return (
    <>
      <ul className="facts">
        {facts.map((one) => (
          <FactRow key={one.id} fact={one} pointing={one.id === fact} />
        ))}
      </ul>
      {fact !== null && (
        <Button small onClick={pointAtNothing}>
          Show all cells
        </Button>
      )}
      <FlipChart title="Flips by distance in the ranking" unit="places apart" bins={report.flipsByDistance} />
      <FlipChart title="Flips by gap in score" unit="points apart" bins={report.flipsByGap} />
    </>
  );
}

/** A button where there are cells to show, else only the figure. */
function FactRow({ fact, pointing }: { readonly fact: Fact; readonly pointing: boolean }) {
  const { id, title, value, detail, definition, formula, cells } = fact;
  const figures: ReactNode = (
    <>
      <span className="fact-title">{title}</span> <strong>{value}</strong>
      {detail && <span className="muted fact-detail"> {detail}</span>}
    </>
  );
  return (
    <li className="fact" data-fact={id}>
      {cells.length > 0 ? (
        <button
          type="button"
          className="fact-button"
          aria-pressed={pointing}
          onClick={() => pointAt(id, cells)}
        >
          {figures}
        </button>
      ) : (
        <div className="fact-plain">{figures}</div>
      )}
      <Popover trigger="?" label={`? ${title}: what it means`} title={title} className="fact-what">
        <p>{definition}</p>
        {formula && <p className="mono">{formula}</p>}
      </Popover>
    </li>
  );
}

function Legend() {
  return (
    <p className="inspector-legend" aria-hidden="true">
      <span className="legend-scale" /> P(A) 0 to 1
      <span className="legend-notch" /> the other order disagrees
    </p>
  );
}
