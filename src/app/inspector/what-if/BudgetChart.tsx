import { useEffect, useRef, useState } from 'react';
import type { Course } from '../../../analysis/what-if.ts';
import type { ScheduleChoices } from '../../../ranking/schedules/choices.ts';
import { ruleTitle } from './rule-words.ts';

/** What the chart’s axis counts. */
export type Cost = 'calls' | 'batches' | 'seconds';

interface Props {
  readonly courses: readonly Course[];
  readonly cost: Cost;
  readonly measure: string;
  readonly graded: boolean;
  readonly budget: number;
  readonly choices: ScheduleChoices;
}

/** Colour, dash and a letter at the end: no line is told by its colour alone. */
const LINES: Readonly<Record<Course['id'], { readonly colour: string; readonly dash: string }>> = {
  allPairs: { colour: 'var(--teacher)', dash: '' },
  heapsort: { colour: 'var(--student)', dash: '6 3' },
  sliding: { colour: 'var(--lost)', dash: '2 3' },
  topk: { colour: 'var(--base)', dash: '9 3 2 3' },
};

const COSTS: Readonly<Record<Cost, string>> = { calls: 'calls', batches: 'batches', seconds: 'seconds' };

/** Quality against cost for every schedule. What it shows is in the table below it, for the budget chosen. */
export function BudgetChart({ courses, cost, measure, graded, budget, choices }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!host.current) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(host.current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    let ended = false;
    const draw = async () => {
      const Plot = await import('@observablehq/plot');
      if (ended || !host.current || width < 120) return;
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
      const chart = Plot.plot({
        width,
        height: 260,
        marginLeft: 44,
        marginRight: 16,
        style: { background: 'transparent', color: 'var(--ink)', fontFamily: 'inherit', fontSize: '12px' },
        x: { label: `${COSTS[cost]} →`, zero: true, labelAnchor: 'right' },
        y: { label: `↑ ${measure}`, grid: true },
        marks: [
          ...courses.map(({ id }) =>
            Plot.line(
              rows.filter((row) => row.id === id),
              {
                ...{ x: 'x', y: 'y', curve: 'step-after', strokeWidth: 2 },
                ...{ stroke: LINES[id].colour, strokeDasharray: LINES[id].dash },
              },
            ),
          ),
          ...(cost === 'calls' ? [Plot.ruleX([budget], { stroke: 'var(--line-strong)' })] : []),
          Plot.dot(ends, { x: 'x', y: 'y', r: 3, fill: (row) => LINES[row.id as Course['id']].colour }),
          Plot.dot(spent, {
            ...{ x: 'x', y: 'y', r: 5, strokeWidth: 2, fill: 'var(--canvas)' },
            stroke: (row) => LINES[row.id as Course['id']].colour,
          }),
        ],
      });
      chart.setAttribute('aria-hidden', 'true');
      // The library's style element is not allowed by the page's policy: its rules are in what-if.css.
      for (const style of chart.querySelectorAll('style')) style.remove();
      host.current.replaceChildren(chart);
    };
    draw().catch(() => setFailed(true));
    return () => {
      ended = true;
    };
  }, [courses, cost, measure, graded, budget, width]);
  return (
    <figure className="what-if-chart">
      <div
        ref={host}
        role="img"
        aria-label={`${measure} against ${COSTS[cost]} for ${courses.length} schedules; the table below has the figures for the budget chosen.`}
      />
      {failed && <p className="muted">The chart could not be loaded; the table below has its figures.</p>}
      <figcaption className="what-if-legend">
        {courses.map(({ id }) => (
          <span key={id}>
            <svg width="28" height="8" aria-hidden="true">
              <line
                {...{ x1: 0, x2: 28, y1: 4, y2: 4, strokeWidth: 2 }}
                style={{ stroke: LINES[id].colour, strokeDasharray: LINES[id].dash }}
              />
            </svg>{' '}
            {ruleTitle(id, choices)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
