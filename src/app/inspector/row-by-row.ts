import { useEffect, useReducer, useRef } from 'react';

/** Forty cells each: some milliseconds of a frame. */
const ROWS_A_FRAME = 2;

/**
 * Hands a new value to a few rows in each frame, so that no frame has to draw all of them; until its turn a row keeps the
 * one that it had, and a new row has none. Where `atOnce` is set, all have the new one.
 * @param rows places of the rows that are drawn
 * @param first a row that does not wait: the one with the focus
 */
export function useRowByRow<T>(
  value: T,
  rows: readonly number[],
  first: number,
  atOnce: boolean,
): { readonly of: (row: number) => T | undefined; readonly busy: boolean } {
  const given = useRef(new Map<number, T>());
  const frame = useRef(0);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const latest = useRef({ value, rows });
  latest.current = { value, rows };
  const behind = !atOnce && rows.some((row) => row !== first && given.current.get(row) !== value);
  useEffect(() => {
    if (!behind || frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      const { value, rows } = latest.current;
      for (const row of given.current.keys()) if (!rows.includes(row)) given.current.delete(row);
      const next = rows.filter((row) => given.current.get(row) !== value).slice(0, ROWS_A_FRAME);
      for (const row of next) given.current.set(row, value);
      drawAgain();
    });
  });
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    },
    [],
  );
  return { of: (row) => (atOnce || row === first ? value : given.current.get(row)), busy: behind };
}
