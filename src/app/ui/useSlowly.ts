import { useEffect, useRef, useState } from 'react';

/** A value that changes at most every so many milliseconds, for what takes long to draw; 0: at once. The last one comes through. */
export function useSlowly<T>(value: T, ms: number): T {
  const [slow, setSlow] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, last.current + ms - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      setSlow(() => value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return ms === 0 ? value : slow;
}
