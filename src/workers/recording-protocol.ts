/** The calls between the page and the worker that reads recordings. */
import type { RecordingSummary } from '../formats/recording/open.ts';
import type { Recording } from '../formats/recording/recording.ts';

export interface RecordingWorkerApi {
  /** Reads a file and keeps what is in it: the list of its queries, worst first. @throws RankscopeError 'bad-input' */
  open(bytes: Uint8Array, file: string): Promise<readonly RecordingSummary[]>;
  /** One of them, by its place in the file. */
  get(index: number): Promise<Recording>;
}
