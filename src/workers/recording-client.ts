/** The page's side of a recording worker: one for each opened file, ended with it. */
import * as Comlink from 'comlink';
import type { RecordingSummary } from '../formats/recording/open.ts';
import type { Recording } from '../formats/recording/recording.ts';
import { WorkerConnection, type WorkerLike } from './connection.ts';
import type { RecordingWorkerApi } from './recording-protocol.ts';

const spawn = (): WorkerLike =>
  new Worker(new URL('../../workers/recording.worker.ts', import.meta.url), {
    type: 'module',
    name: 'recording',
  });

/** A file of recordings that has been read. */
export interface RecordingFile {
  readonly list: readonly RecordingSummary[];
  get(index: number): Promise<Recording>;
  close(): void;
}

/** Reads a file. @throws RankscopeError 'bad-input' for what cannot be read, 'worker' when its worker dies */
export async function openRecordingFile(
  bytes: Uint8Array,
  file: string,
  start: () => WorkerLike = spawn,
): Promise<RecordingFile> {
  const connection = new WorkerConnection<RecordingWorkerApi>('recording', start);
  try {
    const list = await connection.load((remote) =>
      remote.open(Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]), file),
    );
    return {
      list,
      get: (index) => connection.call((remote) => remote.get(index) as Promise<Recording>),
      close: () => connection.terminate(),
    };
  } catch (error) {
    connection.terminate();
    throw error;
  }
}
