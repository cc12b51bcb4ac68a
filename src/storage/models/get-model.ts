/** All files of a model, from the network or from what was dropped, onto a shelf. */
import type { FolderReader } from '../../bytes/byte-source.ts';
import { createDigest } from '../../bytes/sha256.ts';
import { RankscopeError, throwIfCancelled } from '../../errors.ts';
import type { Waiting } from '../../waiting.ts';
import { downloadFile, type FileWatch } from './download-file.ts';
import type { FileRecord, ModelRecord } from './model-record.ts';
import { RateMeter } from './rate.ts';
import type { Shelf } from './shelf.ts';

export interface Progress {
  /** Of the whole model. */
  readonly bytes: number;
  readonly total: number;
  /** That is being fetched. */
  readonly file?: string;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly waiting?: Waiting;
}

export interface GetWatch extends Omit<FileWatch, 'onProgress' | 'onWait'> {
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Fetches what is not whole yet, small files first, so that what is refused is refused early.
 * @throws RankscopeError as `downloadFile`; 'storage' says in `details.missing` how many bytes found no room.
 */
export async function downloadModel(shelf: Shelf, record: ModelRecord, watch: GetWatch = {}): Promise<void> {
  await getFiles(shelf, record, watch, async (file, parts) => {
    const { url, path, size, sha256, gitSha1, stored } = file;
    if (url === undefined) throw new RankscopeError('internal', `${path} has no address to be fetched from.`);
    const open = await shelf.store.open(stored);
    try {
      const job = { url, size, sha256, gitSha1, name: `${record.title}/${path}` };
      return await downloadFile(job, open, parts);
    } finally {
      open.close();
    }
  });
}

/** Copies a dropped folder or the entries of a zip. @throws RankscopeError also 'bad-checkpoint' for another digest. */
export async function copyModel(
  shelf: Shelf,
  record: ModelRecord,
  from: FolderReader,
  watch: GetWatch = {},
): Promise<void> {
  await getFiles(shelf, record, watch, async ({ path, size, sha256, stored }, { onProgress, signal }) => {
    const source = await from.open(path, signal);
    const open = await shelf.store.open(stored);
    try {
      open.truncate(0);
      const digest = await createDigest();
      for await (const piece of source.pieces(0, size)) {
        throwIfCancelled(signal);
        open.append(piece);
        digest.update(piece);
        onProgress?.(open.size);
      }
      const found = digest.hex();
      if (sha256 !== undefined && found !== sha256) {
        throw new RankscopeError(
          'bad-checkpoint',
          `${from.name}${path} was altered: its SHA-256 is not the one in ranker.json. Export or download the checkpoint again.`,
          { file: path },
        );
      }
      open.flush();
      return found;
    } finally {
      open.close();
      await source.close();
    }
  });
}

type GetFile = (file: FileRecord, watch: FileWatch) => Promise<string>;

async function getFiles(shelf: Shelf, record: ModelRecord, watch: GetWatch, get: GetFile): Promise<void> {
  const files = [...record.files].sort((a, b) => a.size - b.size);
  const there = new Map<string, number>();
  for (const { path, size, stored } of files) {
    there.set(path, Math.min(size, (await shelf.store.blob(stored))?.size ?? 0));
  }
  const sum = () => [...there.values()].reduce((all, bytes) => all + bytes, 0);
  await makeSureOfRoom(shelf, record, record.bytes - sum());
  const rate = new RateMeter();
  const report = (file?: string, waiting?: Waiting): void => {
    const bytes = sum();
    const secondsLeft = waiting ? undefined : rate.secondsLeft(record.bytes - bytes);
    const bytesPerSecond = waiting ? undefined : rate.bytesPerSecond;
    watch.onProgress?.({ bytes, total: record.bytes, file, bytesPerSecond, secondsLeft, waiting });
  };
  for (const file of files) {
    throwIfCancelled(watch.signal);
    const whole = file.done && there.get(file.path) === file.size;
    if (whole) continue;
    const { signal, sleep, stallMs, offline } = watch;
    try {
      await shelf.locks.hold(file.stored, async () => {
        const sha256 = await get(file, {
          signal,
          sleep,
          stallMs,
          offline,
          onProgress: (bytes) => {
            there.set(file.path, bytes);
            rate.add(sum());
            report(file.path);
          },
          onWait: (waiting) => {
            rate.restart();
            report(file.path, waiting ?? undefined);
          },
        });
        await shelf.commit(record.id, file.path, sha256).catch(async (error: unknown) => {
          // Nobody would look for it any more.
          await shelf.store.remove(file.stored).catch(() => {});
          throw error;
        });
      });
    } catch (error) {
      throw withMissing(error, record, record.bytes - sum());
    }
  }
  report();
}

/** The estimate is no promise either way, but what exceeds even that need not be tried. */
async function makeSureOfRoom(shelf: Shelf, record: ModelRecord, needed: number): Promise<void> {
  const room = await shelf.store.room();
  const missing = room ? needed - (room.quota - room.used) : 0;
  if (missing > 0) throw noRoom(record, missing);
}

function withMissing(error: unknown, record: ModelRecord, missing: number): unknown {
  const isFull = error instanceof RankscopeError && error.code === 'storage' && error.details.full === true;
  return isFull ? noRoom(record, missing) : error;
}

function noRoom({ title }: ModelRecord, missing: number): RankscopeError {
  const size = missing < 1e6 ? `${Math.ceil(missing / 1e3)} kB` : `${Math.ceil(missing / 1e6)} MB`;
  return new RankscopeError(
    'storage',
    `The browser’s storage is full: ${size} of ${title} find no room. Delete other models or free space on the disk, or keep the model in memory until the page is closed.`,
    { full: true, missing },
  );
}
