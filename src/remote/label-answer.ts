/** Reads labels (A or B, Yes or No) from a chat's answer: from its tokens' log-probabilities, or from its words. */

/** A token that was written, with the most probable ones at its place. */
export interface TokenChoice {
  readonly token: string;
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

/** Words stand for certainty: the label that was written against all others. */
export const CERTAIN = 100;

/**
 * Logs of the labels' probabilities at the place where the answer names one of them: spellings of a label (“A”, “ a”,
 * “"A"”) together. A label that is not among those listed gets half of the least probability listed: less than any of
 * them, and no more is known. Undefined where no place names a label.
 * @param prefix what the answer may say before its label, e.g. `passage`
 */
export function labelsFromTokens(
  tokens: readonly TokenChoice[],
  labels: readonly string[],
  prefix: string,
): number[] | undefined {
  let before = '';
  const thought = tokens.findLastIndex(({ token }) => token.includes('</think>'));
  for (const { token, top } of tokens.slice(thought + 1)) {
    const here = placeOf(token, labels);
    if (here >= 0 && isBefore(before, prefix)) {
      const least = Math.min(...top.map(({ logprob }) => logprob).filter(Number.isFinite));
      if (!Number.isFinite(least)) return undefined;
      return labels.map((_, label) => {
        const own = top.filter((one) => placeOf(one.token, labels) === label && Number.isFinite(one.logprob));
        return own.length === 0 ? least - Math.LN2 : logSum(own.map(({ logprob }) => logprob));
      });
    }
    before += token;
  }
  return undefined;
}

/**
 * The same from words: CERTAIN for the one label that is named, 0 for the others. Undefined where none is, or several
 * are: “Passage A and Passage B” decides nothing. An answer that begins with a label has named it.
 */
export function labelsFromWords(
  text: string,
  labels: readonly string[],
  prefix: string,
): number[] | undefined {
  const words: string[] = withoutThoughts(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  if (prefix !== '' && same(words[0] ?? '', prefix)) words.shift();
  const first = placeOf(words[0] ?? '', labels);
  // “a” is a word of English wherever it does not begin the answer: single letters keep their case.
  const says = (label: string) =>
    words.some((word) => (label.length > 1 ? same(word, label) : word === label));
  const named = labels.flatMap((label, i) => (says(label) ? [i] : []));
  const found = first >= 0 ? first : named.length === 1 ? named[0] : undefined;
  return found === undefined ? undefined : labels.map((_, i) => (i === found ? CERTAIN : 0));
}

/** What a reasoning model wrote to itself is no answer. */
export const withoutThoughts = (text: string): string =>
  text.replaceAll(/<think>[\s\S]*?(?:<\/think>|$)/g, '').trim();

/** Which label a token spells; −1 for none. */
const placeOf = (token: string, labels: readonly string[]): number =>
  labels.findIndex((label) => same(bare(token), label));

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Without what stands around a word. SentencePiece and byte-level vocabularies write a space as ▁ or Ġ. */
const bare = (token: string): string => token.replaceAll(/^[\s▁Ġ"'“”‘’*([{]+|[\s"'“”‘’*.,:;)\]}]+$/gu, '');

/** Whether nothing but the prefix, or nothing, was said so far. */
function isBefore(said: string, prefix: string): boolean {
  const letters = said.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  return letters === '' || letters === prefix.replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** Log of a sum of exponentials. */
function logSum(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
