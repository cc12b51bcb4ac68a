/** Pinned runs in IndexedDB: each as the file that it would be shared as, gzipped, so that it is read with a file's checks. */

import * as v from 'valibot';
import type { Recording } from '../../formats/recording/recording.ts';
import { writeRecordingLine } from '../../formats/recording/write.ts';
import { keyIn } from '../../storage/copies.ts';
import type { Records } from '../../storage/records.ts';
import { openRecordingFile } from '../../workers/recording-client.ts';
import { notify } from '../notices.ts';
import type { OpenFile } from '../recording/opened.ts';
import { MOST_PINS, restorePins, usePinned } from '../recording/pinned.ts';
import { listUpTo, orNull, readAs } from './shapes.ts';

const VERSION = 1;
/** A gzipped run of 100 candidates takes less than 1 MB. */
const MOST_BYTES = 8_000_000;

const isPack = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && value.byteLength <= MOST_BYTES;
/** What is no pack is null, and the others stay. */
const record = v.object({
  version: v.literal(VERSION),
  pins: listUpTo(MOST_PINS, orNull(v.custom<Uint8Array>(isPack))),
});

const key = (copy: string): string => keyIn(copy, 'pins');

export class KeptPins {
  readonly #records: Records;
  readonly #open: OpenFile;
  readonly #packed = new WeakMap<Recording, Uint8Array>();
  /** Until they have been read nothing is written over them. */
  #read = false;
  /** What is being written; the next follows it. */
  #writing: Promise<void> = Promise.resolve();
  #told = false;

  /** @param open reads a file; the page does it in a worker */
  constructor(records: Records, open: OpenFile = openRecordingFile) {
    this.#records = records;
    this.#open = open;
  }

  /** Puts back what a copy of the page has pinned, before what was pinned meanwhile. */
  async restore(copy: string): Promise<void> {
    try {
      const saved = await this.#records.get('run', key(copy));
      if (saved === undefined) return;
      const found: Recording[] = [];
      let lost = 0;
      const packs = readAs(record, saved)?.pins;
      if (!packs) lost = 1;
      else for (const pack of packs) lost += pack && (await this.#unpack(pack, found)) ? 0 : 1;
      if (lost > 0) {
        notify(
          'warning',
          'Pinned runs of your last visit could not be read and were dropped. Nothing else was.',
        );
      }
      restorePins(found);
    } finally {
      this.#read = true;
    }
  }

  /** Writes the pinned runs of now. */
  write(copy: string): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      if (!this.#read) return;
      const { pins } = usePinned.getState();
      const packs: Uint8Array[] = [];
      for (const { recording } of pins) packs.push(await this.#pack(recording));
      const kept = packs.filter(isPack);
      if (kept.length < packs.length && !this.#told) {
        this.#told = true;
        notify('warning', 'A pinned run is too large to be kept: it lasts until the page is closed.');
      }
      if (kept.length === 0) await this.#records.delete('run', key(copy));
      else await this.#records.put('run', key(copy), { version: VERSION, pins: kept });
    });
    return this.#writing;
  }

  forget(copy: string): Promise<void> {
    return this.#records.delete('run', key(copy));
  }

  async #pack(recording: Recording): Promise<Uint8Array> {
    const known = this.#packed.get(recording);
    if (known) return known;
    const text = new Blob([writeRecordingLine(recording)]);
    const gzipped = new Response(text.stream().pipeThrough(new CompressionStream('gzip')));
    const pack = new Uint8Array(await gzipped.arrayBuffer());
    this.#packed.set(recording, pack);
    return pack;
  }

  /** False where it cannot be read. */
  async #unpack(pack: Uint8Array, found: Recording[]): Promise<boolean> {
    try {
      // The worker takes the bytes away.
      const file = await this.#open(pack.slice(), 'A pinned run');
      try {
        const recording = await file.get(file.list[0]!.index);
        this.#packed.set(recording, pack);
        found.push(recording);
      } finally {
        file.close();
      }
      return true;
    } catch {
      return false;
    }
  }
}
