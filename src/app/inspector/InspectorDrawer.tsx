import type { CSSProperties } from 'react';
import { useDrawerSize } from '../../state/inspector/drawer-size.ts';
import {
  comparesPairs,
  toggleDrawer,
  useInspectedRun,
  useInspector,
} from '../../state/inspector/inspected.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { lazyPart, NotFetched, soon } from '../ui/lazy-part.tsx';
import { counted, formatNumber } from '../ui/numbers.ts';
import { DrawerEdge } from './DrawerEdge.tsx';
import './inspector.css';

const Inspector = lazyPart(
  soon(() => import('./Inspector.tsx').then((module) => module.Inspector)),
  NotFetched,
);

/** The Inspector under the columns: closed it is one line that says what it holds. */
export function InspectorDrawer() {
  const open = useInspector((s) => s.drawer);
  const run = useInspectedRun();
  const { percent } = useDrawerSize();
  if (!run) return null;
  return (
    <section
      className="inspector-drawer"
      aria-label="Inspector"
      data-open={open}
      style={{ '--drawer': `${percent}%` } as CSSProperties}
    >
      {open && <DrawerEdge />}
      <header className="inspector-head">
        <Button
          kind="quiet"
          small
          aria-expanded={open}
          aria-controls="inspector-content"
          onClick={() => toggleDrawer()}
        >
          <Icon name="chevron" /> Inspect decisions
        </Button>
        {!open && (
          <span className="muted">
            {comparesPairs(run)
              ? `${formatNumber(run.matrix.decided)} decisions of the teacher: who won, how surely, and what the judge is like`
              : `${counted(run.asked + run.cached, 'answer')} of the teacher: which passages were shown, and what came of it`}
          </span>
        )}
        {open && (
          <>
            <Button
              kind="quiet"
              small
              className="inspector-whole"
              onClick={() => {
                useInspector.setState({ toPictures: true });
                location.hash = '#/inspect';
              }}
            >
              Pictures
            </Button>
            <a href="#/inspect">Open as a page</a>
          </>
        )}
      </header>
      {open && (
        <div id="inspector-content" className="inspector-content">
          <Inspector />
        </div>
      )}
    </section>
  );
}
