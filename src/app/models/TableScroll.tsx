import type { ReactNode } from 'react';
import '../ui/table.css';

/** A table that scrolls by itself where it is wider than the screen. */
export function TableScroll({
  label,
  children,
}: {
  /** Unlike any other on the page. */
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls on a narrow screen and must be reachable by key.
    <section className="table-scroll" tabIndex={0} aria-label={label}>
      <table className="table evaluation">{children}</table>
    </section>
  );
}
