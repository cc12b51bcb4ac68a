import { type PointerEvent, useId, useRef, useState } from 'react';
import { counted, formatNumber } from '../../ui/numbers.ts';
import { Axes } from './Axes.tsx';
import { CurveTable } from './CurveTable.tsx';
import type { Curve } from './curve.ts';
import { formatValue } from './curve.ts';
import { HEIGHT, layOut, linePath, nearestRow } from './layout.ts';
import { useWidth } from './useWidth.ts';
import './chart.css';

/** Points this few are marked, so that one sees where it was measured. */
const MARKED = 24;

/** Curves over training steps. A point is read by pointing at it or with the arrow keys. */
export function LineChart({ curve, of }: { readonly curve: Curve; readonly of: string }) {
  const { title, series, rows } = curve;
  const id = useId();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const [at, setAt] = useState<number>();
  const shown = rows[at ?? rows.length - 1];
  if (!shown) return null;
  const layout = width > 0 ? layOut(curve, width) : undefined;
  const where = `Step ${formatNumber(shown.step)}${shown.stage === undefined ? '' : `, ${shown.stage}`}`;
  const words = series.map((name, s) => `${name} ${formatValue(shown.values[s])}`);
  const read = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    if (layout) setAt(nearestRow(curve, layout, clientX - currentTarget.getBoundingClientRect().left));
  };
  return (
    <figure className="chart">
      <figcaption className="card-label" id={id}>
        {title}
      </figcaption>
      <p className="chart-reading">
        <span className="chart-step">{where}</span>
        {series.map((name, s) => (
          <span key={name} className="chart-value">
            <svg className="chart-key" width="18" height="8" aria-hidden="true">
              <path className="chart-line" data-series={s} d="M1 4H17" />
            </svg>
            {name} <strong>{formatValue(shown.values[s])}</strong>
          </span>
        ))}
      </p>
      <div
        ref={plot}
        className="chart-plot"
        onPointerDown={read}
        onPointerMove={read}
        // A finger that has left has no other way to keep what it pointed at.
        onPointerLeave={({ pointerType }) => pointerType === 'mouse' && setAt(undefined)}
      >
        {layout && (
          <svg width={width} height={HEIGHT} role="img" aria-label={summary(curve)}>
            <Axes layout={layout} />
            {series.map((name, s) => (
              <path key={name} className="chart-line" data-series={s} d={linePath(curve, s, layout)} />
            ))}
            {rows.length <= MARKED &&
              rows.flatMap(({ step, values }, i) =>
                values.map((value, s) => {
                  if (value === undefined) return null;
                  const key = `${i} ${series[s]}`;
                  return (
                    <circle key={key} data-series={s} cx={layout.x(step)} cy={layout.y(value)} r="2.2" />
                  );
                }),
              )}
            {at !== undefined && (
              <g className="chart-point">
                <path d={`M${layout.x(shown.step)} ${layout.frame.top}V${layout.frame.bottom}`} />
                {shown.values.map(
                  (value, s) =>
                    value !== undefined && (
                      <circle
                        key={series[s]}
                        data-series={s}
                        cx={layout.x(shown.step)}
                        cy={layout.y(value)}
                        r="4"
                      />
                    ),
                )}
              </g>
            )}
          </svg>
        )}
        <input
          className="chart-cursor"
          type="range"
          min={0}
          max={rows.length - 1}
          value={at ?? rows.length - 1}
          aria-labelledby={id}
          aria-valuetext={`${where}: ${words.join(', ')}`}
          onFocus={({ target }) => target.matches(':focus-visible') && setAt(at ?? rows.length - 1)}
          onBlur={() => setAt(undefined)}
          onChange={({ target }) => setAt(Number(target.value))}
        />
      </div>
      <CurveTable curve={curve} of={of} />
    </figure>
  );
}

/** The drawing in a sentence. */
function summary({ title, series, rows }: Curve): string {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const parts = series.flatMap((name, s) => {
    const values = rows.flatMap(({ values: all }) => all[s] ?? []);
    const [from, to] = [values[0], values.at(-1)];
    return from === undefined ? [] : [`${name} from ${formatValue(from)} to ${formatValue(to)}`];
  });
  return `${title}: ${parts.join('; ')}. Steps ${formatNumber(first.step)} to ${formatNumber(last.step)}, ${counted(rows.length, 'point')}.`;
}
