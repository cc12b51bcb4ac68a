import {
  type FocusEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
} from 'react';
import type { ShownColumn } from '../../../state/run/run.ts';
import { type AttentionEvent, attend, isReading, nextShown, nobody, REST_MS } from './hold.ts';

/** A column as it is shown. */
export interface Shown {
  /** Rows and every figure that depends on their order come from this one state of the column. */
  readonly shown: ShownColumn;
  /** A newer order waits. */
  readonly waiting: boolean;
  /** Tells what the reader does that the section cannot see. */
  readonly reader: (event: AttentionEvent) => void;
  /** Handlers for the column's section. */
  readonly onSection: {
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerLeave(): void;
    onWheel(): void;
    onBlur(event: FocusEvent<HTMLElement>): void;
  };
}

/** Keeps a running column's order while somebody reads its `list` (hold.ts says when). */
export function useShown(latest: ShownColumn, list: RefObject<HTMLElement | null>): Shown {
  const [attention, reader] = useReducer(attend, nobody);
  const kept = useRef(latest);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const at = useRef({ x: Number.NaN, y: Number.NaN });
  kept.current = nextShown(kept.current, latest, isReading(attention));
  const shown = kept.current;
  useEffect(() => () => clearTimeout(rest.current), []);
  // A focused row that goes away sends no blur: without this its column would hold its order without a reader.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come and go with the order.
  useLayoutEffect(() => {
    const section = list.current?.closest('section');
    if (attention.focused && !section?.contains(document.activeElement)) reader('blurred');
  }, [list, attention.focused, shown.run?.order, shown.run?.set]);

  const moved = (event: 'moved' | 'near') => {
    reader(event);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => reader('rested'), REST_MS);
  };
  return {
    shown,
    waiting: shown !== latest,
    reader,
    onSection: {
      onPointerMove: ({ pointerType, target, clientX: x, clientY: y }) => {
        // Rows that move under a resting pointer may make a browser report it again, where it was.
        if (pointerType !== 'mouse' || (x === at.current.x && y === at.current.y)) return;
        at.current = { x, y };
        moved(list.current?.contains(target as Node) ? 'moved' : 'near');
      },
      onPointerLeave: () => reader('left'),
      // Whoever read before reads on while scrolling.
      onWheel: () => moved('near'),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) reader('blurred');
      },
    },
  };
}
