/** Character encodings: the ones a user can choose, and what bytes that are not UTF-8 look like. */

/** Encodings by the names that TextDecoder knows, with the names people read. */
export const ENCODINGS = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252 (Western)',
  macintosh: 'Mac Roman (Western)',
  'iso-8859-15': 'ISO 8859-15 (Western)',
  'windows-1250': 'Windows-1250 (Central European)',
  'iso-8859-2': 'ISO 8859-2 (Central European)',
  'windows-1257': 'Windows-1257 (Baltic)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'koi8-r': 'KOI8-R (Cyrillic)',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
  shift_jis: 'Shift_JIS (Japanese)',
  'euc-jp': 'EUC-JP (Japanese)',
  'iso-2022-jp': 'ISO-2022-JP (Japanese)',
  gb18030: 'GB18030 (Chinese)',
  big5: 'Big5 (Chinese)',
  'euc-kr': 'EUC-KR (Korean)',
} as const;

export type Encoding = keyof typeof ENCODINGS;

const ALIASES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  utf16: 'utf-16le',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  cp1252: 'windows-1252',
  latin1: 'windows-1252',
  'latin-1': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  sjis: 'shift_jis',
  'shift-jis': 'shift_jis',
  gbk: 'gb18030',
  gb2312: 'gb18030',
};

/** The encoding of this name, as people write it; undefined where it is not one of ours. */
export function encodingOf(name: string): Encoding | undefined {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(ENCODINGS, key) ? (key as Encoding) : ALIASES[key];
}

/** The short name, without the script in brackets. */
export const encodingName = (encoding: Encoding): string => ENCODINGS[encoding].replace(/ \(.*/, '');

/** Unicode of the bytes 0x80–0x9f in Windows-1252; 0 where the encoding has nothing. */
const HIGH_1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
  0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
  0x0153, 0, 0x017e, 0x0178,
];

const TO_UNICODE = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 && byte < 0xa0 ? HIGH_1252[byte - 0x80] || byte : byte,
);

/**
 * Windows-1252 as text. By a table, because some releases of Node read the bytes 0x80–0x9f as Latin-1;
 * the five that mean nothing become the control characters of their number, as everywhere on the web.
 */
export function decode1252(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) units[i] = TO_UNICODE[bytes[i]!]!;
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
}

/** Where the first byte lies that Windows-1252 gives no meaning; −1 where there is none. */
export function undefinedIn1252(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80 && byte < 0xa0 && HIGH_1252[byte - 0x80] === 0) return i;
  }
  return -1;
}

/** What can stand between two letters in Western text: quotation marks, dashes, dots, spaces, the soft hyphen. */
const BETWEEN_LETTERS = new Set([
  0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0xa0, 0xab, 0xad, 0xb4, 0xb7, 0xbb,
]);
/** Letters that Western text has seldom, and that text in other encodings makes of theirs: Š Œ Ž š ž Ð Ý Þ ð ý þ ƒ. */
const SELDOM = new Set([0x83, 0x8a, 0x8c, 0x8e, 0x9a, 0x9e, 0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe]);
/** Signs that stand beside ASCII in Western text, and beside each other in other encodings: ¢ ¤ ¥ ¦ ¨ ¬ ¯ ± ² ³ µ ¶ ¸ ¹ ¼ ½ ¾. */
const ALONE = new Set([
  0xa2, 0xa4, 0xa5, 0xa6, 0xa8, 0xac, 0xaf, 0xb1, 0xb2, 0xb3, 0xb5, 0xb6, 0xb8, 0xb9, 0xbc, 0xbd, 0xbe,
]);
const A_TILDE = [0xc3, 0xe3];
const O_TILDE = [0xd5, 0xf5];

const isAscii = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
const isHighLetter = (byte: number): boolean =>
  (byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7) ||
  [0x83, 0x8a, 0x8c, 0x8e, 0x9a, 0x9c, 0x9e, 0x9f].includes(byte);
const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && (isAscii(byte) || isHighLetter(byte));

/** ¤ ¦ ¨ ¯ ¸. */
const BEFORE_NO_LETTER = new Set([0xa4, 0xa6, 0xa8, 0xaf, 0xb8]);
const isHighSign = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x80 && !isHighLetter(byte);

