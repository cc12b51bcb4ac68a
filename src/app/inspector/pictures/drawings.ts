/** The drawings, by Observable Plot. Lines are told apart by dashes and by their names at the end, never by colour alone. */
import type { Calibration } from '../../../analysis/calibration.ts';
import type { Moment } from '../../../state/readings/timeline.ts';
import { labelPlaces } from './label-places.ts';
import type { Plot } from './PlotFigure.tsx';

type Drawing = ReturnType<Plot['plot']>;

const INK = 'var(--ink)';
const LINE = 'var(--line-strong)';
const base = { style: { background: 'transparent', color: INK, fontSize: '12px' } } as const;

export type Who = 'bm25' | 'student' | 'teacher';
export const WHO: Readonly<Record<Who, string>> = { bm25: 'BM25', student: 'Student', teacher: 'Teacher' };
const COLOUR: Readonly<Record<Who, string>> = {
  bm25: 'var(--bm25)',
  student: 'var(--student)',
  teacher: 'var(--teacher)',
};
const DASH: Readonly<Record<Who, string>> = { bm25: '2 4', student: '7 4', teacher: 'none' };

/** A passage's places, from 1, in each ranking that there is. */
export interface Places {
  readonly id: string;
  readonly places: Readonly<Partial<Record<Who, number>>>;
  /** To be seen above others. */
  readonly strong: boolean;
}

const ROW = 22;

/** Where each passage stands in the rankings, with a line from one to the next. */
export function bumpChart(
  plot: Plot,
  width: number,
  passages: readonly Places[],
  rankings: readonly Who[],
): Drawing {
  const points = passages.flatMap(({ id, places, strong }) =>
    rankings.flatMap((who) => {
      const place = places[who];
      return place === undefined ? [] : [{ id, strong, ranking: WHO[who], place }];
    }),
  );
  const deepest = points.reduce((most, { place }) => Math.max(most, place), 1);
  const [first, last] = [WHO[rankings[0]!], WHO[rankings.at(-1)!]];
  const ends = (ranking: string) => points.filter((point) => point.ranking === ranking);
  return plot.plot({
    ...base,
    width,
    height: 60 + ROW * deepest,
    marginLeft: 60,
    marginRight: 60,
    marginTop: 34,
    x: { type: 'point', domain: rankings.map((who) => WHO[who]), axis: 'top', label: null, padding: 0.1 },
    y: { domain: [deepest + 0.5, 0.5], axis: null },
    marks: [
      plot.line(points, {
        x: 'ranking',
        y: 'place',
        z: 'id',
        curve: 'bump-x',
        stroke: LINE,
        strokeWidth: 1.2,
        filter: (d) => !d.strong,
      }),
      plot.line(points, {
        x: 'ranking',
        y: 'place',
        z: 'id',
        curve: 'bump-x',
        stroke: COLOUR.teacher,
        strokeWidth: 3,
        filter: 'strong',
      }),
      plot.dot(points, { x: 'ranking', y: 'place', r: 9, fill: 'var(--canvas)', stroke: LINE }),
      plot.text(points, { x: 'ranking', y: 'place', text: 'place', fill: INK, fontSize: 11 }),
      plot.text(ends(first), { x: 'ranking', y: 'place', text: 'id', fill: INK, textAnchor: 'end', dx: -14 }),
      plot.text(ends(last), { x: 'ranking', y: 'place', text: 'id', fill: INK, textAnchor: 'start', dx: 14 }),
    ],
  });
}

export interface Line {
  readonly who: Who;
  readonly moments: readonly Moment[];
}

const CLOCK = { height: 240, marginTop: 24, marginRight: 76, marginLeft: 48, marginBottom: 44 };

/** Calls, or nDCG@10, so far against seconds, each on its own clock. */
export function clockChart(
  plot: Plot,
  width: number,
  lines: readonly Line[],
  of: 'calls' | 'quality',
  { flat, mark }: { readonly flat?: number; readonly mark?: number } = {},
): Drawing {
  const points = lines.flatMap(({ who, moments }) =>
    moments.flatMap((moment) => {
      const value = moment[of];
      return value === undefined ? [] : [{ who, seconds: moment.seconds, value }];
    }),
  );
  const end = points.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const most = of === 'quality' ? 1 : points.reduce((top, { value }) => Math.max(top, value), 1);
  const last = lines.flatMap(({ who }) => points.findLast((point) => point.who === who) ?? []);
  const named = [...last, ...(flat === undefined ? [] : [{ who: 'bm25' as const, value: flat }])];
  // Pixels from the top of the frame: names stand in the margin, where no line goes, and not on one another.
  const room = CLOCK.height - CLOCK.marginTop - CLOCK.marginBottom;
  const at = named.map(({ value }) => room * (1 - value / most));
  const places = labelPlaces(at, 15, room);
  return plot.plot({
    ...base,
    ...CLOCK,
    width,
    x: { label: 'seconds since each began', labelOffset: 36, domain: [0, end] },
    y: {
      label: of === 'calls' ? 'calls answered' : 'nDCG@10 so far',
      domain: [0, most],
      grid: true,
    },
    marks: [
      ...(flat === undefined
        ? []
        : [plot.ruleY([flat], { stroke: COLOUR.bm25, strokeDasharray: DASH.bm25, strokeWidth: 2 })]),
      ...(mark === undefined ? [] : [plot.ruleX([mark], { stroke: INK, strokeDasharray: '1 3' })]),
      // What one had when it ended, it keeps: a thin line leads to its name.
      plot.ruleY(last, { x1: 'seconds', x2: end, y: 'value', stroke: (d) => COLOUR[d.who as Who] }),
      ...lines.map(({ who }) =>
        plot.line(
          points.filter((point) => point.who === who),
          {
            x: 'seconds',
            y: 'value',
            curve: 'step-after',
            stroke: COLOUR[who],
            strokeWidth: 2.2,
            strokeDasharray: DASH[who],
          },
        ),
      ),
      plot.dot(last, { x: 'seconds', y: 'value', r: 3.5, fill: (d) => COLOUR[d.who as Who] }),
      ...named.map(({ who, value }, i) =>
        plot.text([value], {
          y: (d: number) => d,
          text: () => WHO[who],
          frameAnchor: 'right',
          textAnchor: 'start',
          dx: 8,
          dy: places[i]! - at[i]!,
          fill: COLOUR[who],
          fontWeight: 600,
        }),
      ),
    ],
  });
}

/** What was said against what came true: on the diagonal a probability means what it says. Areas of the dots are counts. */
export function reliabilityDiagram(
  plot: Plot,
  width: number,
  calls: Calibration,
  averaged: Calibration,
): Drawing {
  const filled = ({ bins }: Calibration) => bins.filter(({ count }) => count > 0);
  const side = Math.min(width, 340);
  return plot.plot({
    ...base,
    width: side,
    height: side,
    x: { label: 'P(A) said', domain: [0, 1], grid: true },
    y: { label: 'share that came true', domain: [0, 1], grid: true },
    r: { range: [2, 14] },
    marks: [
      plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: LINE, strokeDasharray: '4 4' },
      ),
      plot.dot(filled(calls), { x: 'said', y: 'came', r: 'count', stroke: COLOUR.teacher, strokeWidth: 2 }),
      plot.dot(filled(averaged), {
        x: 'said',
        y: 'came',
        r: 'count',
        symbol: 'square',
        fill: INK,
        fillOpacity: 0.35,
        stroke: INK,
      }),
    ],
  });
}
