import { type RefObject, useLayoutEffect } from 'react';
import { useLayer } from './layers.ts';

const gap = 6;
const margin = 8;

/** Places `box` under (or, where there is no room, above) `anchor`, inside the window. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const width = box.offsetWidth;
  const height = box.offsetHeight;
  const below = at.bottom + gap;
  const top = below + height <= innerHeight - margin ? below : Math.max(margin, at.top - gap - height);
  const wanted = at.left + width <= innerWidth - margin ? at.left : at.right - width;
  box.style.left = `${Math.min(Math.max(margin, wanted), Math.max(margin, innerWidth - margin - width))}px`;
  box.style.top = `${top}px`;
}

/**
 * Shows `box` in the top layer beside `anchor` while `open`. A press elsewhere or Escape calls
 * `close`; closing gives focus back to the anchor if focus was inside.
 */
export function usePopover(
  open: boolean,
  close: () => void,
  anchor: RefObject<HTMLElement | null>,
  box: RefObject<HTMLElement | null>,
): void {
  useLayer(open, close);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `close` may be a new function each time; what matters is open or not.
  useLayoutEffect(() => {
    const shown = box.current;
    const from = anchor.current;
    if (!open || !shown || !from) return;
    shown.showPopover();
    const replace = () => place(shown, from);
    replace();
    const onPress = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!shown.contains(target) && !from.contains(target)) close();
    };
    document.addEventListener('pointerdown', onPress, true);
    addEventListener('resize', replace);
    addEventListener('scroll', replace, true);
    return () => {
      document.removeEventListener('pointerdown', onPress, true);
      removeEventListener('resize', replace);
      removeEventListener('scroll', replace, true);
      // React may have taken the box out of the page already: focus that was in it is then nowhere.
      const at = document.activeElement;
      const lost = at === null || at === document.body;
      if (lost || shown.contains(at)) from.focus({ preventScroll: true });
      if (shown.matches(':popover-open')) shown.hidePopover();
    };
  }, [open]);
}
