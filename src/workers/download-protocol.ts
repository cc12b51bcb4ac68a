/**
 * The calls between the page and the download worker, which finds, fetches and keeps models. One of a kind: it goes on
 * while the page ranks. Errors of downloads come as news, since a download outlives the call that began it.
 */
import type { ErrorData } from '../errors.ts';
import type { BlobFile } from '../sources/blob-folder.ts';
import type { LocalModel } from '../sources/local-files.ts';
import type { Found } from '../sources/look-up.ts';
import type { Use } from '../sources/usable.ts';
import type { Room } from '../storage/models/file-store.ts';
import type { Progress } from '../storage/models/get-model.ts';
import type { ModelRecord, NewModel } from '../storage/models/model-record.ts';
import type { Waiting } from '../waiting.ts';

export type { BlobFile, Found, LocalModel, NewModel, Progress, Room, Use, Waiting };

/** On disk it outlives the page; in memory it does not. */
export type Place = 'disk' | 'memory';

export interface StoredModel extends ModelRecord {
  readonly place: Place;
  /** Bytes that are there. */
  readonly held: number;
  /** Can be used; otherwise it is a download to go on with. */
  readonly whole: boolean;
}

export type DownloadState =
  | { readonly status: 'running'; readonly progress: Progress }
  /** Also after a reload: what had come by then is there. `elsewhere`: another tab is fetching it. */
  | { readonly status: 'paused'; readonly progress: Progress; readonly elsewhere?: boolean }
  | { readonly status: 'failed'; readonly progress: Progress; readonly error: ErrorData };

export interface Library {
  readonly models: readonly StoredModel[];
  /** False where the browser has no storage for files: models last until the page is closed. */
  readonly persistent: boolean;
  readonly room: Room | null;
}

export type DownloadNews =
  /** null: it is over, and the library says with what result. */
  { readonly id: string; readonly state: DownloadState | null } | { readonly library: Library };

export interface GetRequest {
  readonly found: Found;
  /** One of `found.uses`. */
  readonly use: Use;
  /** Absent: on disk where the browser can. */
  readonly place?: Place;
  /** Where it was dropped or picked: what `found` was made of. */
  readonly local?: LocalModel;
}

export interface DownloadWorkerApi {
  /** First of all: `onNews` is called from now on. Removes what a crash has left, and fetches nothing. */
  open(onNews: (news: DownloadNews) => void): Promise<Library>;
  /** A newer look-up cancels the one before. @param hub address of the hub for plain ids. */
  lookUp(text: string, hub: string, onWait: (waiting: Waiting | null) => void): Promise<Found>;
  lookInto(local: LocalModel): Promise<Found>;
  cancelLookUp(): void;
  /** Fetches or copies what is not there yet; settles when that is over, however it ended. */
  get(request: GetRequest): Promise<void>;
  /** Stops and keeps what has come. */
  pause(id: string): Promise<void>;
  /** Goes on, in another place if one is given. */
  resume(id: string, place?: Place): Promise<void>;
  /** Stops and removes what has come. */
  cancel(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  removeAll(): Promise<void>;
  /**
   * Of a whole model. Those of a checkpoint are held to its card when it is opened; all others are held to their digests
   * here, once in the worker's life. @throws RankscopeError 'missing' where one was removed or altered.
   */
  files(id: string): Promise<readonly BlobFile[]>;
  /** Keeps a model that was made elsewhere (a conversion without storage of its own), in place of one of the same id. */
  put(about: NewModel, files: readonly BlobFile[], place?: Place): Promise<void>;
}
