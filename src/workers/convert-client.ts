/** The page's side of the convert worker: one for each conversion, ended when it is over, since memory is not given back. */
import * as Comlink from 'comlink';
import { RankscopeError } from '../errors.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';
import type { Converted, ConvertProgress, ConvertRequest, ConvertWorkerApi } from './convert-protocol.ts';

const spawnWorker = (): WorkerLike =>
  new Worker(new URL('../../workers/convert.worker.ts', import.meta.url), {
    type: 'module',
    name: 'convert',
  });

/**
 * Makes a checkpoint of an original T5, in a worker of its own.
 * @param signal ends it; nothing is left then
 * @throws RankscopeError 'cancelled', 'worker' when the worker dies, and as the worker does
 */
export async function convertInWorker(
  request: ConvertRequest,
  onProgress: (progress: ConvertProgress) => void,
  signal?: AbortSignal,
  spawn: () => WorkerLike = spawnWorker,
): Promise<Converted> {
  if (signal?.aborted) throw new RankscopeError('cancelled', 'Cancelled.');
  const connection = new WorkerConnection<ConvertWorkerApi>('convert', spawn);
  // Not by ending the worker: it removes what it has written first.
  const cancel = () => connection.tell((remote) => remote.cancel());
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await connection.load(
      (remote) => remote.convert(request, Comlink.proxy(onProgress)) as Promise<Converted>,
    );
  } finally {
    signal?.removeEventListener('abort', cancel);
    connection.terminate();
  }
}
