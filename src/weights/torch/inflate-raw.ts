/** Deflated data unpacked into memory, never more of it than is said to be there. */
import { Inflate } from 'pako';

/** Packed bytes that are handed over at once: at most a thousandfold comes out of them. */
const SLICE = 16 * 1024;

/**
 * @param most bytes that may come out
 * @throws Error whose message is a clause without its full stop
 */
export function inflateRaw(packed: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(most);
  let size = 0;
  const inflate = new Inflate({ raw: true });
  inflate.onData = (piece) => {
    const bytes = piece as Uint8Array;
    if (size + bytes.length > most) throw new Error(`more than ${most} bytes come out of it`);
    out.set(bytes, size);
    size += bytes.length;
  };
  inflate.onEnd = () => {};
  for (let at = 0; at < packed.length && !inflate.ended; at += SLICE) {
    inflate.push(packed.subarray(at, at + SLICE), false);
    if (inflate.err) throw new Error(inflate.msg || `error ${inflate.err}`);
  }
  if (!inflate.ended) throw new Error('it ends too early');
  return out.subarray(0, size);
}
