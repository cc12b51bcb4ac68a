/**
 * One way from the bytes of a file to its text, for every kind of input in page and trainer: gzip by its
 * first bytes; the encoding by a byte order mark, by validity, or by the user's choice; never a character
 * replaced. Streaming: the result does not depend on how the bytes are cut, and memory stays small.
 */
import { binaryShare } from './clean.ts';
import {
  censusUtf8,
  decode1252,
  type Encoding,
  encodingName,
  guessUtf16,
  isCertainly1252,
  undefinedIn1252,
} from './encodings.ts';
import { badInput } from './excerpt.ts';
import { GzipFault, GzipReader, isGzip } from './gzip.ts';
import { isTar, notText, SAVE, startsWith, TAR } from './not-text.ts';

/** How a file was opened. */
export interface Opened {
  readonly gzip: boolean;
  readonly encoding: Encoding;
  /** 'mark': a byte order mark says so. 'content': the bytes are valid in it. 'choice': the user's. */
  readonly by: 'mark' | 'content' | 'choice';
}

export interface OpenOptions {
  /** Names the input in errors. */
  readonly file: string;
  /** Read as this, unless a byte order mark says otherwise. */
  readonly encoding?: Encoding | undefined;
  /** Read as this where the input has no mark and is not UTF-8, instead of judging by its bytes. */
  readonly otherwise?: Encoding | undefined;
  /** Most bytes after unpacking; absent: no bound. */
  readonly maxBytes?: number;
  /** What to do about an encoding that cannot be determined; a sentence. */
  readonly advice?: string;
}

/** "gzip, Windows-1252", where there is anything to say of how a file was opened; undefined for plain UTF-8. */
export function describeOpened({ gzip, encoding }: Opened): string | undefined {
  const parts = [...(gzip ? ['gzip'] : []), ...(encoding === 'utf-8' ? [] : [encodingName(encoding)])];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** The text of a whole file that lies in memory. @throws RankscopeError 'bad-input' */
export function openText(bytes: Uint8Array, options: OpenOptions): { text: string; opened: Opened } {
  const opener = new TextOpener(options);
  const text = [...opener.push(bytes), ...opener.finish()].join('');
  return { text, opened: opener.opened };
}

const MARKS: readonly (readonly [mark: readonly number[], encoding: Encoding])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** Bytes at the start that are looked at together. */
const HEAD = 64 * 1024;
/** Bytes that the encoding is judged by, from the first that is not ASCII. */
const WINDOW = 256 * 1024;
const MAX_PIECE = 1 << 20;

export class TextOpener {
  readonly #options: OpenOptions;
  #gzip: GzipReader | undefined;
  /** The first bytes, until there are enough to know gzip by; undefined after that. */
  #first: Uint8Array | undefined = new Uint8Array(0);
  #bytes = 0;
  readonly #text: TextReader;

  constructor(options: OpenOptions) {
    this.#options = options;
    this.#text = new TextReader(options);
  }

  /** How the input is read, as far as is known: final after `finish`. */
  get opened(): Opened {
    return { gzip: this.#gzip !== undefined, ...this.#text.taken };
  }

  /** Yields text as it becomes known. @throws RankscopeError 'bad-input' naming file, line (if there is one) and reason */
  *push(bytes: Uint8Array): Generator<string> {
    if (this.#first) {
      this.#first = joined([this.#first, bytes]);
      if (this.#first.length < 2) return;
      yield* this.#begin();
    } else {
      yield* this.#unpack(bytes);
    }
  }

  /** Ends the input; yields what was held back. @throws as push */
  *finish(): Generator<string> {
    if (this.#first) yield* this.#begin();
    this.#guarded(() => this.#gzip?.finish());
    yield* this.#text.finish();
  }

  *#begin(): Generator<string> {
    const start = this.#first!;
    this.#first = undefined;
    if (isGzip(start)) this.#gzip = new GzipReader();
    yield* this.#unpack(start);
  }

  *#unpack(bytes: Uint8Array): Generator<string> {
    if (!this.#gzip) {
      yield* this.#plain(bytes);
      return;
    }
    const unpacked = this.#gzip.push(bytes);
    for (;;) {
      const next = this.#guarded(() => unpacked.next());
      if (next.done) return;
      yield* this.#plain(next.value);
    }
  }

  *#plain(bytes: Uint8Array): Generator<string> {
    this.#bytes += bytes.length;
    const { maxBytes, file } = this.#options;
    if (maxBytes !== undefined && this.#bytes > maxBytes) {
      const unpacked = this.#gzip ? ' when unpacked' : '';
      const most = `${Math.round(maxBytes / 1e6).toLocaleString('en')} MB`;
      throw badInput(file, undefined, `it is larger than ${most}${unpacked}. Use a part of it.`);
    }
    for (let at = 0; at < bytes.length; at += MAX_PIECE) {
      yield* this.#text.push(bytes.subarray(at, at + MAX_PIECE));
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof GzipFault)) throw error;
      throw badInput(this.#options.file, undefined, `${error.message}. Download or compress it again.`);
    }
  }
}

