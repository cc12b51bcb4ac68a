/**
 * Protocol buffers, read field by field from bytes that nobody vouches for: every length is checked
 * before it is believed, nothing is allocated by what a file says, and every error names the byte.
 *
 * Source: the encoding at https://protobuf.dev/programming-guides/encoding
 */
import { RankscopeError } from '../../errors.ts';

/** One field of a message; which of the values is there follows from its wire type. */
export interface ProtoField {
  readonly number: number;
  /** Where its key stands in the file. */
  readonly at: number;
  /** Varint, its lowest 32 bits as a signed number: enough for int32, bool and enum. */
  readonly int?: number;
  readonly float?: number;
  readonly bytes?: Uint8Array;
}

const LONGEST_VARINT = 10;

export class ProtoReader {
  private at = 0;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private readonly path: string;
  /** Where `bytes` begins in the file. */
  private readonly base: number;

  constructor(bytes: Uint8Array, path: string, base = 0) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.path = path;
    this.base = base;
  }

  /**
   * The fields in order, those of 64 bits without a value (SentencePiece has none).
   * @throws RankscopeError 'bad-input' when the bytes are not a message, or end within a field.
   */
  *fields(): Generator<ProtoField> {
    while (this.at < this.bytes.length) {
      const at = this.base + this.at;
      const key = this.varint(at);
      const number = key >>> 3;
      const wire = key & 7;
      if (number === 0) throw this.error(at, 'has a field with number 0');
      if (wire === 0) yield { number, at, int: this.varint(at) };
      else if (wire === 2) yield { number, at, bytes: this.delimited(at) };
      else if (wire === 5) yield { number, at, float: this.view.getFloat32(this.take(4, at), true) };
      else if (wire === 1) {
        this.take(8, at);
        yield { number, at };
      } else throw this.error(at, `has a field of the unknown wire type ${wire}`);
    }
  }

  /** The message inside a field. */
  inside(field: ProtoField): ProtoReader {
    const bytes = this.bytesOf(field);
    return new ProtoReader(bytes, this.path, this.base + bytes.byteOffset - this.bytes.byteOffset);
  }

  bytesOf(field: ProtoField): Uint8Array {
    if (field.bytes) return field.bytes;
    throw this.error(field.at, `has a number in field ${field.number}, where text or a message belongs`);
  }

  intOf(field: ProtoField): number {
    if (field.int !== undefined) return field.int;
    throw this.error(field.at, `has no whole number in field ${field.number}, where one belongs`);
  }

  floatOf(field: ProtoField): number {
    if (field.float !== undefined) return field.float;
    throw this.error(field.at, `has no 32-bit number in field ${field.number}, where one belongs`);
  }

  textOf(field: ProtoField): string {
    try {
      return UTF8.decode(this.bytesOf(field));
    } catch (error) {
      if (error instanceof RankscopeError) throw error;
      throw this.error(field.at, `has a text in field ${field.number} that is not UTF-8`);
    }
  }

  /** `what` the file does wrong, from `at` on. */
  error(at: number, what: string): RankscopeError {
    return damaged(this.path, `it ${what} at byte ${at}`);
  }

  private delimited(at: number): Uint8Array {
    const length = this.varint(at) >>> 0;
    const start = this.take(length, at);
    return this.bytes.subarray(start, start + length);
  }

  private varint(at: number): number {
    let value = 0;
    for (let i = 0; i < LONGEST_VARINT; i++) {
      const byte = this.bytes[this.take(1, at)]!;
      if (i < 5) value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    throw this.error(at, `has a number of more than ${LONGEST_VARINT} bytes`);
  }

  private take(length: number, at: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) {
      throw this.error(at, 'ends in the middle of a field (truncated or damaged) that begins');
    }
    this.at = start + length;
    return start;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The error of a damaged spiece.model; `why` is a sentence without its full stop. */
export function damaged(path: string, why: string): RankscopeError {
  return unusable(path, `${why}. It is not a SentencePiece model, or it is damaged: download it again`);
}

/** The error of a spiece.model that is whole but cannot be used; `why` as above. */
export function unusable(path: string, why: string): RankscopeError {
  return new RankscopeError('bad-input', `${path}: ${why}.`, { file: path });
}
