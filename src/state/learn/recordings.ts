/** The runs that are shipped with the samples, for lessons: fetched when a lesson wants one, and read once. */
import { openRecordings } from '../../formats/recording/open.ts';
import type { Recording } from '../../formats/recording/recording.ts';

/** Samples with a recording of their first question. */
export const RECORDED_SAMPLES = {
  town: 'Town services FAQ',
  immunity: 'Immunity and vaccines',
  kitchen: 'Home cooking and food chemistry',
  'night-sky': 'The night sky',
  bicycles: 'How bicycles work and are mended',
} as const;

export type RecordedSample = keyof typeof RECORDED_SAMPLES;

export const isRecordedSample = (id: string): id is RecordedSample => Object.hasOwn(RECORDED_SAMPLES, id);

const read = new Map<string, Promise<Recording>>();

/** @throws Error with a sentence where it cannot be fetched; the next call tries again */
export function sampleRecording(id: RecordedSample): Promise<Recording> {
  let reading = read.get(id);
  if (!reading) {
    reading = fetched(`samples/recordings/${id}.rankscope.json.gz`);
    read.set(id, reading);
    reading.catch(() => read.delete(id));
  }
  return reading;
}

async function fetched(path: string): Promise<Recording> {
  const answer = await fetch(new URL(path, document.baseURI)).catch(() => undefined);
  if (!answer?.ok) throw new Error(`${path} could not be fetched. Is the network still there?`);
  return firstRecording(new Uint8Array(await answer.arrayBuffer()), path);
}

/**
 * The first recording in a file's bytes. In the page itself: a few kilobytes are read before a worker would have begun.
 * @throws RankscopeError 'bad-input' naming the file
 */
export const firstRecording = (bytes: Uint8Array, file: string): Recording => openRecordings(bytes, file)[0]!;
