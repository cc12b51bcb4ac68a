import { openDecision, useInspectedRun, useInspector } from '../../state/inspector/inspected.ts';
import { lazyPart, soon } from '../ui/lazy-part.tsx';
import { MissingDialog } from '../ui/MissingDialog.tsx';

const OpenedDecision = lazyPart(
  soon(() => import('./decision/OpenedDecision.tsx').then((module) => module.OpenedDecision)),
  () => <MissingDialog title="Decision" onClose={() => openDecision(null)} />,
);

/** The decision that is open, if one is. */
export function DecisionDialog() {
  const cell = useInspector((s) => s.opened);
  const run = useInspectedRun();
  if (!cell || !run?.matrix.at(cell.a, cell.b)) return null;
  return <OpenedDecision key={`${run.id} ${cell.a} ${cell.b}`} run={run} cell={cell} />;
}
