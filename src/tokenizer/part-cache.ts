/**
 * Token ids of the parts of a prompt, kept by part: a ranking puts the same passages into many prompts, and looking
 * a passage up is faster than looking up its words. Exact where parts meet at a single space, for the space belongs
 * to the word behind it; where they do not, nothing is said.
 */

/** Parts kept, and their characters all together: a few megabytes at most. */
const PARTS = 4_000;
const CHARACTERS = 4_000_000;
const SPACE = 32;

export class PartCache {
  /** By whether a space goes before the part, and whether its last one is left to the next. null: no plain text. */
  private readonly known = [0, 1, 2, 3].map(() => new Map<string, Int32Array | null>());
  private characters = 0;
  private readonly encode: (text: string) => readonly number[] | null;

  /** @param encode the ids of a plain text; null for a text whose words are not independent of each other */
  constructor(encode: (text: string) => readonly number[] | null) {
    this.encode = encode;
  }

  /** The ids of the parts one after the other and `end` behind them; undefined where they cannot be found part by part. */
  join(parts: readonly string[], end: number): Int32Array | undefined {
    const found: Int32Array[] = [];
    let length = 0;
    let isHeld = false;
    for (let p = 0; p < parts.length; p++) {
      const text = parts[p]!;
      if (text === '') continue;
      const begins = text.charCodeAt(0) === SPACE;
      // Two spaces are not plain text, none is in the middle of a word.
      if (found.length > 0 && isHeld === begins) return undefined;
      const holds = text.charCodeAt(text.length - 1) === SPACE && this.hasMore(parts, p);
      const own = this.part(text, isHeld, holds);
      if (!own) return undefined;
      found.push(own);
      length += own.length;
      isHeld = holds;
    }
    const ids = new Int32Array(length + 1);
    let at = 0;
    for (const own of found) {
      ids.set(own, at);
      at += own.length;
    }
    ids[length] = end;
    return ids;
  }

  private hasMore(parts: readonly string[], after: number): boolean {
    for (let p = after + 1; p < parts.length; p++) if (parts[p] !== '') return true;
    return false;
  }

  private part(text: string, spaced: boolean, holds: boolean): Int32Array | null {
    const map = this.known[(spaced ? 1 : 0) + (holds ? 2 : 0)]!;
    let ids = map.get(text);
    if (ids !== undefined) return ids;
    const whole = spaced ? ` ${text}` : text;
    const told = text.includes('  ') ? null : this.encode(holds ? whole.slice(0, -1) : whole);
    ids = told && Int32Array.from(told);
    this.keep(map, text, ids);
    return ids;
  }

  /** Takes over what is known already: the ids of a plain text behind a space, with none at its end. */
  putSpaced(text: string, ids: readonly number[]): void {
    const map = this.known[1]!;
    if (!map.has(text)) this.keep(map, text, Int32Array.from(ids));
  }

  private keep(map: Map<string, Int32Array | null>, text: string, ids: Int32Array | null): void {
    const size = this.known.reduce((sum, one) => sum + one.size, 0);
    if (size >= PARTS || this.characters + text.length > CHARACTERS) {
      for (const one of this.known) one.clear();
      this.characters = 0;
    }
    map.set(text, ids);
    this.characters += text.length;
  }
}
