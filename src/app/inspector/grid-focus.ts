/** Which cell of the matrix has the focus, and what sends it there. */
import { type RefObject, useEffect, useRef } from 'react';
import { useInspector } from '../../state/inspector/inspected.ts';
import type { Place } from './grid-moves.ts';

/** The place of the cell in which an event happened. */
export function placeOf(target: EventTarget): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : undefined;
}

/** @returns whether the cell is drawn */
export function focusCell(grid: HTMLElement | null, { row, column }: Place): boolean {
  const cell = grid?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`);
  cell?.focus({ preventScroll: true });
  return cell != null;
}

/** A dialog gives the focus back to the cell itself; one that was drawn anew meanwhile gets it here. */
export function useFocusAfterDialog(grid: RefObject<HTMLElement | null>, here: Place): void {
  const opened = useInspector((s) => s.opened !== null);
  const latest = useRef(here);
  latest.current = here;
  const wasOpened = useRef(opened);
  useEffect(() => {
    const closed = wasOpened.current && !opened;
    wasOpened.current = opened;
    if (closed && (document.activeElement ?? document.body) === document.body) {
      focusCell(grid.current, latest.current);
    }
  }, [opened, grid]);
}

/** Goes to the cell that a button beside the grid asks for. */
export function usePointedFocus(move: (place: Place) => void, order: readonly number[]): void {
  const wanted = useInspector((s) => s.wanted);
  const done = useRef(wanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is followed once, in the order that is shown then.
  useEffect(() => {
    if (!wanted || wanted === done.current) return;
    done.current = wanted;
    const [row, column] = [order.indexOf(wanted.a), order.indexOf(wanted.b)];
    if (row >= 0 && column >= 0) move({ row, column });
  }, [wanted]);
}
