import { useCallback, useMemo } from 'react';
import type { ColumnSpec } from '../../evaluation/table/columns.ts';
import { type Plot, PlotFigure } from '../inspector/pictures/PlotFigure.tsx';
import { counted } from '../ui/numbers.ts';
import type { Contrast } from './contrasts.ts';
import { differencesPlot } from './drawings.ts';
import { differenceText } from './words.ts';

interface Props {
  readonly list: readonly Contrast[];
  readonly a: string;
  readonly b: string;
  readonly column: ColumnSpec;
}

/** All differences as a curve of bars: where a mean comes from. */
export function DifferencePicture({ list, a, b, column }: Props) {
  const { style } = column;
  const measure = style === 'seconds' ? 'seconds' : column.heading;
  const signed = (value: number) => differenceText(value, style);
  const sorted = useMemo(() => list.map(({ difference }) => difference).sort((x, y) => y - x), [list]);
  const draw = useCallback(
    (plot: Plot, width: number) => differencesPlot(plot, width, sorted, `difference in ${measure}`),
    [sorted, measure],
  );
  const wins = sorted.filter((one) => one > 1e-9).length;
  const losses = sorted.filter((one) => one < -1e-9).length;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / Math.max(1, sorted.length);
  const quantile = (share: number) => sorted[Math.round((sorted.length - 1) * (1 - share))];
  if (sorted.length === 0) return null;
  return (
    <PlotFigure
      title="Differences by query"
      name="differences"
      summary={`${a} is above ${b} in ${measure} on ${counted(wins, 'query', 'queries')} and below on ${losses}, of ${sorted.length}; on average ${signed(mean)}.`}
      draw={draw}
      figures={{
        head: ['Share of queries at or below', 'Difference'],
        rows: [1, 0.9, 0.75, 0.5, 0.25, 0.1, 0].map((share) => [
          `${100 * share} %`,
          signed(quantile(share) ?? 0),
        ]),
      }}
    />
  );
}
