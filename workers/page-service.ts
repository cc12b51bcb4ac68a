/**
 * The page's service worker, for hosts that send plain files. It gives the page what such a host does not: the headers
 * of isolation (hence WASM threads) and the policy, for the page and for its workers; and the page itself, its models and
 * samples, once the network is gone.
 *
 * Only GETs below its own folder are looked at. Model hosts, ranges, `no-store` and whatever is not a file of the
 * build pass by untouched. Files with a hash in their name come from the cache, all others from the network while there is
 * one, so that a visit never shows an old page, nor keeps one that has moved away.
 *
 * Built as a file of its own without imports (`scripts/page-service-plugin.ts`), which puts `build` in front.
 */
import type { PageServiceBuild, PageServiceMessage } from './page-service-protocol.ts';

declare const self: ServiceWorkerGlobalScope & { readonly build: PageServiceBuild };

const { version, shell, later, headers } = self.build;
const { scope } = self.registration;
// Pages of one origin (everything on one github.io name) share its caches.
const OURS = `rankscope ${scope} `;
const CACHE = OURS + version;
const files = new Set([...shell, ...later]);
const isHashed = (path: string): boolean => path.startsWith('assets/');
const address = (path: string): string => scope + path;

self.addEventListener('install', (event) => event.waitUntil(fill(shell)));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const path = pathOf(event.request);
  if (path !== undefined) event.respondWith(answer(event, path));
});
self.addEventListener('message', (event) => {
  const message = event.data as PageServiceMessage;
  if (message.ask === 'activate') event.waitUntil(self.skipWaiting());
  else if (message.ask === 'has') event.ports[0]?.postMessage(files.has(message.path));
  else event.waitUntil(fill(later.filter((path) => /\/ort-wasm-simd-threaded-[\w-]+\.wasm$/.test(path))));
});

/** Fetches what is not in the cache yet. @throws when a file is missing, so that half a page is never installed. */
async function fill(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    paths.map(async (path) => {
      if (await cache.match(address(path))) return;
      const response = await fetch(address(path), { cache: isHashed(path) ? 'default' : 'no-cache' });
      if (!isFile(path, response)) throw new Error(`${path} is missing on this host.`);
      await cache.put(address(path), response);
    }),
  );
}

/** Old caches go; large files that have not changed are taken over from them. */
async function takeOver(): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const name of await caches.keys()) {
    if (!name.startsWith(OURS) || name === CACHE) continue;
    const old = await caches.open(name);
    for (const path of later.filter(isHashed)) {
      const kept = await old.match(address(path));
      if (kept) await cache.put(address(path), kept);
    }
    await caches.delete(name);
  }
  await self.clients.claim();
}

/** The path below our folder of a request that is ours to answer. */
function pathOf({ method, url, headers: sent, cache, mode, destination }: Request): string | undefined {
  if (method !== 'GET' || !url.startsWith(scope) || sent.has('range') || cache === 'no-store')
    return undefined;
  if (cache === 'only-if-cached' && mode !== 'same-origin') return undefined;
  const path = url.slice(scope.length).replace(/[?#].*$/, '');
  const named = path === 'index.html' ? '' : path;
  return files.has(named) || needsHeaders(mode, destination) ? named : undefined;
}

/** Documents, and workers: each is isolated, and held to the policy, by the headers of its own response. */
const needsHeaders = (mode: RequestMode, destination: RequestDestination): boolean =>
  mode === 'navigate' || destination === 'worker' || destination === 'sharedworker';

async function answer(event: FetchEvent, path: string): Promise<Response> {
  const { request } = event;
  const found = isHashed(path) ? await kept(path) : undefined;
  const response = found ?? (await fromNetwork(event, path));
  return needsHeaders(request.mode, request.destination) ? withHeaders(response) : response;
}

async function fromNetwork(event: FetchEvent, path: string): Promise<Response> {
  try {
    const response = await fetch(event.request);
    if (later.includes(path) && isFile(path, response)) {
      const copy = response.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(address(path), copy)));
    }
    return response;
  } catch (error) {
    const found = await kept(path);
    if (found) return found;
    throw error;
  }
}

const kept = async (path: string): Promise<Response | undefined> =>
  (await caches.open(CACHE)).match(address(path), { ignoreVary: true });

/** Some hosts answer every path with their start page. */
const isFile = (path: string, { status, headers: got }: Response): boolean =>
  status === 200 && (path === '' || !(got.get('content-type') ?? '').includes('text/html'));

function withHeaders(response: Response): Response {
  // Redirects and failures are the browser's own business.
  if (response.status === 0) return response;
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) if (!all.has(name)) all.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers: all });
}
