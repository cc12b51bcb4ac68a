import { useEffect, useRef } from 'react';
import { anyLayerOpen } from '../ui/layers.ts';
import { isTextEntry } from '../ui/platform.ts';

/**
 * Keys that work anywhere on the screen, unless something is open or being typed. A key that is held down counts once:
 * nobody means to answer ten pairs at a stroke.
 */
export function useKeys(actionOf: (event: KeyboardEvent) => (() => void) | undefined): void {
  const latest = useRef(actionOf);
  latest.current = actionOf;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey || anyLayerOpen()) return;
      if (event.key !== 'Escape' && isTextEntry(event.target)) return;
      const act = latest.current(event);
      if (!act) return;
      event.preventDefault();
      if (!event.repeat) act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}
