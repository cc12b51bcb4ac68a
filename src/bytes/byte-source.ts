/**
 * Bytes and folders as the core sees them. Files of Node, HTTP ranges, Blobs, OPFS and memory stand behind the same
 * two ports, so that what reads weights, tokenizers and checkpoints is written once for the page and the trainer.
 */

/** A Blob as far as the core may know it; Files and OPFS files are Blobs, too. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): BlobLike;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface FileDigest {
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

/** Bytes that can be read in pieces: a file, a part of one, an entry of an archive, a remote file. */
export interface ByteSource {
  /** For messages: a path or an address. */
  readonly name: string;
  readonly size: number;
  /**
   * Where a runtime finds the bytes by itself, so that large weights need not pass through memory here: a file's path
   * in Node, a Blob (an OPFS file is one) in the browser. Absent: nowhere.
   */
  readonly place?: string | BlobLike;
  /** Exactly the bytes asked for. @throws RankscopeError 'bad-checkpoint' when the source ends before. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The bytes [start, end) in pieces, each valid until the next is asked for, each but the last a multiple of 8. */
  pieces(start: number, end: number): AsyncGenerator<Uint8Array>;
  /** SHA-256 (hex) of all of it, where the platform has a faster way than reading the pieces. */
  sha256?(): Promise<string>;
  close(): Promise<void>;
}

export interface FolderFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  /** Hex, where the folder knows it beforehand (a card, the hub's tree). */
  readonly sha256?: string;
}

/** A folder that can be read, wherever it lies. */
export interface FolderReader {
  /** For messages: ends in `/` where it is a path or an address. */
  readonly name: string;
  /** All files, those of sub-folders included. @throws RankscopeError 'missing' or 'network'. */
  list(signal?: AbortSignal): Promise<readonly FolderFile[]>;
  /** @throws RankscopeError 'missing' (no such file) or 'network'. */
  open(path: string, signal?: AbortSignal): Promise<ByteSource>;
}

/** A file that is being written, front to back. */
export interface ByteSink {
  /** Resolves when the bytes are taken; the caller may reuse them then. @throws RankscopeError 'storage'. */
  write(bytes: Uint8Array): Promise<void>;
  /** Everything is on disk when this resolves. @returns what was written. */
  close(): Promise<FileDigest>;
}

/** A folder that is being written: nothing of it can be seen before `commit`. */
export interface FolderWriter {
  readonly name: string;
  create(path: string): Promise<ByteSink>;
  /** A file whose sink was closed, to look at it before `commit`. */
  open(path: string): Promise<ByteSource>;
  /** The whole appears at once. */
  commit(): Promise<void>;
  /** Removes what was written; safe to call at any time before `commit`. */
  discard(): Promise<void>;
}
