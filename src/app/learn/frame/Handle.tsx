import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { classes } from '../../ui/classes.ts';

interface Props {
  readonly label: string;
  /** Where it stands in the drawing's own units. */
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What assistive technology says for the value. */
  readonly text: string;
  /** The value for a place in the drawing. */
  readonly valueAt: (x: number, y: number) => number;
  readonly onChange: (value: number) => void;
  /** It moves from side to side, not up and down. */
  readonly across?: boolean;
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

/** A point of a drawing that is dragged, or moved by keys: a slider whose track is the drawing itself. */
export function Handle({ label, x, y, value, min, max, step, text, valueAt, onChange, across }: Props) {
  const at = useRef<SVGGElement>(null);
  const give = (next: number): void => {
    // In whole steps, so that keys come back to where they were.
    const inside = Math.min(max, Math.max(min, Math.round(next / step) * step));
    const clean = Number(inside.toFixed(6));
    if (clean !== value && !Number.isNaN(clean)) onChange(clean);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = KEYS[event.key];
    const next = event.key === 'Home' ? min : event.key === 'End' ? max : by && value + by * step;
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    give(next);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const svg = at.current?.ownerSVGElement;
    const matrix = svg?.getScreenCTM();
    if (!matrix || !at.current?.hasPointerCapture(event.pointerId)) return;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    give(valueAt(point.x, point.y));
  };
  return (
    <g
      ref={at}
      className={classes('handle', across && 'handle-across')}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={text}
      aria-orientation={across ? 'horizontal' : 'vertical'}
      transform={`translate(${x} ${y})`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        at.current?.setPointerCapture(event.pointerId);
        at.current?.focus();
        event.preventDefault();
      }}
      onPointerMove={onPointerMove}
    >
      <circle className="handle-reach" r="16" />
      <circle className="handle-ring" r="10" />
      <circle className="handle-dot" r="6.5" />
    </g>
  );
}
