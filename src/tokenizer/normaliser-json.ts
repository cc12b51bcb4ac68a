/**
 * Text before it is split into pieces: the same steps twice, once as the `normalizer` of a Hugging
 * Face tokenizer.json and once as a function for the text that SentencePiece is trained on.
 * `agreement.ts` checks that both give the same pieces.
 */

/** Typographic characters that mean the same as their typewriter form; an 8k vocabulary has no room for both. */
const plain: readonly (readonly [from: string, to: string])[] = [
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201c', '"'],
  ['\u201d', '"'],
  ['\u2013', '-'],
  ['\u2014', '-'],
];

/** The `normalizer` section: plain quotes and dashes, NFKD, no accents, lower case. */
export const normalizerJson = {
  type: 'Sequence',
  normalizers: [
    ...plain.map(([from, to]) => ({ type: 'Replace', pattern: { String: from }, content: to })),
    { type: 'NFKD' },
    { type: 'StripAccents' },
    { type: 'Lowercase' },
  ],
} as const;

/** What `normalizerJson` does, and white space made single blanks so that the text fits one line. */
export function normaliseForVocabulary(text: string): string {
  let result = text;
  for (const [from, to] of plain) result = result.replaceAll(from, to);
  return result.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();
}
