// biome-ignore-all lint/a11y/useSemanticElements: a drawing has no fieldset.
// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in these groups takes focus; the rule holds every g for focusable.
import type { ReactNode } from 'react';

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

export interface ChartPoint {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly label: string;
  /** Seen above the others. */
  readonly strong?: boolean;
}

interface Props {
  readonly title: ReactNode;
  /** What the drawing shows, in a sentence. */
  readonly label: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTitle: string;
  readonly curve: (x: number) => number;
  /** Only these x have a value (grades, numbers of passages): dots on the curve's way. */
  readonly points: readonly ChartPoint[];
  /** A factor of the formula, for its colour. */
  readonly factor?: string;
  readonly children?: (place: Place) => ReactNode;
}

export interface Place {
  readonly toX: (x: number) => number;
  readonly toY: (y: number) => number;
  readonly fromY: (pixel: number) => number;
}

const WIDTH = 280;
const HEIGHT = 190;
const FRAME = { left: 30, right: 268, top: 12, bottom: 150 };
const SAMPLES = 80;

/** One curve with points that lie on it, and what is drawn or dragged on top. */
export function CurveChart({ title, label, x, y, xTitle, curve, points, factor, children }: Props) {
  const toX = (value: number) =>
    FRAME.left + ((value - x.low) / (x.high - x.low)) * (FRAME.right - FRAME.left);
  const toY = (value: number) =>
    FRAME.bottom - ((value - y.low) / (y.high - y.low)) * (FRAME.bottom - FRAME.top);
  const fromY = (pixel: number) =>
    y.low + ((FRAME.bottom - pixel) / (FRAME.bottom - FRAME.top)) * (y.high - y.low);
  const path = Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const at = x.low + (i / SAMPLES) * (x.high - x.low);
    return `${i === 0 ? 'M' : 'L'}${toX(at).toFixed(1)} ${toY(curve(at)).toFixed(1)}`;
  }).join('');
  return (
    <figure className="curve" data-factor={factor}>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={label}>
        <g className="curve-axes" aria-hidden="true">
          {y.ticks.map((tick) => (
            <g key={tick}>
              <path d={`M${FRAME.left} ${toY(tick)}H${FRAME.right}`} />
              <text x={FRAME.left - 6} y={toY(tick)} dy="0.32em" textAnchor="end">
                {tick}
              </text>
            </g>
          ))}
          {x.ticks.map((tick) => (
            <text key={tick} x={toX(tick)} y={FRAME.bottom + 15} textAnchor="middle">
              {tick}
            </text>
          ))}
          <text x={(FRAME.left + FRAME.right) / 2} y={HEIGHT - 6} textAnchor="middle">
            {xTitle}
          </text>
        </g>
        <path className="curve-line" d={path} />
        <g className="curve-points" aria-hidden="true">
          {merged(points, toX, toY).map(({ key, at, up, name, strong }) => {
            const half = 4 + 4 * name.length;
            return (
              <g
                key={key}
                className={strong ? 'curve-point-strong' : undefined}
                transform={`translate(${at} ${up})`}
              >
                <rect x={-half} y={-8} width={2 * half} height={16} rx={8} />
                <text dy="0.35em" textAnchor="middle">
                  {name}
                </text>
              </g>
            );
          })}
        </g>
        {children?.({ toX, toY, fromY })}
      </svg>
    </figure>
  );
}

interface Drawn {
  readonly key: string;
  readonly at: number;
  readonly up: number;
  readonly name: string;
  readonly strong: boolean;
}

/** Points that would hide each other share one mark, with all their letters. */
function merged(
  points: readonly ChartPoint[],
  toX: (x: number) => number,
  toY: (y: number) => number,
): readonly Drawn[] {
  const drawn: Drawn[] = [];
  for (const { key, x, y, label, strong = false } of points) {
    const [at, up] = [toX(x), toY(y)];
    const i = drawn.findIndex(
      (other) => Math.hypot(other.at - at, other.up - up) < 4 + 8 * other.name.length,
    );
    const near = drawn[i];
    if (near) drawn[i] = { ...near, name: near.name + label, strong: near.strong || strong };
    else drawn.push({ key, at, up, name: label, strong });
  }
  return drawn;
}
