/** The download worker: looks models up, fetches them and keeps them, off the main thread. */
import type { ProxyMarked, Remote } from 'comlink';
import { refusedHost } from '../src/sources/model-hosts.ts';
import type { DownloadWorkerApi } from '../src/workers/download-protocol.ts';
import { withCallback } from './callback.ts';
import { DownloadService } from './download-service.ts';
import { exposeWorker } from './expose.ts';
import { libraryChannel, openShelves } from './model-shelves.ts';

/** What `connect-src` would refuse without a word; the built page knows the list. */
function refused(url: string): string | undefined {
  const hosts = import.meta.env.CONNECT_HOSTS as readonly string[] | undefined;
  return hosts && refusedHost(url, hosts, self.location.origin);
}

const service = new DownloadService({
  shelves: openShelves,
  channel: libraryChannel(),
  watch: { offline: () => !navigator.onLine },
  refused,
});

const api: DownloadWorkerApi = {
  // Its callback lives as long as the worker.
  open: (onNews) => service.open(onNews as Remote<typeof onNews & ProxyMarked> as typeof onNews),
  lookUp: (text, hub, onWait) => withCallback(onWait, (call) => service.lookUp(text, hub, call)),
  lookInto: (local) => service.lookInto(local),
  cancelLookUp: () => service.cancelLookUp(),
  get: (request) => service.get(request),
  pause: (id) => service.pause(id),
  resume: (id, place) => service.resume(id, place),
  cancel: (id) => service.cancel(id),
  remove: (id) => service.remove(id),
  removeAll: () => service.removeAll(),
  files: (id) => service.files(id),
  put: (about, files, place) => service.put(about, files, place),
};

exposeWorker(api);
