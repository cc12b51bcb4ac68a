/** Where the parts of a line chart lie, in CSS pixels: text keeps its size at any width. */
import type { Curve, CurveStage } from './curve.ts';
import { type Axis, axisAround, axisWithin } from './ticks.ts';

export const HEIGHT = 190;
/** A letter of the axes, about. */
const LETTER = 6.2;
const TOP = 20;
const BOTTOM = 38;
const RIGHT = 24;

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Stage {
  readonly name: string;
  readonly x: number;
  /** Room for the name is there. */
  readonly named: boolean;
}

export interface Layout {
  readonly frame: Frame;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
  readonly stages: readonly Stage[];
}

/** @param width of the whole chart. */
export function layOut({ rows, stages = [] }: Curve, width: number): Layout {
  const steps = rows.map(({ step }) => step);
  const values = rows.flatMap((row) => row.values).filter((value) => value !== undefined);
  const yAxis = axisAround(values, 4);
  const frame = {
    left: 18 + LETTER * (yAxis.decimals + 1),
    right: width - RIGHT,
    top: TOP,
    bottom: HEIGHT - BOTTOM,
  };
  const xAxis = axisWithin(steps, Math.max(2, Math.floor((frame.right - frame.left) / 50)));
  const x = (step: number) =>
    frame.left + ((step - xAxis.low) / (xAxis.high - xAxis.low)) * (frame.right - frame.left);
  const y = (value: number) =>
    frame.bottom - ((value - yAxis.low) / (yAxis.high - yAxis.low)) * (frame.bottom - frame.top);
  return { frame, xAxis, yAxis, x, y, stages: stages.length > 1 ? marks(stages, xAxis, x, frame.right) : [] };
}

/** Where each stage begins, of those that have points. */
function marks(
  stages: readonly CurveStage[],
  { low, high }: Axis,
  x: (step: number) => number,
  end: number,
): Stage[] {
  const places = stages.map(({ from }) => x(Math.min(high, Math.max(low, from))));
  return stages.flatMap(({ name, from }, i) => {
    const room = (places[i + 1] ?? end) - places[i]!;
    return from < high && room > 0 ? [{ name, x: places[i]!, named: room > LETTER * name.length + 8 }] : [];
  });
}

/** The path of a series, over steps without a value of it too. */
export function linePath({ rows, parted }: Curve, series: number, { x, y }: Layout): string {
  const own = rows.filter(({ values }) => values[series] !== undefined);
  return own
    .map(({ step, stage, values }, i) => {
      const begins = i === 0 || (parted && stage !== own[i - 1]?.stage);
      return `${begins ? 'M' : 'L'}${x(step).toFixed(1)} ${y(values[series]!).toFixed(1)}`;
    })
    .join('');
}

/** Index of the row whose step is drawn nearest to `at`. */
export function nearestRow({ rows }: Curve, { x }: Layout, at: number): number {
  let best = 0;
  rows.forEach(({ step }, i) => {
    if (Math.abs(x(step) - at) < Math.abs(x(rows[best]!.step) - at)) best = i;
  });
  return best;
}
