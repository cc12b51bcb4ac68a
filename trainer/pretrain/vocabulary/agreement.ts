/** Does the converted tokenizer give the ids that SentencePiece gives? */
import type { Tokenizer } from '@huggingface/tokenizers';
import { normaliseForVocabulary } from '../../../src/tokenizer/normaliser-json.ts';
import { encodeIds } from './sentencepiece.ts';

export interface Agreement {
  readonly lines: number;
  readonly equal: number;
  /** The first few that differ, for people. */
  readonly differences: readonly string[];
}

/** Compares on `texts`; texts that hold a marker are left out: SentencePiece does not know markers. */
export function checkAgreement(
  tokenizer: Tokenizer,
  model: string,
  texts: readonly string[],
  markers: readonly string[],
): Agreement {
  const spaced = markers.map((marker) => marker.replace('▁', ' '));
  const lines = texts
    .map(normaliseForVocabulary)
    .filter((line) => line !== '' && !spaced.some((marker) => ` ${line}`.includes(marker)));
  const expected = encodeIds(model, lines);
  const differences: string[] = [];
  let equal = 0;
  lines.forEach((line, i) => {
    const ids = tokenizer.encode(line).ids.slice(0, -1);
    if (ids.join() === expected[i]?.join()) equal++;
    else if (differences.length < 5)
      differences.push(`${line}\n  ${ids.join(' ')}\n  ${expected[i]?.join(' ')}`);
  });
  return { lines: lines.length, equal, differences };
}
