import { type RefObject, useLayoutEffect, useRef } from 'react';
import { type Span, startOf } from './flip.ts';

/** Long enough to follow with the eyes, short enough not to wait for. The link lines use the same. */
const duration = 320;
const easing = 'cubic-bezier(0.2, 0, 0, 1)';

const still = matchMedia('(prefers-reduced-motion: reduce)');

interface Move {
  readonly animation: Animation;
  /** Pixels from where it began to its place. */
  readonly from: number;
}

/** How far a move has its row away from its place now. Asks the clock, not the layout. */
function left({ animation, from }: Move): number {
  const progress = animation.effect?.getComputedTiming().progress;
  return typeof progress === 'number' ? from * (1 - progress) : 0;
}

/** The part of a list that is on the screen, in pixels from its top. */
function seen(list: HTMLElement): Span {
  const { top } = list.getBoundingClientRect();
  return { start: -top, end: innerHeight - top };
}

/**
 * Moves a list's rows from where they were to where they are, whenever `order` changes (FLIP: the
 * DOM has its final order at once, only a transform plays). Only rows that pass the screen move;
 * one whose place stays the same finishes the move it is in.
 */
export function useFlip(list: RefObject<HTMLElement | null>, order: unknown): void {
  const places = useRef(new Map<HTMLElement, number>());
  const moves = useRef(new WeakMap<HTMLElement, Move>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures after every change of order.
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const before = places.current;
    const now = new Map<HTMLElement, number>();
    // The list may have moved as a whole, under a head that has grown: that is not a move of its rows.
    const top = element.offsetTop;
    for (const row of element.children as Iterable<HTMLElement>) now.set(row, row.offsetTop - top);
    places.current = now;
    if (still.matches || before.size === 0) return;
    // All reading is done before the first animation: each would make the browser lay out anew.
    const view = seen(element);
    for (const [row, is] of now) {
      const was = before.get(row);
      if (was === undefined || was === is) continue;
      const running = moves.current.get(row);
      const from = startOf(was - is + (running ? left(running) : 0), is, view);
      running?.animation.cancel();
      moves.current.delete(row);
      if (Math.abs(from) < 1) continue;
      const keyframes = [{ transform: `translateY(${from}px)` }, { transform: 'none' }];
      moves.current.set(row, { animation: row.animate(keyframes, { duration, easing }), from });
    }
  }, [list, order]);
}
