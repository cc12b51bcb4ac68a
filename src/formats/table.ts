/**
 * Delimiter-separated records from a stream of lines: quoted fields may hold delimiters, doubled quotes
 * and line ends (RFC 4180). Written here and not left to a library because a record must know the line it
 * starts on, because a stray quote must cost one record, not the file, and because tab-separated files
 * need another rule: most are written without any quoting, and a quotation mark is part of their text.
 */

/** A quoted field that is still open after this many characters is taken for a stray quote. */
const MAX_RECORD = 4 * 1024 * 1024;
/** So many characters may be read again on account of stray quotes: keeps hostile input linear. */
const MAX_AGAIN = 32 * 1024 * 1024;

export interface RecordSink {
  /** A record and the line it starts on. */
  record(fields: string[], line: number): void;
  /** A quote opened in the record that starts on this line is never closed. Not with tabs. */
  unclosed(line: number): void;
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** A quoted field that has not been closed yet. */
interface OpenField {
  readonly parts: string[];
  /** Where it opens: the index of its line among the pending ones, and the place of its quote there. */
  readonly line: number;
  readonly at: number;
  /** Fields of the record before it. */
  readonly before: number;
}

/**
 * With tabs, a field is quoted only if it is so from end to end: a quote opens it, inner ones are doubled,
 * and the closing one stands directly before a tab or the line's end; any other quote is a character. With
 * other delimiters, a field that begins with a quote is quoted, and what follows the closing quote belongs
 * to it, as spreadsheets have it; but not over several lines, where the opening quote was a stray one.
 * Quotes that are escaped by a backslash are known by what follows them. Where the header has a space behind
 * every delimiter, so may the fields.
 */
export class RecordReader {
  readonly #sink: RecordSink;
  readonly #delimiter: string;
  readonly #quoting: boolean;
  readonly #strict: boolean;
  /** Lines still to be read, the next one last; more than one where a stray quote made some be read ahead. */
  readonly #queue: Line[] = [];
  #again = 0;
  /** Fields of the first record; 0 before it. */
  #width = 0;
  /** The file's writer knows quoting: all of the first record was quoted, or a field that needed it. */
  #knowsQuoting = false;
  /** Quotes inside fields are escaped by a backslash, as MySQL writes them; known from the first such quote on. */
  #hasEscapes = false;
  /** A space follows every delimiter (`id, title, text`) and belongs to no field. */
  #hasSpaces = false;
  // State of the record under way.
  #pending: Line[] = [];
  #pendingLength = 0;
  #fields: string[] = [];
  #quotedFields = 0;
  #open: OpenField | undefined;

  /** `quoting: false` takes all quotes as they are (MS MARCO files, which have no quoting rule). */
  constructor(delimiter: string, quoting: boolean, sink: RecordSink) {
    this.#delimiter = delimiter;
    this.#quoting = quoting;
    this.#strict = delimiter === '\t';
    this.#sink = sink;
  }

  line(text: string, number: number): void {
    this.#queue.push({ text, number });
    this.#drain();
  }

  finish(): void {
    while (this.#open !== undefined) {
      this.#giveUp(this.#open);
      this.#drain();
    }
  }

  #drain(): void {
    for (let line = this.#queue.pop(); line; line = this.#queue.pop()) this.#read(line);
  }

  #read(line: Line): void {
    const { text, number } = line;
    if (this.#width === 0 && this.#pending.length === 0) {
      this.#hasSpaces = this.#quoting && !this.#strict && isSpacedHeader(text.split(this.#delimiter));
    }
    if (!this.#quoting || (this.#open === undefined && !text.includes('"'))) {
      this.#emit(text.split(this.#delimiter), number);
      return;
    }
    this.#pending.push(line);
    this.#pendingLength += text.length + 1;
    if (this.#open) this.#open.parts.push('\n');
    this.#scan(this.#pending.length - 1, 0);
    const isTooMuch = this.#pendingLength > MAX_RECORD || this.#again > MAX_AGAIN;
    if (this.#open !== undefined && isTooMuch) this.#giveUp(this.#open);
  }

  #emit(fields: string[], line: number, quoted = 0): void {
    if (this.#width === 0 && quoted === fields.length) this.#knowsQuoting = true;
    this.#width ||= fields.length;
    this.#sink.record(fields, line);
  }

  #finishRecord(): void {
    const fields = this.#fields;
    const start = this.#pending[0]!.number;
    const quoted = this.#quotedFields;
    this.#reset();
    this.#emit(fields, start, quoted);
  }

  #reset(): void {
    this.#pending = [];
    this.#pendingLength = 0;
    this.#fields = [];
    this.#quotedFields = 0;
    this.#open = undefined;
  }