/**
 * Whether bytes that are not UTF-8 are certainly Western text in Windows-1252 (or Latin-1, its part). Letters
 * of other scripts come in runs, or fall between letters on signs such as ³ and ¶ (Polish, Japanese), or on
 * letters that Western languages hardly have (Czech, Turkish, Baltic); õ without ã is Hungarian as often as
 * Estonian. Whatever shows one of these is left to the user.
 * @param before the byte in front of these, where there is one
 */
export function isCertainly1252(bytes: Uint8Array, before?: number): boolean {
  if (undefinedIn1252(bytes) >= 0) return false;
  let run = 0;
  let high = 0;
  let seldom = 0;
  let aTilde = 0;
  let oTilde = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80) {
      run = 0;
      // Control characters that text has not.
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) return false;
      continue;
    }
    if (isHighLetter(byte)) {
      high++;
      if (++run >= 3) return false;
      if (SELDOM.has(byte)) seldom++;
      if (A_TILDE.includes(byte)) aTilde++;
      if (O_TILDE.includes(byte)) oTilde++;
      continue;
    }
    run = 0;
    const last = i === 0 ? before : bytes[i - 1];
    const next = bytes[i + 1];
    // ‚ and „ open a quotation; after a letter they are part of another script's character.
    if ((byte === 0x82 || byte === 0x84) && (isLetter(last) || isHighSign(next))) return false;
    // Signs that stand before no word: in other encodings they are its first letter.
    if (BEFORE_NO_LETTER.has(byte) && isLetter(next)) return false;
    if (ALONE.has(byte) && ((last ?? 0) > 0xa0 || (next ?? 0) > 0xa0)) return false;
    if (!BETWEEN_LETTERS.has(byte) && isLetter(last) && isLetter(next)) return false;
  }
  return seldom * 20 <= high && oTilde <= aTilde;
}

/**
 * UTF-16 without a mark, where it is certain: there are NULs, and as text in one of the two byte orders, and not in
 * the other, it has spaces or line ends, no control characters and nothing that is not a character. (The NULs need not
 * be high halves: 一, 가 and the ideographic space have a low half of nought.)
 */
export function guessUtf16(sample: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const nuls = sample.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);
  if (nuls * 200 < sample.length) return undefined;
  const whole = sample.subarray(0, sample.length - (sample.length % 2));
  const fitting = (['utf-16le', 'utf-16be'] as const).filter((encoding) => {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(whole, { stream: true });
      return /[ \n]/.test(text) && !/[\u0000-\u0008\u000e-\u001f\u007f]|\p{Cn}/u.test(text);
    } catch {
      return false;
    }
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Of the bytes above 0x7f: how many characters are UTF-8, how many bytes are not, and where the first of those is. */
export interface Utf8Census {
  readonly valid: number;
  readonly invalid: number;
  readonly firstInvalid: number;
  /** The last character is cut off; it is counted neither way. */
  readonly isCut: boolean;
}

export function censusUtf8(bytes: Uint8Array): Utf8Census {
  let valid = 0;
  let invalid = 0;
  let firstInvalid = -1;
  let isCut = false;
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i]!;
    if (lead < 0x80) {
      i++;
      continue;
    }
    const length =
      lead >= 0xf0 && lead <= 0xf4
        ? 4
        : lead >= 0xe0 && lead < 0xf0
          ? 3
          : lead >= 0xc2 && lead < 0xe0
            ? 2
            : 0;
    let seen = 1;
    while (seen < length && isContinuation(lead, seen, bytes[i + seen])) seen++;
    if (length > 0 && seen === length) {
      valid++;
      i += length;
    } else if (length > 0 && i + seen === bytes.length) {
      isCut = true;
      i = bytes.length;
    } else {
      if (invalid++ === 0) firstInvalid = i;
      i++;
    }
  }
  return { valid, invalid, firstInvalid, isCut };
}

/** The second byte has narrower bounds after some leads (The Unicode Standard, table 3-7). */
function isContinuation(lead: number, place: number, byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const least = place === 1 && lead === 0xe0 ? 0xa0 : place === 1 && lead === 0xf0 ? 0x90 : 0x80;
  const most = place === 1 && lead === 0xed ? 0x9f : place === 1 && lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= least && byte <= most;
}
