/** Where the bytes of models are kept: flat files by name, in the browser's own file system or in memory. */
import { RankscopeError } from '../../errors.ts';

/** A file that is written at its end. Nobody else has it open for writing. */
export interface WritableFile {
  readonly size: number;
  /**
   * Adds all of the bytes or none.
   * @throws RankscopeError 'storage' when there is no room for them
   */
  append(bytes: Uint8Array): void;
  /** Exactly the bytes asked for, which must be there. */
  read(start: number, length: number): Uint8Array;
  truncate(size: number): void;
  /** What was written is on disk when this returns. */
  flush(): void;
  close(): void;
}

/** A file's bytes by reference. */
export type StoredBlob = Blob & {
  /** Another number after every write to the file: milliseconds since 1970 on disk, a count in memory. */
  readonly lastModified: number;
};

export interface Room {
  /** Bytes in use by this page's origin, and what the browser says it may use: an estimate, not a promise. */
  readonly used: number;
  readonly quota: number;
}

export interface FileStore {
  /** Whether files outlive the page. */
  readonly persistent: boolean;
  /** Opens for writing; a new file is empty. @throws RankscopeError 'storage' when it is open elsewhere, or refused. */
  open(name: string): Promise<WritableFile>;
  /** undefined when there is no such file. */
  blob(name: string): Promise<StoredBlob | undefined>;
  /** A file that is not there is removed already. */
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
  /** undefined where nobody knows. */
  room(): Promise<Room | undefined>;
}

/** The browser has no more room. `details.full` is true: memory may be offered instead. */
export function full(written?: number, wanted?: number): RankscopeError {
  return new RankscopeError('storage', 'The browser’s storage is full.', { full: true, written, wanted });
}

export function refused(error: unknown): RankscopeError {
  if (error instanceof RankscopeError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'QuotaExceededError') return full();
  if (name === 'NoModificationAllowedError') {
    return new RankscopeError('storage', 'The file is being written in another tab of this page.', {
      busy: true,
    });
  }
  return new RankscopeError('storage', `The browser’s storage refuses to work (${message || name}).`);
}
