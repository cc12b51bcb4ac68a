import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Course } from '../../../analysis/what-if.ts';
import type { ReplayChoices } from '../../../ranking/schedules/choices.ts';
import { useWidth } from '../../models/chart/useWidth.ts';
import { loadPlot, type Plot, withoutStyle } from '../pictures/PlotFigure.tsx';
import { SavePicture } from '../pictures/SavePicture.tsx';
import { ruleTitle } from './rule-words.ts';

/** What the chart’s axis counts. */
export type Cost = 'calls' | 'batches' | 'seconds';

interface Props {
  readonly courses: readonly Course[];
  readonly cost: Cost;
  readonly measure: string;
  readonly graded: boolean;
  readonly budget: number;
  readonly choices: ReplayChoices;
  /** What is laid over the chart, in its own pixels. */
  readonly over?: (place: ChartPlace) => ReactNode;
}

/** Where the axes lie in the drawing. */
export interface ChartPlace {
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly toX: (cost: number) => number;
  readonly fromX: (pixel: number) => number;
}

/** Colour and dash: no line is told by its colour alone. */
const LINES: Readonly<Record<Course['id'], { readonly colour: string; readonly dash: string }>> = {
  allPairs: { colour: 'var(--teacher)', dash: '' },
  heapsort: { colour: 'var(--student)', dash: '6 3' },
  sliding: { colour: 'var(--lost)', dash: '2 3' },
  topk: { colour: 'var(--base)', dash: '9 3 2 3' },
};

/** Quality against cost for every schedule. What it shows is in the table below it, for the budget chosen. */
export function BudgetChart({ courses, cost, measure, graded, budget, choices, over }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [failed, setFailed] = useState(false);
  const [place, setPlace] = useState<ChartPlace>();
  useEffect(() => {
    let ended = false;
    const draw = async () => {
      const plot = await loadPlot();
      if (ended || !host.current || width < 120) return;
      const chart = budgetChart(plot, { courses, cost, measure, graded, budget, choices }, width);
      chart.setAttribute('aria-hidden', 'true');
      host.current.replaceChildren(withoutStyle(chart));
      const x = chart.scale('x');
      if (x?.invert) {
        setPlace({
          width,
          top: TOP,
          bottom: HEIGHT,
          toX: x.apply,
          fromX: x.invert as (pixel: number) => number,
        });
      }
      setFailed(false);
    };
    draw().catch(() => setFailed(true));
    return () => {
      ended = true;
    };
  }, [courses, cost, measure, graded, budget, choices, width]);
  return (
    <figure className="what-if-chart">
      <div className="what-if-plot">
        <div
          ref={host}
          className="picture-drawing"
          role="img"
          aria-label={`${measure} against ${cost} for ${courses.length} schedules; the table below has the figures for the budget chosen.`}
        />
        {place && over?.(place)}
      </div>
      {failed && <p className="muted">The chart could not be loaded; the table below has its figures.</p>}
      <SavePicture
        title="A budget of calls"
        name="budget"
        svg={() => host.current?.querySelector('svg') ?? null}
      />
    </figure>
  );
}

const HEIGHT = 240;
const TOP = 20;
const KEY_ROW = 18;
/** Of a name in the key, its line included. */
const keyWidth = (name: string): number => 52 + 7 * name.length;

/** The chart with its key, so that a saved picture says which line is which. */
function budgetChart(plot: Plot, props: Props, width: number): ReturnType<Plot['plot']> {
  const { courses, cost, measure, graded, budget, choices } = props;
  const rows = courses.flatMap(({ id, points }) =>
    points.flatMap((point) => {
      const y = graded ? point.ndcg : point.tau;
      const x = point[cost];
      return y === undefined || Number.isNaN(x) ? [] : [{ id, x, y, calls: point.calls }];
    }),
  );
  const ends = courses.flatMap(({ id }) => rows.findLast((row) => row.id === id) ?? []);
  const spent = courses.flatMap(
    ({ id }) => rows.findLast((row) => row.id === id && row.calls <= budget) ?? [],
  );
  const key = keyOf(
    courses.map(({ id }) => ({ id, name: ruleTitle(id, choices) })),
    width,
  );
  const foot = 44 + KEY_ROW * (key.at(-1)!.row + 1);
  const colour = ({ id }: { readonly id: string }): string => LINES[id as Course['id']].colour;
  return plot.plot({
    width,
    height: HEIGHT + foot,
    marginTop: TOP,
    marginLeft: 44,
    marginRight: 16,
    marginBottom: foot,
    style: { background: 'transparent', color: 'var(--ink)', fontSize: '12px' },
    x: { label: `${cost} →`, zero: true, labelAnchor: 'right', labelOffset: 34 },
    y: { label: `↑ ${measure}`, grid: true },
    marks: [
      ...courses.map(({ id }) =>
        plot.line(
          rows.filter((row) => row.id === id),
          {
            x: 'x',
            y: 'y',
            curve: 'step-after',
            strokeWidth: 2,
            stroke: LINES[id].colour,
            strokeDasharray: LINES[id].dash,
          },
        ),
      ),
      ...(cost === 'calls' ? [plot.ruleX([budget], { stroke: 'var(--line-strong)' })] : []),
      plot.dot(ends, { x: 'x', y: 'y', r: 3, fill: colour }),
      plot.dot(spent, { x: 'x', y: 'y', r: 5, strokeWidth: 2, fill: 'var(--canvas)', stroke: colour }),
      () => drawnKey(key, HEIGHT + 44),
    ],
  });
}

interface KeyEntry {
  readonly id: Course['id'];
  readonly name: string;
  readonly x: number;
  readonly row: number;
}

/** As many names in a row as the width takes. */
function keyOf(names: readonly Pick<KeyEntry, 'id' | 'name'>[], width: number): KeyEntry[] {
  let [x, row] = [0, 0];
  return names.map(({ id, name }) => {
    if (x > 0 && x + keyWidth(name) > width) [x, row] = [0, row + 1];
    const entry = { id, name, x, row };
    x += keyWidth(name);
    return entry;
  });
}

function drawnKey(key: readonly KeyEntry[], top: number): SVGGElement {
  const make = <T extends keyof SVGElementTagNameMap>(
    tag: T,
    attributes: Readonly<Record<string, string | number>>,
  ): SVGElementTagNameMap[T] => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    return element;
  };
  const group = make('g', {});
  for (const { id, name, x, row } of key) {
    const y = top + KEY_ROW * row + KEY_ROW / 2;
    const { colour, dash } = LINES[id];
    const line = make('line', { x1: x, x2: x + 28, y1: y, y2: y, stroke: colour, 'stroke-width': 2 });
    if (dash !== '') line.setAttribute('stroke-dasharray', dash);
    const text = make('text', { x: x + 36, y: y + 4, fill: 'var(--ink)', 'text-anchor': 'start' });
    text.textContent = name;
    group.append(line, text);
  }
  return group;
}
