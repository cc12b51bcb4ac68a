import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { layoutChanged, linkedId, useLinks } from './link-store.ts';
import './links.css';

interface Line {
  readonly key: string;
  readonly id: string;
  readonly d: string;
}

/** More lines than this say nothing: then only the linked passage has them. */
const maxFaint = 12;

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

function measure(frame: HTMLElement): Line[] {
  const lists = [...frame.querySelectorAll<HTMLElement>('[data-rows]')];
  const lines: Line[] = [];
  for (let c = 0; c + 1 < lists.length; c++) {
    const right = new Map<string, HTMLElement>();
    for (const row of (lists[c + 1] as HTMLElement).children as Iterable<HTMLElement>) {
      right.set(row.dataset.passageId ?? '', row);
    }
    for (const row of (lists[c] as HTMLElement).children as Iterable<HTMLElement>) {
      const id = row.dataset.passageId ?? '';
      const other = right.get(id);
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
  const layout = useLinks((s) => s.layout);
  const [lines, setLines] = useState<readonly Line[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: measures whenever the rows' places change.
  useLayoutEffect(() => {
    if (frame.current) setLines(measure(frame.current));
  }, [frame, layout]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => layoutChanged());
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);

  const faint = lines.length <= maxFaint * 2 ? lines : lines.filter((line) => line.id === active);
  return (
    <svg className="links" aria-hidden="true">
      {faint.map((line) => (
        <path key={line.key} d={line.d} className="link" data-active={line.id === active || undefined} />
      ))}
    </svg>
  );
}
