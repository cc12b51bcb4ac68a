/**
 * SentencePiece's precompiled character map: what its normaliser does to a text. A trie (darts-clone's
 * double array) maps sequences of bytes to places in a list of texts that end in 0; at each place of
 * the text the longest sequence found is replaced, and a character of which none is found stays.
 *
 * Source: Normalizer::DecodePrecompiledCharsMap and NormalizePrefix in SentencePiece.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes; the longest of nmt_nfkc has 33 (one Arabic ligature). */
const LONGEST_TEXT = 1024;

export class Charsmap {
  private readonly units: Uint32Array;
  private readonly texts: Uint8Array;

  /** @throws Error that says why the bytes are no such map (a sentence without its subject). */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 8) throw new Error('is too short');
    const size = view.getUint32(0, true);
    if (size === 0 || size % 4 !== 0 || size > bytes.length - 4)
      throw new Error('gives its trie a wrong size');
    // A copy of its own begins at a multiple of four bytes.
    this.units = new Uint32Array(bytes.slice(4, 4 + size).buffer);
    this.texts = bytes.subarray(4 + size);
    if (this.texts.length > 0 && this.texts.at(-1) !== 0) throw new Error('ends within a text');
  }

  /**
   * A text as SentencePiece's normaliser maps it, before it looks at spaces.
   * @throws Error when the trie leads out of the map.
   */
  normalise(text: string): string {
    const bytes = encoder.encode(text);
    let result = '';
    for (let at = 0; at < bytes.length; ) {
      const { length, value } = this.longest(bytes, at);
      if (length > 0) {
        result += this.textAt(value);
        at += length;
      } else {
        const end = at + lengthOfCharacter(bytes[at]!);
        result += decoder.decode(bytes.subarray(at, end));
        at = end;
      }
    }
    return result;
  }

  /** The longest sequence of the trie that begins at `at`; length 0 when there is none. */
  private longest(bytes: Uint8Array, at: number): { length: number; value: number } {
    let node = offsetOf(this.unit(0));
    let found = { length: 0, value: 0 };
    for (let i = at; i < bytes.length; i++) {
      const byte = bytes[i]!;
      node ^= byte;
      // A byte that no sequence has may lead anywhere, also behind the end.
      const unit = this.units[node >>> 0];
      if (unit === undefined || labelOf(unit) !== byte) break;
      node ^= offsetOf(unit);
      if (((unit >>> 8) & 1) === 1) found = { length: i - at + 1, value: this.unit(node) & 0x7fffffff };
    }
    return found;
  }

  private unit(at: number): number {
    const unit = this.units[at >>> 0];
    if (unit === undefined) throw new Error('has a trie that leads out of it');
    return unit;
  }

  private textAt(start: number): string {
    // Only so much is looked at: what a damaged map points to may go on for megabytes.
    const text = this.texts.subarray(start, start + LONGEST_TEXT);
    const end = text.indexOf(0);
    if (end < 0) throw new Error('has a trie that leads out of its texts');
    try {
      return decoder.decode(text.subarray(0, end));
    } catch {
      throw new Error('has a text that is not UTF-8');
    }
  }
}

// A unit of darts-clone: bit 31 marks a value, bits 10 to 30 are the offset (bit 9: times 256), bit 8
// says that a sequence ends here, bits 0 to 7 are the byte.
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const offsetOf = (unit: number): number => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;

function lengthOfCharacter(first: number): number {
  if (first < 0x80) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
