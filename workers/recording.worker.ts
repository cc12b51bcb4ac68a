/** Reads recordings: files of many queries are large, and only one query is looked at at a time. */
import { openRecordings, summarise } from '../src/formats/recording/open.ts';
import type { Recording } from '../src/formats/recording/recording.ts';
import type { RecordingWorkerApi } from '../src/workers/recording-protocol.ts';
import { exposeWorker } from './expose.ts';

let recordings: readonly Recording[] = [];

const api: RecordingWorkerApi = {
  async open(bytes, file) {
    const read = openRecordings(bytes, file);
    recordings = read;
    return summarise(read);
  },
  async get(index) {
    const recording = recordings[index];
    if (!recording) throw new RangeError(`There is no recording ${index}.`);
    return recording;
  },
};

exposeWorker(api);
