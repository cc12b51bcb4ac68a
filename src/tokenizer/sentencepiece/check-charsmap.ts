/**
 * Whether the library's normaliser does what a SentencePiece model's own does.
 *
 * The library (@huggingface/tokenizers) does not read character maps: whatever the map, it applies
 * T5's, nmt_nfkc, in JavaScript's own words. A model with another map (one that lower-cases, say) would
 * get wrong ids in silence, so the two are compared character by character before it is accepted.
 */

import { PrecompiledNormalizer } from '@huggingface/tokenizers';
import { messageOf } from '../../errors.ts';
import { Charsmap } from './charsmap.ts';
import type { SentencePieceModel } from './model.ts';
import { damaged, unusable } from './proto-reader.ts';

/** Below this code point (alphabets and punctuation) every character must come out the same. */
const COMMON = 0x3000;
/** Behind Hangul and the full-width forms come the supplementary planes; those of CJK map nothing but this. */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x1, 0xd7ff],
  [0xe000, 0x1ffff],
  [0x2f800, 0x2fa1f],
];
/**
 * Rare characters that may differ: compatibility forms that Unicode got after the model was made, which
 * its map leaves as they are. T5's own map differs in 172 from Unicode 15.
 */
const MOST_NEW = 1_000;

/**
 * SentencePiece of today keeps the invisible joiner of emoji; that of T5's days, and the library, make
 * it a space. Models of today are taken in spite of it: only texts with such emoji get other tokens.
 */
const JOINER = 0x200d;

/** Combinations of characters that normalisers compose. */
const COMBINED = ['e\u0301', 'A\u030a', 'o\u0302\u0301', '\u1112\u1161\u11ab', '\u304b\u3099', 'ｶﾞ'];

/** @throws RankscopeError 'bad-input' naming a character and what becomes of it. */
export function checkCharsmap({ path, normalizer }: SentencePieceModel): void {
  if (normalizer.charsmap.length === 0) return;
  const theirs = readMap(() => new Charsmap(normalizer.charsmap));
  const ours = new PrecompiledNormalizer({ type: 'Precompiled', precompiled_charsmap: '' });
  let rare = 0;
  const compare = (text: string, common: boolean) => {
    const mapped = readMap(() => theirs.normalise(text));
    if (mapped === ours.normalize(text)) return;
    if (!common && ++rare <= MOST_NEW) return;
    const named = normalizer.name === '' ? '' : ` (${shown(normalizer.name)})`;
    throw unusable(
      path,
      `its normaliser${named} turns ${shown(text)} into ${shown(mapped)}, and T5's, nmt_nfkc, the only one known here, ` +
        `into ${shown(ours.normalize(text))}: the model would get wrong tokens`,
    );
  };
  for (const text of COMBINED) compare(text, true);
  for (const [first, last] of RANGES) {
    for (let code = first; code <= last; code++)
      compare(String.fromCodePoint(code), code < COMMON && code !== JOINER);
  }

  function readMap<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const why = messageOf(error);
      throw damaged(path, `its character map ${why}`);
    }
  }
}

/** A text for people: what cannot be seen as its code points. */
function shown(text: string): string {
  const visible = text.slice(0, 40).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  return `“${visible}”`;
}
