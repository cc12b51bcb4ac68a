import { goToCell, pointAtNothing, useInspector } from '../../state/inspector/inspected.ts';
import { Button } from '../ui/Button.tsx';
import { counted } from '../ui/numbers.ts';
import { nextPointed } from './grid-moves.ts';

/** While a fact points at cells: how many they are, the way to them by key, and the way back to all. */
export function PointedBar({ order }: { readonly order: readonly number[] }) {
  const pointed = useInspector((s) => s.pointed);
  const last = useInspector((s) => s.wanted);
  if (!pointed) return null;
  const at = last && { row: order.indexOf(last.a), column: order.indexOf(last.b) };
  const go = (step: 1 | -1): void => {
    const from = at && at.row >= 0 && at.column >= 0 ? at : undefined;
    const place = nextPointed(pointed, order, from, step);
    if (place) goToCell({ a: order[place.row]!, b: order[place.column]! });
  };
  return (
    <div className="pointed-bar">
      <span role="status">{counted(pointed.size, 'cell')} outlined</span>
      <Button small onClick={() => go(1)}>
        Next cell
      </Button>
      <Button small onClick={() => go(-1)}>
        Previous cell
      </Button>
      <span className="muted">N and P in the matrix do the same.</span>
      <Button small onClick={pointAtNothing}>
        Show all cells
      </Button>
    </div>
  );
}
