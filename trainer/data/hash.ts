/**
 * A fixed hash of a text to [0, 1): every split is a pure function of names, so that it is the same
 * on every machine, in every run and whatever else is added to a collection.
 */

/** FNV-1a (32 bit) over UTF-16 code units, finished with murmur3's mixer. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
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
