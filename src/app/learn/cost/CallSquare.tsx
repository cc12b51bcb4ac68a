// biome-ignore-all lint/a11y/useSemanticElements: a drawing has no fieldset.
// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in these groups takes focus; the rule holds every g for focusable.
import { counted } from '../../ui/numbers.ts';
import { Handle } from '../frame/Handle.tsx';
import { allCalls, N } from './state.ts';

interface Props {
  readonly n: number;
  /** undefined: the square cannot be dragged yet. */
  readonly onChange: ((n: number) => void) | undefined;
}

/** A side of one passage, in the drawing's units. */
const CELL = 5;
const FRAME = 16;

/** All pairs as what they are: a square of n × n cells without its diagonal, whose corner is dragged. */
export function CallSquare({ n, onChange }: Props) {
  const side = n * CELL;
  const most = N.max * CELL;
  return (
    <svg
      className="cost-square"
      viewBox={`0 0 ${FRAME + most + 14} ${FRAME + most + 14}`}
      role="group"
      aria-label={
        onChange
          ? `A square of ${n} by ${n} cells without its diagonal: ${counted(allCalls(n), 'call')}`
          : `A square of ${n} by ${n} cells`
      }
    >
      <defs>
        <pattern id="cost-cell" width={CELL} height={CELL} patternUnits="userSpaceOnUse">
          <rect className="cost-cell" width={CELL - 0.8} height={CELL - 0.8} />
        </pattern>
      </defs>
      <g aria-hidden="true">
        <text x={FRAME} y={FRAME - 5}>
          shown as B →
        </text>
        <text transform={`translate(${FRAME - 13} ${FRAME}) rotate(90)`}>shown as A →</text>
      </g>
      <g transform={`translate(${FRAME} ${FRAME})`}>
        <rect className="cost-room" width={most} height={most} />
        <rect width={side} height={side} fill="url(#cost-cell)" />
        {Array.from({ length: n }, (_, i) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell of the diagonal is its place.
            key={i}
            className="cost-diagonal"
            x={i * CELL - 0.4}
            y={i * CELL - 0.4}
            width={CELL}
            height={CELL}
          />
        ))}
        {onChange && (
          <Handle
            label="Passages"
            x={side}
            y={side}
            value={n}
            min={N.min}
            max={N.max}
            step={1}
            text={`${n} passages, ${counted(allCalls(n), 'call')}`}
            valueAt={(x, y) => (Math.max(x, y) - FRAME) / CELL}
            onChange={onChange}
          />
        )}
      </g>
    </svg>
  );
}
