import type { ReactNode } from 'react';
import '../../ui/table.css';

/** A table that scrolls by itself, by key too, where it is wider than its dialog. */
export function ScrollTable({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
    <section className="decision-scroll" tabIndex={0} aria-label={label}>
      <table className="table">{children}</table>
    </section>
  );
}
