import { useCallback } from 'react';
import type { Calibration } from '../../../analysis/calibration.ts';
import type { JudgeReport } from '../../../analysis/judge-report.ts';
import { decimals } from '../judge-facts.ts';
import { reliabilityDiagram } from './drawings.ts';
import { type Plot, PlotFigure } from './PlotFigure.tsx';

/** Whether probabilities mean what they say, against the grades. */
export function Reliability({
  calibration,
}: {
  readonly calibration: NonNullable<JudgeReport['calibration']>;
}) {
  const { calls, averaged } = calibration;
  const draw = useCallback(
    (plot: Plot, width: number) => reliabilityDiagram(plot, width, calls, averaged),
    [calls, averaged],
  );
  return (
    <PlotFigure
      title="Reliability"
      name="reliability"
      summary={`Rings are single calls, squares the mean of both orders, larger where there are more. On the dashed line a probability means what it says. ECE ${decimals(calls.ece)} of ${calls.count} calls, ${decimals(averaged.ece)} of ${averaged.count} pairs.`}
      draw={draw}
      figures={{
        head: ['P(A) said', 'Calls', 'came true', 'Pairs', 'came true of pairs'],
        rows: calls.bins.map((bin, i) => [
          `${decimals(bin.from, 1)} to ${decimals(bin.to, 1)}`,
          ...shares(bin),
          ...shares(averaged.bins[i]!),
        ]),
      }}
    />
  );
}

const shares = ({ count, came }: Calibration['bins'][number]): string[] => [String(count), decimals(came)];
