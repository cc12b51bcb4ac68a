import { useRef } from 'react';
import { useWidth } from '../../models/chart/useWidth.ts';
import { formatSigned } from '../../ui/numbers.ts';
import { type Resampled, tickOf } from './state.ts';

const HEIGHT = 150;
const FRAME = { left: 34, top: 10, bottom: 112 };
/** Means reach as far as this; further ones fall into the last bins. */
const REACH = 0.15;
const BINS = 60;

/** Means of the resamples, and between which 95 % of them lie. */
export function Histogram({ found: { means, mean, low, high } }: { readonly found: Resampled }) {
  const box = useRef<HTMLDivElement>(null);
  const wide = useWidth(box);
  const right = wide - 4;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of means) {
    const bin = Math.floor(((value + REACH) / (2 * REACH)) * BINS);
    counts[Math.max(0, Math.min(BINS - 1, bin))]!++;
  }
  const most = Math.max(5, ...counts);
  const toX = (value: number) =>
    FRAME.left + ((Math.max(-REACH, Math.min(REACH, value)) + REACH) / (2 * REACH)) * (right - FRAME.left);
  const width = (right - FRAME.left) / BINS;
  const label =
    low === undefined
      ? 'No resample drawn'
      : `Means of ${means.length} resamples, 95 % of them between ${formatSigned(low)} and ${formatSigned(high!)}`;
  return (
    <div ref={box} className="judging-plot">
      {wide > 0 && (
        <svg width={wide} height={HEIGHT} className="judging-histogram" role="img" aria-label={label}>
          {counts.map((count, bin) => {
            const height = (count / most) * (FRAME.bottom - FRAME.top);
            return (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: bins are their places.
                key={bin}
                x={FRAME.left + bin * width + 0.5}
                y={FRAME.bottom - height}
                width={width - 1}
                height={height}
              />
            );
          })}
          <g className="judging-axis">
            <path d={`M${FRAME.left} ${FRAME.bottom}H${right}`} />
            <path data-zero="true" d={`M${toX(0)} ${FRAME.top}V${FRAME.bottom + 5}`} />
            {[-0.1, 0, 0.1].map((tick) => (
              <text key={tick} x={toX(tick)} y={FRAME.bottom + 32} textAnchor="middle">
                {tickOf(tick)}
              </text>
            ))}
          </g>
          <path className="judging-mean" d={`M${toX(mean)} ${FRAME.top}V${FRAME.bottom}`} />
          {low !== undefined && high !== undefined && (
            <path
              className="judging-interval"
              d={`M${toX(low)} ${FRAME.bottom + 6}v8m0 -4H${toX(high)}m0 -4v8`}
            />
          )}
        </svg>
      )}
    </div>
  );
}
