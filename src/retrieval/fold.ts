/** Folding: the spellings of a word that searchers take for the same become the same term. */

/** Letters that Unicode does not decompose but readers fold; the rest is NFKD's work. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i'],
  ['ς', 'σ'],
]);
const SPECIAL = new RegExp(`[${[...LETTERS.keys()].join('')}]`, 'g');

/**
 * Marks that are taken off: accents, Hebrew points, Arabic vowel signs and the tatweel. Not all of
 * \p{M}: the vowels of Indian scripts and the voicing of kana are marks too, and make other words.
 */
const DIACRITICS =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;

const INVISIBLE =
  /[\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\ufe00-\ufe0f]/g;

/** Lower case, compatibility forms made plain (ﬁ → fi, Ａ → a), diacritics off. Idempotent. */
export function foldTerm(term: string): string {
  const lower = term.toLowerCase();
  if (isAscii(lower)) return lower;
  // Lower case again: a compatibility form may decompose to a capital (ℝ → R).
  return lower
    .normalize('NFKD')
    .toLowerCase()
    .replace(INVISIBLE, '')
    .replace(DIACRITICS, '')
    .normalize('NFC')
    .replace(SPECIAL, (letter) => LETTERS.get(letter) ?? letter);
}

/** Without folding only what cannot be seen is levelled: composition and invisible characters. */
export function plainTerm(term: string): string {
  return isAscii(term) ? term : term.replace(INVISIBLE, '').normalize('NFC');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
