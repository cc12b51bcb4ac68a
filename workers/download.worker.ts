/** The download worker: looks models up, fetches them and keeps them, off the main thread. */
import type { ProxyMarked, Remote } from 'comlink';
import { refusedHost } from '../src/sources/model-hosts.ts';
import { fileLocks } from '../src/storage/models/locks.ts';
import { memoryStore } from '../src/storage/models/memory-store.ts';
import { indexedDbModelRecords, memoryModelRecords } from '../src/storage/models/model-records.ts';
import { opfsStore } from '../src/storage/models/opfs-store.ts';
import { Shelf } from '../src/storage/models/shelf.ts';
import type { DownloadWorkerApi } from '../src/workers/download-protocol.ts';
import { withCallback } from './callback.ts';
import { DownloadService, type Shelves } from './download-service.ts';
import { exposeWorker } from './expose.ts';

async function shelves(): Promise<Shelves> {
  const locks = fileLocks(navigator.locks as LockManager | undefined);
  const memory = new Shelf({ store: memoryStore(), records: memoryModelRecords(), locks });
  const store = await opfsStore();
  const records = store && (await indexedDbModelRecords().catch(() => undefined));
  return { memory, disk: store && records && new Shelf({ store, records, locks }) };
}

function libraryChannel() {
  if (typeof BroadcastChannel === 'undefined') return undefined;
  const channel = new BroadcastChannel('rankscope-models');
  return {
    tell: () => channel.postMessage('changed'),
    listen: (hear: () => void) => {
      channel.onmessage = hear;
    },
  };
}

/** What `connect-src` would refuse without a word; the built page knows the list. */
function refused(url: string): string | undefined {
  const hosts = import.meta.env.CONNECT_HOSTS as readonly string[] | undefined;
  return hosts && refusedHost(url, hosts, self.location.origin);
}

const service = new DownloadService({ shelves, channel: libraryChannel(), refused });

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
};

exposeWorker(api);
