import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { evaluation } from '../../state/evaluate/evaluation.ts';
import { useEvaluate } from '../../state/evaluate/store.ts';
import { useShownEvaluation } from '../../state/evaluate/table.ts';
import { useFolderDrop } from '../ui/useFolderDrop.ts';
import { useSlowly } from '../ui/useSlowly.ts';
import { BesidePaper } from './BesidePaper.tsx';
import { CostPicture } from './CostPicture.tsx';
import { DataPanel } from './DataPanel.tsx';
import { MethodsPanel } from './MethodsPanel.tsx';
import { FIRST_VIEW, QUERIES_ID, Queries, type QueryView } from './Queries.tsx';
import { ResultsTable } from './ResultsTable.tsx';
import { RunBar } from './RunBar.tsx';
import './evaluate.css';

const PICTURE_MS = 4000;

/** Methods compared on a whole collection: data, rows, and the table that comes of them. */
export function EvaluatePage() {
  useEffect(() => evaluation.show(), []);
  const dragging = useFolderDrop((local) => evaluation.openLocal(local));
  const shown = useShownEvaluation();
  const running = useEvaluate((s) => s.state === 'running');
  // Pictures take long to draw, and a growing one is looked at now and then.
  const slow = useSlowly(shown, running ? PICTURE_MS : 0);
  const some = useEvaluate(
    ({ results, version }) => version >= 0 && (results.foundCount > 0 || results.rows.size > 0),
  );
  const [view, setView] = useState(FIRST_VIEW);
  const change = (part: Partial<QueryView>) => setView((before) => ({ ...before, ...part }));
  const openQueries = (of: Partial<QueryView>) => {
    flushSync(() => change(of));
    const list = document.getElementById(QUERIES_ID);
    list?.scrollTo({ top: 0 });
    list?.closest('section[aria-labelledby]')?.scrollIntoView({ block: 'nearest' });
    list?.focus({ preventScroll: true });
  };
  const brought = shown?.orders.some(({ kind }) => kind === 'run') ?? false;
  return (
    <main className="evaluate" data-dragging={dragging || undefined}>
      <div className="evaluate-page">
        <header className="evaluate-head">
          <h2 className="evaluate-title">Evaluate</h2>
          <p className="muted">
            Rank the queries of a collection by several methods, and see what is better, by how much, and at
            what cost.
          </p>
        </header>
        <div className="evaluate-panels">
          <DataPanel />
          <MethodsPanel />
        </div>
        <RunBar shown={shown} />
        {shown && (some || brought) && (
          <>
            <ResultsTable shown={shown} onOpen={openQueries} />
            {slow && <BesidePaper shown={slow} onOpen={openQueries} />}
            {slow && <CostPicture shown={slow} />}
            {slow && <Queries shown={slow} view={view} onView={change} />}
          </>
        )}
      </div>
    </main>
  );
}
