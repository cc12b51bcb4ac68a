// biome-ignore-all lint/a11y/useSemanticElements: a drawing has no fieldset.
import { useRef } from 'react';
import { useWidth } from '../../models/chart/useWidth.ts';
import { formatSigned } from '../../ui/numbers.ts';
import { Handle } from '../frame/Handle.tsx';
import { REACH, STEP, tickOf } from './state.ts';

interface Props {
  readonly differences: readonly number[];
  readonly mean: number;
  /** How often the last resample drew each query; empty: none is shown. */
  readonly picked: readonly number[];
  readonly onChange: (query: number, value: number) => void;
}

const HEIGHT = 210;
const FRAME = { left: 34, top: 14, bottom: 168 };
const MIDDLE = (FRAME.top + FRAME.bottom) / 2;
const UNIT = (FRAME.bottom - FRAME.top) / (2 * REACH);
const toY = (value: number): number => MIDDLE - value * UNIT;

/** A bar for each query, dragged by its end. */
export function Differences({ differences, mean, picked, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // In the page's own pixels: on a phone a handle must not be smaller than a finger.
  const width = useWidth(box);
  const right = width - 4;
  const slot = (right - FRAME.left) / differences.length;
  const drawn = picked.some((count) => count > 0);
  return (
    <div ref={box} className="judging-plot">
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="group" aria-label="Difference of each query">
          {[-0.2, 0, 0.2].map((tick) => (
            <g key={tick} className="judging-axis">
              <path d={`M${FRAME.left} ${toY(tick)}H${right}`} data-zero={tick === 0} />
              <text x={FRAME.left - 6} y={toY(tick)} dy="0.32em" textAnchor="end">
                {tickOf(tick)}
              </text>
            </g>
          ))}
          <path className="judging-mean" d={`M${FRAME.left} ${toY(mean)}H${right}`} />
          {differences.map((value, i) => {
            const x = FRAME.left + (i + 0.5) * slot;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: queries have no other name, and keep their places.
              <g key={i}>
                <path className="judging-stem" d={`M${x} ${toY(0)}V${toY(value)}`} />
                <text className="judging-name" x={x} y={FRAME.bottom + 16} textAnchor="middle">
                  {i + 1}
                </text>
                {drawn && (
                  <text className="judging-name" x={x} y={FRAME.bottom + 34} textAnchor="middle">
                    {picked[i] === 0 ? '·' : `×${picked[i]}`}
                  </text>
                )}
                <Handle
                  label={`Query ${i + 1}`}
                  x={x}
                  y={toY(value)}
                  value={value}
                  min={-REACH}
                  max={REACH}
                  step={STEP}
                  text={formatSigned(value)}
                  valueAt={(_, y) => (MIDDLE - y) / UNIT}
                  onChange={(next) => onChange(i, next)}
                />
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
