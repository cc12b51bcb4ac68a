import { useEffect, useState } from 'react';
import { Field } from './Field.tsx';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly disabled?: boolean;
  /** Called with a valid value only: inside the limits, whole where the step is whole. */
  readonly onChange: (value: number) => void;
}

/** The number a text stands for, kept inside the limits; undefined for no number. */
export function readNumber(text: string, min: number, max: number, step: number): number | undefined {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const inside = Math.min(max, Math.max(min, value));
  return Number.isInteger(step) ? Math.round(inside) : inside;
}

/**
 * A spin button that lets people type: while the text is not a valid number the last good one stays in
 * force, and leaving the box shows what is in force.
 */
export function NumberField({ label, value, min, max, step = 1, disabled, onChange }: Props) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const typed = readNumber(text, min, max, step);
  const wrong = typed === undefined || typed !== Number(text);
  return (
    <Field label={label} error={wrong ? `${min} to ${max}` : undefined}>
      {(ids) => (
        <input
          {...ids}
          className="input"
          type="number"
          inputMode={Number.isInteger(step) ? 'numeric' : 'decimal'}
          min={min}
          max={max}
          step={step}
          disabled={disabled}
          value={text}
          aria-invalid={wrong || undefined}
          onChange={(event) => {
            const next = event.target.value;
            setText(next);
            const number = readNumber(next, min, max, step);
            if (number !== undefined && number === Number(next)) onChange(number);
          }}
          onBlur={() => {
            const number = typed ?? value;
            setText(String(number));
            if (number !== value) onChange(number);
          }}
        />
      )}
    </Field>
  );
}
