import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Long enough to follow with the eyes, short enough not to wait for. The link lines use the same. */
const duration = 320;
const easing = 'cubic-bezier(0.2, 0, 0, 1)';

const still = matchMedia('(prefers-reduced-motion: reduce)');

/** How far a running animation has an element away from its place, in pixels. */
function offsetNow(element: HTMLElement): number {
  return element.getAnimations().length === 0 ? 0 : new DOMMatrix(getComputedStyle(element).transform).m42;
}

/**
 * Moves a list's rows from where they were to where they are, whenever `order` changes (FLIP: the
 * DOM has its final order at once, only a transform plays). Rows are known by `data-passage-id`;
 * new ones fade in.
 */
export function useFlip(list: RefObject<HTMLElement | null>, order: unknown): void {
  const places = useRef(new Map<string, number>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures after every change of order.
  useLayoutEffect(() => {
    const before = places.current;
    const now = new Map<string, number>();
    const rows = [...(list.current?.children ?? [])] as HTMLElement[];
    for (const row of rows) now.set(row.dataset.passageId ?? '', row.offsetTop);
    places.current = now;
    if (still.matches) return;
    for (const row of rows) {
      const id = row.dataset.passageId ?? '';
      const was = before.get(id);
      const is = now.get(id) ?? 0;
      if (was === undefined) {
        if (before.size > 0) row.animate([{ opacity: 0 }, { opacity: 1 }], { duration, easing });
        continue;
      }
      const delta = was - is + offsetNow(row);
      if (Math.abs(delta) < 1) continue;
      for (const running of row.getAnimations()) running.cancel();
      row.animate([{ transform: `translateY(${delta}px)` }, { transform: 'none' }], { duration, easing });
    }
  }, [list, order]);
}
