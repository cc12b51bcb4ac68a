import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { layoutChanged, linkedId, useLayoutCount, useLinks } from './link-store.ts';
import './links.css';

interface Line {
  readonly key: string;
  readonly id: string;
  readonly d: string;
}

/** With more rows than this their lines say nothing: then only the linked passage has them. */
const maxFaint = 12;

/** Where the columns are shown one at a time (links.css) there are no gaps to draw in. */
const hidden = matchMedia('(max-width: 700px)');

/** Where an element lies inside `frame` by layout, whatever animation plays on it. */
function placeWithin(
  element: HTMLElement,
  frame: HTMLElement,
): { readonly left: number; readonly top: number } {
  let left = 0;
  let top = 0;
  let at: HTMLElement | null = element;
  while (at && at !== frame) {
    left += at.offsetLeft;
    top += at.offsetTop;
    at = at.offsetParent as HTMLElement | null;
  }
  return { left, top };
}

/** The rows to draw lines between, by passage: all of short lists, else only the linked passage's. */
function rowsOf(list: HTMLElement, active: string | null): Map<string, HTMLElement> {
  const rows = new Map<string, HTMLElement>();
  for (const row of list.children as Iterable<HTMLElement>) {
    const id = row.dataset.passageId ?? '';
    if (list.children.length <= maxFaint || id === active) rows.set(id, row);
  }
  return rows;
}

/** The lines that are drawn, and no others: reading a place may make the browser lay out. */
function measure(frame: HTMLElement, active: string | null): Line[] {
  if (hidden.matches) return [];
  const lists = [...frame.querySelectorAll<HTMLElement>('[data-rows]')].map((list) => rowsOf(list, active));
  const lines: Line[] = [];
  for (let c = 0; c + 1 < lists.length; c++) {
    for (const [id, row] of lists[c] ?? []) {
      const other = lists[c + 1]?.get(id);
      if (!other) continue;
      const from = placeWithin(row, frame);
      const to = placeWithin(other, frame);
      const x1 = from.left + row.offsetWidth;
      const y1 = from.top + row.offsetHeight / 2;
      const x2 = to.left;
      const y2 = to.top + other.offsetHeight / 2;
      const bend = (x2 - x1) / 2;
      lines.push({
        key: `${c}-${id}`,
        id,
        d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
      });
    }
  }
  return lines;
}

/**
 * Lines in the gaps between the columns, from each passage to itself: how the order changed at a
 * glance, and the linked passage in strong. Decoration: each row says its movement in words.
 */
export function LinkLayer({ frame }: { readonly frame: RefObject<HTMLElement | null> }) {
  const active = useLinks(linkedId);
  const layout = useLayoutCount((s) => s.count);
  const [lines, setLines] = useState<readonly Line[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: measures whenever the rows' places change.
  useLayoutEffect(() => {
    if (!frame.current) return;
    const measured = measure(frame.current, active);
    setLines((before) => (before.length + measured.length === 0 ? before : measured));
  }, [frame, layout, active]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => layoutChanged());
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);

  return (
    <svg className="links" aria-hidden="true">
      {lines.map((line) => (
        <path key={line.key} d={line.d} className="link" data-active={line.id === active || undefined} />
      ))}
    </svg>
  );
}
