import type { ButtonHTMLAttributes, Ref } from 'react';
import { classes } from './classes.ts';
import './button.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'link';
  readonly small?: boolean;
  /** Shown after the name, hidden from its accessible name; `keys` says the same to assistive technology. */
  readonly shortcut?: string;
  /** `aria-keyshortcuts` syntax, e.g. `Control+Enter Meta+Enter`. */
  readonly keys?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = 'plain', small, shortcut, keys, className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      className={classes('button', `button-${kind}`, small && 'button-small', className)}
      aria-keyshortcuts={keys}
      {...rest}
    >
      {children}
      {shortcut && (
        <span className="button-shortcut" aria-hidden="true">
          {shortcut}
        </span>
      )}
    </button>
  );
}
