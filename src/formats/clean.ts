/**
 * What is taken out of passages before they are shown, counted and scored: control characters say
 * nothing, cannot be seen, and break tokenizers and exports.
 */

const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]/;
// With the u flag a surrogate class matches only surrogates without their partner.
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

export interface CleanCounts {
  /** Control characters removed. */
  controls: number;
  /** Halves of a character (lone surrogates) replaced by U+FFFD. */
  broken: number;
}

/**
 * A text without C0 control characters other than tab and newline and without DEL; vertical tab,
 * form feed and carriage return become a space or newline, since they part words. Lone surrogates
 * become U+FFFD. Emoji, right-to-left text and all other characters are left alone. Adds to `counts`.
 */
export function cleanText(text: string, counts: CleanCounts): string {
  if (!SUSPECT.test(text)) return text.trim();
  const clean = text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (c) => {
      counts.controls++;
      return c === '\u000b' || c === '\u000c' ? ' ' : '';
    })
    .replace(LONE_SURROGATE, () => {
      counts.broken++;
      return '\ufffd';
    });
  return clean.trim();
}

/** Share of characters in a sample that text files do not have: NUL, other controls, U+FFFD. */
export function binaryShare(sample: string): number {
  if (sample.length === 0) return 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 12) || code === 0xfffd) odd++;
  }
  return odd / sample.length;
}
