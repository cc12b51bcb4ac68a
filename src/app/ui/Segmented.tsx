import type { KeyboardEvent } from 'react';
import { classes } from './classes.ts';
import './segmented.css';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

/** Where a key leads in a radio group, as in the ARIA practices. */
function step(key: string): number {
  if (key === 'ArrowRight' || key === 'ArrowDown') return 1;
  return key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 0;
}

/** One choice of a few, side by side: a radio group of buttons, one Tab stop, arrows choose. */
export function Segmented<T extends string>({ label, value, options, onChange, className }: Props<T>) {
  const at = options.findIndex((option) => option.value === value);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = step(event.key);
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (Math.max(0, at) + by + options.length) % options.length;
    const chosen = options[next];
    if (!chosen) return;
    onChange(chosen.value);
    (event.currentTarget.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div
      className={classes('segmented', className)}
      role="radiogroup"
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      {options.map((option, i) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot be its own visible, clickable label.
        <button
          key={option.value}
          type="button"
          className="segmented-option"
          role="radio"
          aria-checked={i === at}
          tabIndex={i === Math.max(0, at) ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
