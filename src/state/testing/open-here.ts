import { openRecordings, summarise } from '../../formats/recording/open.ts';
import type { OpenFile } from '../recording/opened.ts';

/** In place of the worker that reads recordings. */
export const openHere: OpenFile = async (bytes, name) => {
  const read = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes;
  const recordings = openRecordings(read, name);
  return { list: summarise(recordings), get: async (i) => recordings[i]!, close: () => {} };
};
