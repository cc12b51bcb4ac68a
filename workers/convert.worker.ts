/** The convert worker: its memory goes with it, so the page ends it when a conversion is over. */
import type { ConvertWorkerApi } from '../src/workers/convert-protocol.ts';
import { withCallback } from './callback.ts';
import { ConvertService } from './convert-service.ts';
import { exposeWorker } from './expose.ts';
import { libraryChannel, openShelves } from './model-shelves.ts';

const service = new ConvertService({ shelves: openShelves, channel: libraryChannel() });

const api: ConvertWorkerApi = {
  convert: (request, onProgress) => withCallback(onProgress, (call) => service.convert(request, call)),
  cancel: () => service.cancel(),
};

exposeWorker(api);
