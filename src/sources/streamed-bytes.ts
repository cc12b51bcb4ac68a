/** Bytes that can only be had from front to back (packed entries), as a source that is read by position. */
import type { ByteSource } from '../bytes/byte-source.ts';
import { PIECE } from '../bytes/piece-size.ts';
import { RankscopeError } from '../errors.ts';

/** Gives all bytes in order to `take`, which is waited for; ends with an error when the signal aborts. */
export type Pour = (take: (piece: Uint8Array) => Promise<void>, signal: AbortSignal) => Promise<void>;

/**
 * Reading forward goes on where it was; reading back begins again from the front. No more than what is asked for and one
 * piece is held.
 */
export function streamedBytes(name: string, size: number, pour: Pour): ByteSource {
  let cursor: Cursor | undefined;
  const read = async (start: number, length: number): Promise<Uint8Array<ArrayBuffer>> => {
    if (start < 0 || start + length > size) throw short(name, start + length);
    if (!cursor || cursor.at > start) {
      cursor?.stop();
      cursor = new Cursor(pour, name);
    }
    await cursor.skip(start - cursor.at);
    return cursor.take(length);
  };
  return {
    name,
    size,
    read,
    async *pieces(start, end) {
      const own = new Cursor(pour, name);
      try {
        await own.skip(start);
        while (own.at < end) yield await own.take(Math.min(PIECE, end - own.at));
        // The last piece is not the end: what comes of the checksum is heard there.
        if (end === size) await own.finish();
      } finally {
        own.stop();
      }
    },
    close: async () => cursor?.stop(),
  };
}

/** Turns what is pushed into something that is pulled. */
class Cursor {
  at = 0;
  readonly #name: string;
  readonly #stop = new AbortController();
  readonly #end: Promise<void>;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;
  #failure: unknown;
  /** Called when a piece or the end has come. */
  #arrived: () => void = () => {};
  /** Asks for the next piece. */
  #more: () => void = () => {};

  constructor(pour: Pour, name: string) {
    this.#name = name;
    this.#end = pour((piece) => this.#receive(piece), this.#stop.signal).then(
      () => this.#finish(),
      (error: unknown) => this.#finish(error),
    );
  }

  stop(): void {
    this.#stop.abort();
    this.#more();
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.next(left)).length;
  }

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    for (let got = 0; got < length; ) {
      const piece = await this.next(length - got);
      bytes.set(piece, got);
      got += piece.length;
    }
    return bytes;
  }

  /** At least one byte, at most so many. */
  async next(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) throw short(this.#name, this.at + 1);
      await this.#pull();
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.at += piece.length;
    return piece;
  }

  async finish(): Promise<void> {
    this.#more();
    await this.#end;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #pull(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
      this.#more();
    });
  }

  #receive(piece: Uint8Array): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    this.#rest = piece;
    const taken = new Promise<void>((resolve) => {
      this.#more = resolve;
    });
    this.#arrived();
    return taken;
  }

  #finish(error?: unknown): void {
    this.#ended = true;
    this.#failure = error;
    this.#arrived();
  }
}

const short = (name: string, end: number): RankscopeError =>
  new RankscopeError(
    'bad-checkpoint',
    `${name}: it ends before byte ${end}: the file is truncated or damaged.`,
    {
      file: name,
    },
  );
