import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { LEAST_DRAWER, MOST_DRAWER, sizeDrawer, useDrawerSize } from '../../state/inspector/drawer-size.ts';

/** The drawer's upper edge: dragged or moved by arrows it parts the height between columns and drawer. */
export function DrawerEdge() {
  const { percent } = useDrawerSize();
  const edge = useRef<HTMLDivElement>(null);
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const whole = edge.current?.parentElement?.parentElement?.getBoundingClientRect();
    if (whole && whole.height > 0) sizeDrawer(((whole.bottom - event.clientY) / whole.height) * 100);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const to = { ArrowUp: percent + 5, ArrowDown: percent - 5, Home: LEAST_DRAWER, End: MOST_DRAWER }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    sizeDrawer(to);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this is the window splitter of the ARIA practices.
    <div
      ref={edge}
      className="drawer-edge"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the Inspector"
      aria-controls="inspector-content"
      aria-valuenow={percent}
      aria-valuemin={LEAST_DRAWER}
      aria-valuemax={MOST_DRAWER}
      aria-valuetext={`${percent} % of the results`}
      tabIndex={0}
      title="Drag, or press the arrow keys; a double click restores the usual height"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onDoubleClick={() => sizeDrawer()}
      onKeyDown={onKeyDown}
    />
  );
}
