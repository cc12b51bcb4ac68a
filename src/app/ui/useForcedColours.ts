import { useSyncExternalStore } from 'react';

/** Whether people choose all colours themselves: a picture would keep its own. */
export function useForcedColours(): boolean {
  return useSyncExternalStore(onForcedColours, () => forcedColours().matches);
}

const forcedColours = () => matchMedia('(forced-colors: active)');

function onForcedColours(changed: () => void): () => void {
  const query = forcedColours();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
