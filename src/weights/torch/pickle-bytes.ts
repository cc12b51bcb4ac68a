/** The bytes of a pickle, read in order; every error says where. */

import { bad } from '../../bytes/byte-errors.ts';
import type { RankscopeError } from '../../errors.ts';

/** Names of modules and classes are short. */
const LONGEST_LINE = 1024;
/** The longest whole number that means anything here is torch's magic number, of 10 bytes. */
const LONGEST_NUMBER = 16;

export class PickleBytes {
  at = 0;
  /** Where the instruction began that is being read. */
  began = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly source: string;

  constructor(bytes: Uint8Array, source: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.source = source;
  }

  /** `what` the pickle does wrong, and a sentence of advice without its full stop. */
  error(what: string, advice?: string): RankscopeError {
    const more = advice === undefined ? '' : `. ${advice}`;
    return bad(this.source, `its pickle ${what} at byte ${this.began}${more}`);
  }

  opcode(): number {
    this.began = this.at;
    return this.u8();
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  /** A length of 8 bytes. */
  u64(): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(this.bytes.length)) throw this.error('is truncated');
    return Number(value);
  }

  f64(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** A signed whole number of `length` bytes; a bigint where a number would lose digits. */
  long(length: number): number | bigint {
    if (length > LONGEST_NUMBER) throw this.error(`holds a number of ${length} bytes`);
    const bytes = this.slice(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    const signed = BigInt.asIntN(Math.max(8, 8 * length), value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  slice(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.slice(length));
    } catch (error) {
      if (error instanceof TypeError) throw this.error('holds a text that is not UTF-8');
      throw error;
    }
  }

  /** Up to the next line feed. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0 || end - this.at > LONGEST_LINE) throw this.error('is damaged');
    const line = this.text(end - this.at);
    this.at++;
    return line;
  }

  private take(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) throw this.error('is truncated');
    this.at += length;
    return start;
  }
}
