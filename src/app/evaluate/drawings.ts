/** The pictures of an evaluation, by Observable Plot. */

import { SEPARATOR } from '../../state/evaluate/recipe.ts';
import type { Plot } from '../inspector/pictures/PlotFigure.tsx';
import type { CostPoint } from './contrasts.ts';
import { prefixed } from './words.ts';

type Drawing = ReturnType<Plot['plot']>;

const INK = 'var(--ink)';
const LINE = 'var(--line-strong)';
const base = { style: { background: 'transparent', color: INK, fontSize: '12px' } } as const;

export interface DrawnPoint extends CostPoint {
  readonly letter: string;
  readonly accent: 'bm25' | 'student' | 'teacher' | undefined;
}

const HEIGHT = 300;
const MARGIN = { top: 24, bottom: 44 } as const;
/** Pixels from one name to the next. */
const LEADING = 15;

/**
 * How far names are moved so that none stands on another, in pixels from where their dots are: as little as can be, in
 * squares (isotonic regression by pooling neighbours).
 */
export function apart(places: readonly number[]): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const pools: { sum: number; count: number }[] = [];
  order.forEach((at, i) => {
    let pool = { sum: places[at]! - i * LEADING, count: 1 };
    for (
      let above = pools.at(-1);
      above && above.sum / above.count > pool.sum / pool.count;
      above = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: above.sum + pool.sum, count: above.count + pool.count };
    }
    pools.push(pool);
  });
  const moved = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  const offsets = new Array<number>(places.length);
  order.forEach((at, i) => {
    offsets[at] = moved[i]! + i * LEADING - places[at]!;
  });
  return offsets;
}

/** A dot a row with its name, costs on a logarithmic axis, and the line of those that nothing is better than. */
export function costPlot(
  plot: Plot,
  width: number,
  points: readonly DrawnPoint[],
  front: readonly CostPoint[],
  {
    x,
    y,
    ceiling,
    paper,
  }: {
    readonly x: string;
    readonly y: string;
    readonly ceiling: number | null;
    /** Of others, beside one's own. */
    readonly paper: readonly Pick<CostPoint, 'name' | 'cost' | 'value'>[];
  },
): Drawing {
  const costs = [...points, ...paper].map(({ cost }) => cost);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const values = [...points, ...paper].map(({ value }) => value);
  if (ceiling !== null) values.push(ceiling);
  const [bottom, top] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.02, (top - bottom) * 0.12);
  const domain = [Math.max(0, bottom - room), Math.min(1, top + room)] as const;
  const fill = ({ accent }: DrawnPoint) => (accent ? `var(--${accent})` : INK);
  // Names stand where there is room: those of the right half to the left of their dots.
  const middle = Math.sqrt(low * high);
  const perPixel = (domain[1] - domain[0]) / (HEIGHT - MARGIN.top - MARGIN.bottom);
  const offsets = apart(points.map(({ value }) => (domain[1] - value) / perPixel));
  const names = points.map((point, i) =>
    plot.text([point], {
      x: 'cost',
      y: 'value',
      text: () => (width < 560 ? point.letter : `${point.letter} ${point.name.split(SEPARATOR)[0]}`),
      textAnchor: point.cost > middle ? 'end' : 'start',
      dx: point.cost > middle ? -10 : 10,
      dy: offsets[i],
      fill,
      fontWeight: 600,
      stroke: 'var(--canvas)',
      strokeWidth: 4,
    }),
  );
  return plot.plot({
    ...base,
    width,
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginLeft: 52,
    marginRight: 24,
    marginBottom: MARGIN.bottom,
    x: {
      type: 'log',
      label: x,
      labelOffset: MARGIN.bottom - 8,
      domain: [low / 2.2, high * 2.2],
      ticks: width < 500 ? 4 : 7,
      tickFormat: (value: number) => (/^[125](e|$)/.test(value.toExponential()) ? tick(value) : ''),
      grid: true,
    },
    y: { label: y, domain: [...domain], grid: true },
    marks: [
      ...(ceiling === null
        ? []
        : [
            plot.ruleY([ceiling], { stroke: LINE, strokeDasharray: '2 4' }),
            plot.text([ceiling], {
              y: (value: number) => value,
              text: () => 'ideal order of the candidates',
              frameAnchor: 'right',
              textAnchor: 'end',
              dy: -8,
              fill: 'var(--muted)',
            }),
          ]),
      plot.dot(paper, {
        x: 'cost',
        y: 'value',
        r: 4,
        stroke: 'var(--muted)',
        title: ({ name }: { name: string }) => `${name} (paper)`,
      }),
      plot.line(front, { x: 'cost', y: 'value', curve: 'step-after', stroke: LINE, strokeWidth: 1.6 }),
      plot.dot(points, { x: 'cost', y: 'value', r: 5, fill }),
      ...names,
    ],
  });
}

/** `1 m`, `10`, `1 G`. */
const tick = (value: number): string =>
  value < 1 ? `${Number(value.toPrecision(1))}` : prefixed(value).replace(/\.0+\b/, '');

/** A bar a query, the largest difference first. Above 400 queries the bars touch. */
export function differencesPlot(
  plot: Plot,
  width: number,
  sorted: readonly number[],
  label: string,
): Drawing {
  const bars = sorted.map((difference, i) => ({ from: i, to: i + 1, difference }));
  const most = Math.max(0.1, ...sorted.map(Math.abs));
  return plot.plot({
    ...base,
    // A few bars need no more room than that.
    width: Math.min(width, Math.max(420, 80 + 22 * sorted.length)),
    height: 180,
    marginLeft: 52,
    marginBottom: 26,
    x: { label: null, ticks: [], domain: [0, Math.max(1, sorted.length)] },
    y: { label, domain: [-most, most], grid: true, ticks: 5 },
    marks: [
      plot.rectY(bars, {
        x1: 'from',
        x2: 'to',
        y: 'difference',
        fill: ({ difference }: { difference: number }) => (difference < 0 ? 'var(--lost)' : INK),
        fillOpacity: 0.8,
        insetLeft: sorted.length > 400 ? 0 : 0.5,
      }),
      plot.ruleY([0], { stroke: INK }),
    ],
  });
}
