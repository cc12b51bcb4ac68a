import { useRef } from 'react';

/**
 * Keeps showing the value of before while `held` (someone points at a row or has focus in it) and
 * says whether a newer one waits. A new `key` (another run, other candidates) is shown at once:
 * there is nothing left of what was being read.
 */
export function useHeld<T>(
  value: T,
  held: boolean,
  key: unknown,
): { readonly shown: T; readonly waiting: boolean } {
  const kept = useRef({ value, key });
  if (!held || kept.current.key !== key) kept.current = { value, key };
  return { shown: kept.current.value, waiting: kept.current.value !== value };
}
