import type { ReactNode } from 'react';
import { classes } from '../../ui/classes.ts';
import '../../ui/table.css';

/** A table that scrolls by itself, by key too, where it is wider than its dialog. */
export function ScrollTable({
  label,
  className,
  children,
}: {
  readonly label: string;
  /** Of the table. */
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
    <section className="decision-scroll" tabIndex={0} aria-label={label}>
      <table className={classes('table', className)}>{children}</table>
    </section>
  );
}
