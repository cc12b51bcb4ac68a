/** Hash routes: they work on any static host and under any sub path. */
import { useSyncExternalStore } from 'react';

/** The screens that exist. `path` is what stands after `#`. */
export const routes = [
  { path: '/', title: 'Playground' },
  { path: '/inspect', title: 'Inspect' },
  { path: '/models', title: 'Models' },
  { path: '/learn', title: 'Learn' },
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