type Decode = (bytes: Uint8Array, isLast: boolean) => string;

/** Unpacked bytes to text. */
class TextReader {
  readonly #options: OpenOptions;
  taken: { encoding: Encoding; by: Opened['by'] } = { encoding: 'utf-8', by: 'content' };
  #stage: 'head' | 'ascii' | 'window' | 'known' = 'head';
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #decode: Decode | undefined;
  /** The last byte before the window: what a sign follows says what it is. */
  #before: number | undefined;
  /** Line ends in the text handed on. */
  #lines = 0;

  constructor(options: OpenOptions) {
    this.#options = options;
  }

  *push(bytes: Uint8Array): Generator<string> {
    if (bytes.length === 0) return;
    if (this.#stage === 'ascii') yield* this.#ascii(bytes);
    else if (this.#stage === 'known') yield this.#out(bytes, false);
    else {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
      if (this.#heldBytes >= (this.#stage === 'head' ? HEAD : WINDOW)) yield* this.#settle(false);
    }
  }

  *finish(): Generator<string> {
    if (this.#is('head')) yield* this.#settle(true);
    if (this.#is('window')) yield* this.#settle(true);
    if (this.#is('known')) yield this.#out(new Uint8Array(0), true);
  }

  #is(stage: 'head' | 'window' | 'known'): boolean {
    return this.#stage === stage;
  }

  *#settle(isEnd: boolean): Generator<string> {
    const bytes = joined(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    if (this.#stage === 'head') yield* this.#judgeHead(bytes);
    else yield* this.#judgeWindow(bytes, isEnd);
  }

  *#judgeHead(bytes: Uint8Array): Generator<string> {
    const marked = MARKS.find(([mark]) => startsWith(bytes, mark));
    const other = notText(bytes);
    if (other) throw this.#error(undefined, other);
    const head = bytes.subarray(0, HEAD);
    if (marked) this.#know(marked[1], 'mark');
    else if (this.#options.encoding) this.#know(this.#options.encoding, 'choice');
    else {
      const utf16 = head.includes(0) ? guessUtf16(head) : undefined;
      if (utf16) this.#know(utf16, 'content');
      else if (this.#options.otherwise && (head.includes(0) || head.includes(ESCAPE))) {
        this.#know(this.#options.otherwise, 'choice');
      }
    }
    if (this.#decode) {
      this.#stage = 'known';
      const text = this.#out(bytes.subarray(marked?.[0].length ?? 0), false);
      this.#refuseBinary(text);
      yield text;
      return;
    }
    if (isTar(bytes)) throw this.#error(undefined, TAR);
    const shift = head.includes(ESCAPE) ? SHIFT.exec(latin1(head)) : null;
    if (shift) {
      const line = 1 + lineEnds(latin1(head.subarray(0, shift.index)));
      throw this.#error(line, `its bytes look like ISO-2022-JP or a relative of it. ${this.#advice()}`);
    }
    this.#refuseBinary(String.fromCharCode(...head.subarray(0, 4096)));
    this.#stage = 'ascii';
    yield* this.#ascii(bytes);
  }

  /** All encodings that are left agree on ASCII: it is handed on at once, what follows is judged together. */
  *#ascii(bytes: Uint8Array): Generator<string> {
    let end = 0;
    while (end < bytes.length && bytes[end]! < 0x80) end++;
    if (end > 0) this.#before = bytes[end - 1];
    if (end > 0) yield this.#counted(new TextDecoder().decode(bytes.subarray(0, end)));
    if (end === bytes.length) return;
    this.#stage = 'window';
    yield* this.push(bytes.subarray(end));
  }

  *#judgeWindow(bytes: Uint8Array, isEnd: boolean): Generator<string> {
    // However the bytes were cut, the same ones are judged.
    const window = bytes.subarray(0, WINDOW);
    const isWhole = isEnd && window.length === bytes.length;
    const { valid, invalid, firstInvalid, isCut } = censusUtf8(window);
    if (invalid === 0 && !(isCut && isWhole)) this.#know('utf-8', 'content');
    else if (this.#options.otherwise) this.#know(this.#options.otherwise, 'choice');
    // A rare pair of Western letters happens to be a character in UTF-8.
    else if (invalid > 0 && valid * 50 <= invalid && isCertainly1252(window, this.#before))
      this.#know('windows-1252', 'content');
    else throw this.#notUtf8(window, firstInvalid, valid > invalid);
    this.#stage = 'known';
    yield this.#out(bytes, false);
  }

  #know(encoding: Encoding, by: Opened['by']): void {
    this.taken = { encoding, by };
    if (encoding === 'windows-1252') {
      this.#decode = (bytes) => {
        const at = by === 'content' ? undefinedIn1252(bytes) : -1;
        if (at >= 0) throw this.#notUtf8(bytes, at, false);
        return decode1252(bytes);
      };
      return;
    }
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.#decode = (bytes, isLast) => {
      try {
        return isLast ? decoder.decode(bytes) : decoder.decode(bytes, { stream: true });
      } catch {
        if (encoding === 'utf-8') throw this.#notUtf8(bytes, isLast ? -1 : firstFault(bytes), true);
        const name = encodingName(encoding);
        throw this.#error(
          undefined,
          `it is not valid ${name}${isLast ? ' at its end' : ''}. ${this.#advice()}`,
        );
      }
    };
  }

  #out(bytes: Uint8Array, isLast: boolean): string {
    return this.#counted(this.#decode!(bytes, isLast));
  }

  #counted(text: string): string {
    this.#lines += lineEnds(text);
    return text;
  }

  #refuseBinary(text: string): void {
    if (binaryShare(text) > 0.1) throw this.#error(undefined, `it is not plain text. ${SAVE}`);
  }

