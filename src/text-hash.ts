/**
 * A short name for a text, computed at once (crypto.subtle is asynchronous). 53 bits: good to tell
 * a person's passages apart, not to withstand an adversary. Method: cyrb53, two multiplicative
 * 32-bit hashes with a cross-mixed finish (public domain).
 */

/** Texts longer than this are sampled, so that hashing 100 MB does not block the page. */
const WHOLE = 400_000;

export function textHash(text: string): string {
  return text.length <= WHOLE ? cyrb53(text, 0) : cyrb53(sample(text), text.length);
}

/** Both ends, and one unit in every step between them. */
function sample(text: string): string {
  const edge = WHOLE / 4;
  const step = Math.ceil((text.length - 2 * edge) / edge);
  let middle = '';
  for (let at = edge; at < text.length - edge; at += step) middle += text[at];
  return text.slice(0, edge) + middle + text.slice(-edge);
}

function cyrb53(text: string, seed: number): string {
  let h1 = 0xdeadbeef ^ seed;
  let h2 = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ unit, 2654435761);
    h2 = Math.imul(h2 ^ unit, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return (4294967296 * (2097151 & h2) + (h1 >>> 0)).toString(36);
}
