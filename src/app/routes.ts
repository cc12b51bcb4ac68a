/** Hash routes: they work on any static host and under any sub path. */
import { useSyncExternalStore } from 'react';

/** The screens that exist. `path` is what stands after `#`; those with a tab are always at hand. */
export const routes = [
  { path: '/', title: 'Playground', tab: true },
  { path: '/inspect', title: 'Inspect', tab: true },
  { path: '/evaluate', title: 'Evaluate', tab: true },
  { path: '/models', title: 'Models', tab: true },
  { path: '/learn', title: 'Learn', tab: true },
  { path: '/duel', title: 'Duel', tab: false },
] as const;

export type RoutePath = (typeof routes)[number]['path'];

/** The route a hash names, with whatever it says further; anything unknown is the Playground. */
export function readRoute(hash: string): RoutePath {
  const path = hash.replace(/^#/, '').replace(/\?.*$/s, '').replace(/\/+$/, '') || '/';
  if (path.startsWith('/learn/')) return '/learn';
  return routes.find((route) => route.path === path)?.path ?? '/';
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}

export function useRoute(): RoutePath {
  return readRoute(useSyncExternalStore(subscribe, () => location.hash));
}