  #notUtf8(bytes: Uint8Array, at: number, isMixed: boolean): Error {
    if (at < 0) {
      return this.#error(
        this.#lines + 1 + lineEnds(latin1(bytes)),
        `it ends in the middle of a character. ${this.#advice()}`,
      );
    }
    const line = this.#lines + 1 + lineEnds(latin1(bytes.subarray(0, at)));
    const byte = `0x${bytes[at]!.toString(16).toUpperCase()}`;
    const reason = isMixed
      ? `the byte ${byte} is not UTF-8, though the text around it is`
      : `the byte ${byte} is not UTF-8, and the encoding cannot be determined`;
    return this.#error(line, `${reason}. ${this.#advice()}`);
  }

  #advice(): string {
    return this.#options.advice ?? 'Save it as UTF-8.';
  }

  #error(line: number | undefined, reason: string): Error {
    return badInput(this.#options.file, line, reason);
  }
}

/** Begins the shifts of ISO-2022 encodings, which are ASCII otherwise. */
const ESCAPE = 0x1b;
const SHIFT = /\u001b\$[@AB()]/;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Only for counting: bytes as characters of the same number. */
const latin1 = (bytes: Uint8Array): string => decode1252(bytes);

/** Where a piece of UTF-8 goes wrong that may begin within a character. */
function firstFault(bytes: Uint8Array): number {
  let start = 0;
  while (start < 3 && (bytes[start]! & 0xc0) === 0x80) start++;
  const { firstInvalid } = censusUtf8(bytes.subarray(start));
  return firstInvalid < 0 ? 0 : start + firstInvalid;
}
