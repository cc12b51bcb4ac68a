/**
 * Unpacks gzip as it arrives. By pako and not by DecompressionStream, which refuses files of several parts
 * (what `cat a.gz b.gz`, bgzip and pigz write) in browsers; pako checks lengths and checksums, too.
 */
import { Inflate } from 'pako';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Packed bytes that are handed over at once: at most a thousandfold comes out of them. */
const SLICE = 16 * 1024;

const TRAILING = 'data that is not gzip follows the end of the gzip file';

/** What is wrong with a packed file, as a clause without its full stop. */
export class GzipFault extends Error {}

export class GzipReader {
  #inflate = fresh();
  #done = false;

  /** Yields what the bytes unpack to. @throws GzipFault */
  *push(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += SLICE) yield* this.#slice(bytes.subarray(at, at + SLICE));
  }

  /** @throws GzipFault when the end is missing */
  finish(): void {
    if (!this.#done) throw new GzipFault('the gzip file is cut off before its end');
  }

  *#slice(bytes: Uint8Array): Generator<Uint8Array> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#done) {
        // Zeros fill up blocks on tapes and disks; otherwise another part begins.
        const start = rest.findIndex((byte) => byte !== 0);
        if (start < 0) return;
        if (rest[start] !== 0x1f)
          throw new GzipFault('data that is not gzip follows the end of the gzip file');
        rest = rest.subarray(start);
        this.#inflate = fresh();
        this.#done = false;
      }
      const { inflate, taken } = this.#inflate;
      inflate.push(rest);
      if (inflate.err) {
        // zlib's words where another part should begin.
        if (inflate.msg === 'incorrect header check') throw new GzipFault(TRAILING);
        // What was unpacked before the fault is not handed on: it may be part of it.
        throw new GzipFault(`the gzip file is damaged (${inflate.msg || `zlib error ${inflate.err}`})`);
      }
      yield* taken.splice(0);
      if (!inflate.ended) return;
      this.#done = true;
      rest = rest.subarray(rest.length - this.#inflate.left());
    }
  }
}

function fresh() {
  const taken: Uint8Array[] = [];
  // windowBits 31: gzip and nothing else.
  const inflate = new Inflate({ windowBits: 31 });
  let stream = { avail_in: 0 };
  inflate.onStart = (strm) => {
    stream = strm;
  };
  inflate.onData = (chunk) => {
    taken.push(chunk);
  };
  inflate.onEnd = () => {};
  return { inflate, taken, left: () => stream.avail_in };
}
