/**
 * A fast, synchronous 64-bit hash of text for cache keys. Not cryptographic: it guards against
 * accidents (two different passages of one user), not against people who look for collisions.
 */

/** Two 32-bit multiplicative lanes over UTF-16 code units, mixed as in MurmurHash3; 16 hex digits. */
export function hashText(text: string): string {
  let low = 0x9e3779b9 ^ text.length;
  let high = 0x85ebca6b ^ text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    low = (low << 13) | (low >>> 19);
    high = Math.imul(high ^ unit, 0x5bd1e995);
    high = (high << 15) | (high >>> 17);
  }
  // Each half of the result depends on both lanes.
  const first = finish(low ^ Math.imul(high, 0xcc9e2d51));
  const second = finish(high ^ Math.imul(first, 0x1b873593));
  return hex(first) + hex(second);
}

/** Hash of a list of fields; ["ab", "c"] and ["a", "bc"] differ. */
export function hashFields(fields: readonly (string | number)[]): string {
  return hashText(JSON.stringify(fields));
}

/** MurmurHash3's 32-bit finaliser: a bijection, so it loses nothing. */
function finish(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
