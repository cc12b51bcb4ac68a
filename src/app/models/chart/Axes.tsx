import { formatNumber } from '../../ui/numbers.ts';
import { formatValue } from './curve.ts';
import { HEIGHT, type Layout } from './layout.ts';

/** Grid lines with their numbers, steps below, and where stages of training begin. */
export function Axes({ layout }: { readonly layout: Layout }) {
  const { frame, xAxis, yAxis, x, y, stages } = layout;
  return (
    <g className="chart-axes">
      {yAxis.ticks.map((tick, i) => (
        <g key={tick}>
          <path
            className={i === 0 ? 'chart-base' : undefined}
            d={`M${frame.left} ${y(tick)}H${frame.right}`}
          />
          <text x={frame.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
            {formatValue(tick, yAxis.decimals)}
          </text>
        </g>
      ))}
      {xAxis.ticks.map((tick) => (
        <g key={tick}>
          <path className="chart-base" d={`M${x(tick)} ${frame.bottom}v4`} />
          <text x={x(tick)} y={frame.bottom + 16} textAnchor="middle">
            {formatNumber(tick)}
          </text>
        </g>
      ))}
      <text x={(frame.left + frame.right) / 2} y={HEIGHT - 4} textAnchor="middle">
        Steps of training
      </text>
      {stages.map(({ name, x: at, named }, i) => (
        <g key={name}>
          {i > 0 && <path className="chart-stage" d={`M${at} ${frame.top - 14}V${frame.bottom}`} />}
          {named && (
            <text x={at + 5} y={frame.top - 7}>
              {name}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}
