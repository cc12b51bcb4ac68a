/** What the page knows of models elsewhere and in its storage: the look-up, the downloads, what is stored. */
import { create } from 'zustand';
import type { ErrorData } from '../../errors.ts';
import { PUBLIC_HUB } from '../../sources/address.ts';
import type { ConvertProgress } from '../../workers/convert-protocol.ts';
import type {
  BlobFile,
  DownloadState,
  Found,
  LocalModel,
  NewModel,
  Room,
  StoredModel,
  Waiting,
} from '../../workers/download-protocol.ts';
import type { KnownModel } from './known-models.ts';

/** Of an original that is stored here: what it is being made into takes its place when it is whole. */
export type Conversion =
  /** `progress` null: the worker starts. */
  | {
      readonly status: 'running';
      readonly progress: ConvertProgress | null;
      readonly secondsLeft?: number;
    }
  | { readonly status: 'failed'; readonly error: ErrorData };

export type LookUp =
  | { readonly status: 'idle' }
  | { readonly status: 'looking'; readonly waiting: Waiting | null }
  /** `local` where it was dropped or picked. */
  | { readonly status: 'found'; readonly found: Found; readonly local?: LocalModel }
  | { readonly status: 'failed'; readonly error: ErrorData };

export interface LibraryState {
  /** null until it has been read. */
  readonly known: readonly KnownModel[] | null;
  readonly knownError: ErrorData | null;
  /** Text box “Model”. */
  readonly text: string;
  /** Text box “Hub address”, as typed. */
  readonly hub: string;
  /** What is wrong with it. */
  readonly hubError: ErrorData | null;
  readonly lookUp: LookUp;
  /** By model id; one that has ended well is among `stored` only. */
  readonly downloads: Readonly<Record<string, DownloadState>>;
  /** By the original's id; one that has ended well is among `stored`, in the original's place. */
  readonly conversions: Readonly<Record<string, Conversion>>;
  /** null until the worker has looked. Partial ones are here too: `whole` tells. */
  readonly stored: readonly StoredModel[] | null;
  /** Why what is stored cannot be seen. */
  readonly storedError: ErrorData | null;
  /** False: models last until the page is closed. */
  readonly persistent: boolean;
  readonly room: Room | null;
}

export const emptyLibrary: LibraryState = {
  known: null,
  knownError: null,
  text: '',
  hub: PUBLIC_HUB,
  hubError: null,
  lookUp: { status: 'idle' },
  downloads: {},
  conversions: {},
  stored: null,
  storedError: null,
  persistent: true,
  room: null,
};

export const useLibrary = create<LibraryState>()(() => emptyLibrary);

/** Bytes of all models, partial ones too, what has come of those that are on their way included. */
export const bytesStored = ({ stored, downloads }: Pick<LibraryState, 'stored' | 'downloads'>): number =>
  stored?.reduce((sum, { id, held }) => sum + Math.max(held, downloads[id]?.progress.bytes ?? 0), 0) ?? 0;

/** What a screen asks for. All but `files` put what goes wrong into the store, and reject never. */
export interface LibraryActions {
  /** To be called where models are shown: sees what is stored and reads the catalogue. Asks no other host. */
  open(): Promise<void>;
  setText(text: string): void;
  setHub(text: string): void;
  /** Looks up what the text box says, or the text given. */
  lookUp(text?: string): Promise<void>;
  /** A folder or zip that was dropped or picked; what is wrong with it is the look-up's error. */
  lookInto(local: LocalModel | Promise<LocalModel>): Promise<void>;
  cancelLookUp(): void;
  /**
   * Fetches the found model for one of its uses (the first by default), and converts it where that is needed. The caller
   * has the user’s consent.
   */
  download(use?: number, place?: 'disk' | 'memory'): Promise<void>;
  pause(id: string): Promise<void>;
  /** Goes on after a pause, an error or a reload; with 'memory' where storage is full. */
  resume(id: string, place?: 'disk' | 'memory'): Promise<void>;
  cancel(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  removeAll(): Promise<void>;
  /** Makes a checkpoint of an original that is stored whole, in its place; in memory where storage is full. */
  convert(id: string, place?: 'disk' | 'memory'): Promise<void>;
  /** Nothing is left of it but the original. */
  cancelConversion(id: string): void;
  /** Of a whole model, for the workers that convert and score. @throws RankscopeError 'missing' or 'worker'. */
  files(id: string): Promise<readonly BlobFile[]>;
  /** Keeps a model that was made in the page, in place of one of the same id. @throws RankscopeError 'storage' or 'worker' */
  put(about: NewModel, files: readonly BlobFile[]): Promise<void>;
}

let current: LibraryActions | undefined;

export function installLibrary(actions: LibraryActions | undefined): void {
  current = actions;
}

function real(): LibraryActions {
  if (!current) throw new Error('The library has not been started: call startPlayground() first.');
  return current;
}

export const library: LibraryActions = {
  open: () => real().open(),
  setText: (text) => real().setText(text),
  setHub: (text) => real().setHub(text),
  lookUp: (text) => real().lookUp(text),
  lookInto: (local) => real().lookInto(local),
  cancelLookUp: () => real().cancelLookUp(),
  download: (use, place) => real().download(use, place),
  pause: (id) => real().pause(id),
  resume: (id, place) => real().resume(id, place),
  cancel: (id) => real().cancel(id),
  remove: (id) => real().remove(id),
  removeAll: () => real().removeAll(),
  convert: (id, place) => real().convert(id, place),
  cancelConversion: (id) => real().cancelConversion(id),
  files: (id) => real().files(id),
  put: (about, files) => real().put(about, files),
};