  /** Takes pending lines back that were read only on account of a stray quote. */
  #readAgain(from: number): void {
    for (let i = this.#pending.length - 1; i >= from; i--) {
      const line = this.#pending.pop()!;
      this.#queue.push(line);
      this.#pendingLength -= line.text.length + 1;
      this.#again += line.text.length + 1;
    }
  }

  /** The open field's quote is a stray one: a character with tabs, else a fault of the record's first line. */
  #giveUp(open: OpenField): void {
    if (this.#strict) {
      this.#takeAsCharacter(open);
      return;
    }
    const { number } = this.#pending[0]!;
    this.#readAgain(1);
    this.#reset();
    this.#sink.unclosed(number);
  }

  /** Goes on from the field that seemed to be quoted, which ends at the next delimiter. */
  #takeAsCharacter({ line, at, before }: OpenField): void {
    this.#readAgain(line + 1);
    this.#again += this.#pending[line]!.text.length - at;
    this.#fields.length = before;
    this.#open = undefined;
    this.#scan(line, at, true);
  }

  /** Reads a pending line from a place on, within the open quoted field if there is one. */
  #scan(index: number, from: number, asCharacter = false): void {
    const { text } = this.#pending[index]!;
    let at = from;
    let isCharacter = asCharacter;
    for (;;) {
      if (this.#open === undefined) {
        const start = this.#hasSpaces ? pastSpaces(text, at) : at;
        if (text[start] === '"') at = start;
        if (text[at] !== '"' || isCharacter || (this.#strict && this.#again > MAX_AGAIN)) {
          isCharacter = false;
          const end = text.indexOf(this.#delimiter, at);
          this.#fields.push(end < 0 ? text.slice(at) : text.slice(at, end));
          if (end < 0) {
            this.#finishRecord();
            return;
          }
          at = end + this.#delimiter.length;
          continue;
        }
        this.#open = { parts: [], line: index, at, before: this.#fields.length };
        at++;
      }
      const open = this.#open;
      const quote = text.indexOf('"', at);
      if (quote < 0) {
        open.parts.push(text.slice(at));
        return;
      }
      if (!this.#strict && this.#isEscaped(text, at, quote)) {
        open.parts.push(text.slice(at, quote - 1), '"');
        at = quote + 1;
        continue;
      }
      open.parts.push(text.slice(at, quote));
      if (text[quote + 1] === '"') {
        open.parts.push('"');
        at = quote + 2;
        continue;
      }
      let end = text.indexOf(this.#delimiter, quote + 1);
      if (end < 0) end = text.length;
      if (this.#strict && (end !== quote + 1 || this.#looksLikeRecords(open, index))) {
        if (open.line !== index) {
          this.#takeAsCharacter(open);
          return;
        }
        this.#again += quote - open.at;
        this.#open = undefined;
        at = open.at;
        isCharacter = true;
        continue;
      }
      const tail = text.slice(quote + 1, end);
      if (!this.#strict && open.line !== index && (tail.trim() !== '' || this.#countsUp(open, index))) {
        this.#giveUp(open);
        return;
      }
      const content = open.parts.join('');
      this.#fields.push(content + (tail.trim() === '' ? '' : tail));
      this.#open = undefined;
      this.#quotedFields++;
      // Doubled within, over several lines, or with a delimiter: quoted because it had to be.
      this.#knowsQuoting ||= /["\n]/.test(content) || content.includes(this.#delimiter);
      if (end === text.length) {
        this.#finishRecord();
        return;
      }
      at = end + this.#delimiter.length;
    }
  }

  /** Whether the lines that a quoted field spans are records by their ids as well: 7, 8, 9. */
  #countsUp(open: OpenField, last: number): boolean {
    if (open.before === 0 || open.line > 0 || !this.#looksLikeRecords(open, last)) return false;
    const ids = this.#pending.slice(0, last + 1).map(({ text }) => text.split(this.#delimiter, 1)[0]!);
    return ids.every((id, i) => wholeNumber(id) === wholeNumber(ids[0]!) + i);
  }

  /** Whether a backslash escapes this quote: what follows could not follow a closing one, here or at an earlier one. */
  #isEscaped(text: string, from: number, quote: number): boolean {
    let slashes = 0;
    while (quote - slashes > from && text[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return false;
    const next = text[quote + 1] ?? '';
    this.#hasEscapes ||= !['', '"', ' ', this.#delimiter].includes(next);
    return this.#hasEscapes;
  }

  /**
   * Whether the lines that a quoted field spans are records, each by itself: as many columns as the first
   * record, an id in front. Then, unless quoting has been seen in this file, two quotes that have nothing to
   * do with each other (one begins with a quotation, another ends with one) only look like a field's, and
   * nothing is quoted. In one line, that takes a field with a delimiter in it.
   */
  #looksLikeRecords(open: OpenField, last: number): boolean {
    if (this.#knowsQuoting || this.#width < 2) return false;
    if (open.line === last && !open.parts.some((part) => part.includes(this.#delimiter))) return false;
    return this.#pending.slice(open.line, last + 1).every(({ text }) => {
      const fields = text.split(this.#delimiter, this.#width + 1);
      return fields.length === this.#width && fields[0]!.trim() !== '';
    });
  }
}

/** A whole number, as ids are; NaN for anything else. */
const wholeNumber = (field: string): number => (/^\d{1,15}$/.test(field) ? Number(field) : Number.NaN);

/** `id, title, text` or `"id", "title", "text"`: names with a space before all but the first. */
function isSpacedHeader([first = '', ...others]: readonly string[]): boolean {
  const isName = (cell: string) => /^ ?"?[\w-][\w -]{0,39}"?$/.test(cell);
  return others.length > 0 && isName(first) && others.every((cell) => cell.startsWith(' ') && isName(cell));
}

function pastSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at;
}
