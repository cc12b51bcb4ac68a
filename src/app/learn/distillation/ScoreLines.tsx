// biome-ignore-all lint/a11y/useSemanticElements: a drawing has no fieldset.
// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in these groups takes focus; the rule holds every g for focusable.
import { Handle } from '../frame/Handle.tsx';
import { fixed } from '../frame/numbers.ts';
import { EXAMPLE } from './example.ts';
import { type DistillationState, letterOf, REACH } from './state.ts';

interface Props {
  readonly state: DistillationState;
  /** Absent: not to be seen yet. */
  readonly gradient: readonly number[] | undefined;
  readonly onMove: (place: number, score: number) => void;
}

const WIDTH = 420;
const ROW = 52;
const TOP = 6;
const LEFT = 16;
const RIGHT = WIDTH - 16;
const HEIGHT = TOP + EXAMPLE.length * ROW + 34;
/** Pixels of a pull of 1: arrows reach the next number on the axis and a little beyond. */
const ARROW = 150;
const TICKS = [-4, -3, -2, -1, 0, 1, 2, 3, 4];

const toX = (score: number) => LEFT + ((score - REACH.low) / (REACH.high - REACH.low)) * (RIGHT - LEFT);
const fromX = (x: number) => REACH.low + ((x - LEFT) / (RIGHT - LEFT)) * (REACH.high - REACH.low);

/** A line a passage, in the teacher's order; its score is a handle, and an arrow says where the gradient pulls it. */
export function ScoreLines({ state, gradient, onMove }: Props) {
  return (
    <svg
      className="distil-lines"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="group"
      aria-label="The student’s scores"
    >
      <g className="curve-axes" aria-hidden="true">
        {TICKS.map((tick) => (
          <g key={tick}>
            <path d={`M${toX(tick)} ${TOP}V${HEIGHT - 30}`} />
            <text x={toX(tick)} y={HEIGHT - 16} textAnchor="middle">
              {fixed(tick, 0)}
            </text>
          </g>
        ))}
        <text x={WIDTH / 2} y={HEIGHT - 2} textAnchor="middle">
          student’s score: logit of “Yes”
        </text>
      </g>
      {EXAMPLE.map(({ title }, i) => {
        const score = state.scores[i]!;
        const y = TOP + (i + 0.68) * ROW;
        const pull = -(gradient?.[i] ?? 0);
        const at = toX(score);
        return (
          <g key={title}>
            <text className="distil-title" x={LEFT} y={y - 20} aria-hidden="true">
              <tspan className="distil-letter">{letterOf(i)}</tspan> {title}
            </text>
            <path className="distil-track" d={`M${LEFT} ${y}H${RIGHT}`} />
            {gradient && Math.abs(pull) > 0.005 && <path className="distil-arrow" d={arrow(at, y, pull)} />}
            <Handle
              across
              label={`Score of ${letterOf(i)}`}
              x={at}
              y={y}
              value={score}
              min={REACH.low}
              max={REACH.high}
              step={REACH.step}
              text={`${fixed(score, 1)}${gradient ? `, pulled ${pull > 0 ? 'up' : 'down'} by ${fixed(Math.abs(pull), 3)}` : ''}`}
              valueAt={(x) => fromX(x)}
              onChange={(next) => onMove(i, next)}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** From the handle's rim, as long as the pull is strong. */
function arrow(x: number, y: number, pull: number): string {
  const side = Math.sign(pull);
  const from = x + 11 * side;
  const to = from + side * Math.max(8, ARROW * Math.abs(pull));
  return `M${from} ${y}H${to}m${-7 * side} -5L${to} ${y}l${-7 * side} 5`;
}
