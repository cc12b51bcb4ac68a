/**
 * A fixed hash of a text to [0, 1): every split is a pure function of names, so that it is the same
 * on every machine, in every run and whatever else is added to a collection.
 */

/** FNV-1a (32 bit) over UTF-16 code units from `basis`, finished with murmur3's mixer. */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) for a text; `salt` makes independent draws from the same text. */
export function fraction(text: string, salt: string): number {
  return hash32(`${salt}\u0000${text}`) / 2 ** 32;
}

/** Two hashes from different bases: an integer below 2 ** 53, for sets where 32 bits collide too often. */
export function hash53(text: string): number {
  return hash32(text) * 2 ** 21 + (hash32(text, 0x2f0b4a27) >>> 11);
}
