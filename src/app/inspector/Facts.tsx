import { memo, type ReactNode, useMemo } from 'react';
import type { JudgeReport } from '../../analysis/judge-report.ts';
import { pointAt, useInspector } from '../../state/inspector/inspected.ts';
import type { ComparingRun } from '../../state/run/run.ts';
import { Popover } from '../ui/Popover.tsx';
import { FlipChart } from './FlipChart.tsx';
import { healthFacts } from './health-facts.ts';
import { type Fact, judgeFacts } from './judge-facts.ts';
import { Reliability } from './pictures/Reliability.tsx';
import { Ring } from './Ring.tsx';

interface Props {
  readonly report: JudgeReport;
  readonly run: ComparingRun;
  /** Passage ids by candidate position. */
  readonly ids: readonly string[];
}

/** What the decisions say of the judge: figures that point at their cells, and how flips depend on how hard a pair is. */
export function Facts({ report, run, ids }: Props) {
  const facts = useMemo(
    () => judgeFacts(report, run.matrix.n, (position) => ids[position]!),
    [report, run.matrix.n, ids],
  );
  const pointing = useInspector((s) => s.fact);
  const health = useMemo(() => healthFacts(report, run.matrix.n), [report, run.matrix.n]);
  return (
    <>
      <FactList facts={facts} />
      {pointing === 'triads' && report.triads.example && (
        <Ring ring={report.triads.example} matrix={run.matrix} idOf={(position) => ids[position]!} />
      )}
      <h3>Health of the judge</h3>
      <p className="muted facts-lead">
        {report.doubts.length === 0
          ? 'No sign of empty answers. The figures above say how far these can be trusted.'
          : 'There are doubts about these answers: the order may mean little.'}
      </p>
      <FactList facts={health} />
      {run.totals && report.calibration && <Reliability calibration={report.calibration} />}
      <FlipChart title="Flips by distance in the ranking" unit="places apart" bins={report.flipsByDistance} />
      <FlipChart title="Flips by gap in score" unit="points apart" bins={report.flipsByGap} />
    </>
  );
}

export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  const pointing = useInspector((s) => s.fact);
  return (
    <ul className="facts">
      {facts.map((one) => (
        <FactRow key={one.id} fact={one} pointing={one.id === pointing} />
      ))}
    </ul>
  );
}

/** A button where there are cells to show, else only the figure. */
const FactRow = memo(function FactRow({
  fact,
  pointing,
}: {
  readonly fact: Fact;
  readonly pointing: boolean;
}) {
  const { id, title, value, detail, definition, formula, cells, doubt } = fact;
  const figures: ReactNode = (
    <>
      <span className="fact-title">{title}</span> <strong>{value}</strong>
      {detail && <span className="muted fact-detail"> {detail}</span>}
      {doubt && <span className="fact-doubt">{doubt}</span>}
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
});
