/**
 * The page's side of its service worker (`workers/page-service.ts`): registers it, lets it isolate the page by one reload
 * before anything has been done, and says when a newer version waits. Nothing is ever reloaded in the middle of work.
 */
import type { PageServiceMessage } from '../../../workers/page-service-protocol.ts';
import type { TextStore } from '../../storage/local.ts';
import type { NoticeAction, NoticeKind } from '../notices.ts';
import { pageIdle } from './page-idle.ts';

export interface PageServiceParts {
  /** `navigator.serviceWorker`; undefined outside secure contexts. */
  readonly container: ServiceWorkerContainer | undefined;
  /** Addresses are relative to the page's folder. */
  readonly base: string;
  /** Path of the page's own script below its folder: the build that is open. */
  readonly script: string;
  readonly isolated: boolean;
  /** Inside another page only that page can isolate: a reload would gain nothing. */
  readonly framed: boolean;
  /** What a tab keeps over a reload; undefined where the browser forbids it. */
  readonly session: TextStore | undefined;
  /** True once somebody has pressed a key or a button on the page. */
  readonly touched: () => boolean;
  /** Settles when the page has nothing urgent to load. */
  readonly idle: () => Promise<void>;
  /** Calls back whenever the page comes to the front. */
  readonly shown: (then: () => void) => void;
  readonly reload: () => void;
  readonly notify: (kind: NoticeKind, message: string, action?: NoticeAction) => void;
}

const RELOADED = 'rankscope.isolated';
const MEANWHILE = 'A new version of Rankscope is available. It loads on your next visit, or now:';
/** A page may stay open for days; this is how often it asks for a newer version, at most. */
const ASK_EVERY_MS = 3_600_000;

/** Starts it. Never rejects: without a service worker the page works, on one thread and online. */
export async function startPageService(parts: PageServiceParts): Promise<void> {
  const { container, base, isolated, notify, reload } = parts;
  if (!container) return;
  // What came through the service worker is as isolated as it will get.
  const throughService = container.controller !== null;
  if (isolated || throughService) await parts.idle();
  let registration: ServiceWorkerRegistration | undefined;
  try {
    registration = await container.register(new URL('service-worker.js', base).href, {
      updateViaCache: 'none',
    });
  } catch {
    // Forbidden, or missing on this host: the device's popover says what that costs.
  }
  if (!registration) return;
  watchUpdates(registration, parts);
  if (isolated || throughService) {
    await container.ready;
    tell(container.controller ?? registration.active, { ask: 'keep-runtime' });
    return;
  }
  await controlled(container);
  if (parts.framed || reloadedBefore(parts.session)) return;
  if (!parts.touched()) reload();
  else {
    notify('info', 'A reload lets the models use all cores of this machine. Your texts stay.', {
      label: 'Reload',
      run: reload,
    });
  }
}

/** Remembers that this tab has been reloaded; where it cannot, it is as if it had been: better slow than in a circle. */
function reloadedBefore(session: TextStore | undefined): boolean {
  try {
    if (!session || session.getItem(RELOADED) !== null) return true;
    session.setItem(RELOADED, '1');
    return session.getItem(RELOADED) === null;
  } catch {
    return true;
  }
}

function watchUpdates(registration: ServiceWorkerRegistration, parts: PageServiceParts): void {
  const { container, script, notify, reload } = parts;
  if (!container) return;
  const ready = async (next: ServiceWorker): Promise<void> => {
    // The network has brought this very version already: it only has to be kept.
    if (await has(next, script)) tell(next, { ask: 'activate' });
    else {
      notify('info', MEANWHILE, {
        label: 'Reload',
        run: () => {
          container.addEventListener('controllerchange', reload, { once: true });
          tell(next, { ask: 'activate' });
        },
      });
    }
  };
  // Another tab may have let the newer one take over.
  container.addEventListener('controllerchange', async () => {
    const now = container.controller;
    if (now && !(await has(now, script))) notify('info', MEANWHILE, { label: 'Reload', run: reload });
  });
  const watch = (next: ServiceWorker | null): void => {
    next?.addEventListener('statechange', () => {
      if (next.state === 'installed' && registration.active) void ready(next);
    });
  };
  if (registration.waiting) void ready(registration.waiting);
  watch(registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));
  let asked = Date.now();
  parts.shown(() => {
    if (Date.now() - asked < ASK_EVERY_MS) return;
    asked = Date.now();
    registration.update().catch(() => {});
  });
}

const tell = (worker: ServiceWorker | null, message: PageServiceMessage): void =>
  worker?.postMessage(message);

function has(worker: ServiceWorker, path: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      resolve(data === true);
      port1.close();
    };
    worker.postMessage({ ask: 'has', path } satisfies PageServiceMessage, [port2]);
  });
}

function controlled(container: ServiceWorkerContainer): Promise<void> {
  if (container.controller) return Promise.resolve();
  return new Promise((resolve) =>
    container.addEventListener('controllerchange', () => resolve(), { once: true }),
  );
}

/** In the browser, for the built page. */
export function startInBrowser(
  notify: (kind: NoticeKind, message: string, action?: NoticeAction) => void,
): void {
  let touched = false;
  const touch = (): void => {
    touched = true;
  };
  for (const type of ['keydown', 'pointerdown', 'paste', 'drop', 'input'])
    addEventListener(type, touch, { once: true, capture: true });
  const script = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '';
  void startPageService({
    container: navigator.serviceWorker as ServiceWorkerContainer | undefined,
    base: document.baseURI,
    script: script.slice(new URL('.', document.baseURI).href.length),
    isolated: crossOriginIsolated,
    framed: window.parent !== window,
    session: tabStore(),
    touched: () => touched,
    idle: pageIdle,
    shown: (then) =>
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') then();
      }),
    reload: () => location.reload(),
    notify,
  });
}

function tabStore(): TextStore | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
