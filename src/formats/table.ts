/**
 * Delimiter-separated records after RFC 4180, from a stream of lines: quoted fields may hold
 * delimiters, doubled quotes and line ends. Written here and not left to a library because a record
 * must know the line it starts on, and because a stray quote must cost one record, not the file.
 */

/** A quoted field that is still open after this many characters is taken for a stray quote. */
const MAX_RECORD = 4 * 1024 * 1024;
/** After so many stray quotes, records are read line by line: keeps hostile input linear. */
const MAX_STRAYS = 25;

export interface RecordSink {
  /** A record and the line it starts on. */
  record(fields: string[], line: number): void;
  /** A quote opened in the record that starts on this line is never closed. */
  unclosed(line: number): void;
}

export class RecordReader {
  readonly #sink: RecordSink;
  readonly #delimiter: string;
  readonly #quoting: boolean;
  #pending: { text: string; number: number }[] = [];
  #pendingLength = 0;
  #strays = 0;
  // State of the record under way: finished fields, the open quoted field's pieces.
  #fields: string[] = [];
  #open: string[] | undefined;

  /** `quoting: false` takes quotes as they are (MS MARCO files, which have no quoting rule). */
  constructor(delimiter: string, quoting: boolean, sink: RecordSink) {
    this.#delimiter = delimiter;
    this.#quoting = quoting;
    this.#sink = sink;
  }

  line(text: string, number: number): void {
    if (!this.#quoting || (this.#open === undefined && !text.includes('"'))) {
      this.#sink.record(text.split(this.#delimiter), number);
      return;
    }
    this.#pending.push({ text, number });
    this.#pendingLength += text.length + 1;
    this.#scan(text);
    if (this.#open === undefined) {
      const fields = this.#fields;
      const start = this.#pending[0]!.number;
      this.#reset();
      this.#sink.record(fields, start);
    } else if (this.#pendingLength > MAX_RECORD || this.#strays >= MAX_STRAYS) {
      this.#giveUp();
    }
  }

  finish(): void {
    while (this.#open !== undefined) this.#giveUp();
  }

  #reset(): void {
    this.#pending = [];
    this.#pendingLength = 0;
    this.#fields = [];
    this.#open = undefined;
  }

  /** The first pending line is the faulty one; those after it are read afresh. */
  #giveUp(): void {
    const [first, ...rest] = this.#pending;
    this.#reset();
    this.#strays++;
    this.#sink.unclosed(first!.number);
    for (const { text, number } of rest) this.line(text, number);
  }

  /** Reads one line, going on in the open quoted field if there is one. */
  #scan(text: string): void {
    let at = 0;
    if (this.#open !== undefined) this.#open.push('\n');
    for (;;) {
      if (this.#open === undefined) {
        if (text[at] !== '"') {
          const end = text.indexOf(this.#delimiter, at);
          this.#fields.push(end < 0 ? text.slice(at) : text.slice(at, end));
          if (end < 0) return;
          at = end + this.#delimiter.length;
          continue;
        }
        this.#open = [];
        at++;
      }
      const quote = text.indexOf('"', at);
      if (quote < 0) {
        this.#open.push(text.slice(at));
        return;
      }
      this.#open.push(text.slice(at, quote));
      if (text[quote + 1] === '"') {
        this.#open.push('"');
        at = quote + 2;
        continue;
      }
      // Closed. What stands between the quote and the delimiter is kept, as spreadsheets do.
      const end = text.indexOf(this.#delimiter, quote + 1);
      const tail = end < 0 ? text.slice(quote + 1) : text.slice(quote + 1, end);
      this.#fields.push(this.#open.join('') + tail.trim());
      this.#open = undefined;
      if (end < 0) return;
      at = end + this.#delimiter.length;
    }
  }
}
