/**
 * What a character means for cutting text into terms. Unicode's own properties decide; the answers
 * are kept in a table, because an index of 60 MB of text asks 60 million times.
 */

/** Parts terms: white space, punctuation, symbols, control characters. */
export const SEPARATOR = 1;
/** Letter or digit of a script that parts words by spaces. */
export const WORD = 2;
/** Combining mark: continues what comes before it and never begins a term. */
export const MARK = 3;
/** Invisible inside a word: soft hyphen, joiners, direction marks. */
export const IGNORABLE = 4;
/** Ideograph: a term by itself. */
export const IDEOGRAPH = 5;
/** Letter of a script written without spaces (kana, Thai, Lao, Khmer, Myanmar): terms are pairs. */
export const UNSPACED = 6;
/** Emoji and other pictographs: a term by itself. */
export const PICTOGRAPH = 7;
/** Half of a flag: two make a term. */
export const REGIONAL = 8;
/**
 * Hangul syllable: terms are pairs too. Korean parts its words by spaces, but particles and endings are
 * written onto them (서울, 서울은, 서울에서).
 */
export const HANGUL = 9;

export type CharacterClass = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

const LETTER = /[\p{L}\p{N}]/u;
const SCRIPTS: readonly (readonly [RegExp, CharacterClass])[] = [
  // Kana before Han: the prolonged sound mark ー and the iteration marks belong to both.
  [/[\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]/u, UNSPACED],
  [/\p{scx=Han}/u, IDEOGRAPH],
  [/\p{scx=Hang}/u, HANGUL],
];
/** Vowels and final consonants of decomposed Hangul: they go on with the consonant before them. */
const JAMO_REST = /[\u1160-\u11ff\ud7b0-\ud7fb]/;
const IGNORED = /[\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u;

function classify(codePoint: number): CharacterClass {
  const character = String.fromCodePoint(codePoint);
  if (JAMO_REST.test(character)) return MARK;
  if (LETTER.test(character)) {
    if (/\p{N}/u.test(character))
      return /\p{scx=Han}/u.test(character) && codePoint > 0x2fff ? IDEOGRAPH : WORD;
    for (const [pattern, kind] of SCRIPTS) if (pattern.test(character)) return kind;
    return WORD;
  }
  if (/\p{M}/u.test(character)) return MARK;
  if (IGNORED.test(character)) return IGNORABLE;
  if (/\p{Regional_Indicator}/u.test(character)) return REGIONAL;
  if (/\p{Extended_Pictographic}/u.test(character)) return PICTOGRAPH;
  return SEPARATOR;
}

/** Answers for the basic plane; 0 = not asked yet. */
const basicPlane = new Uint8Array(0x10000);
const beyond = new Map<number, CharacterClass>();

/** The class of a code point; a lone surrogate is a separator. */
export function characterClass(codePoint: number): CharacterClass {
  if (codePoint < 0x10000) {
    const known = basicPlane[codePoint];
    if (known) return known as CharacterClass;
    const kind = classify(codePoint);
    basicPlane[codePoint] = kind;
    return kind;
  }
  let kind = beyond.get(codePoint);
  if (kind === undefined) {
    kind = classify(codePoint);
    beyond.set(codePoint, kind);
  }
  return kind;
}
