/**
 * Text that arrives in chunks, handed on line by line. Work is linear in the input however it is
 * cut: only a new chunk is searched, and the pieces of an unfinished line are joined once.
 */

/** Longest line (in UTF-16 code units) that is kept; a longer one is reported and let go. */
export const MAX_LINE = 16 * 1024 * 1024;

/** The byte order mark. In front of a line it is left out: it began a file that was put behind another. */
const MARK = 0xfeff;

export interface LineSink {
  /** A line without its end; `number` counts from 1. */
  line(text: string, number: number): void;
  /** A line longer than MAX_LINE; its text was not kept. */
  tooLong(number: number): void;
}

export class LineSplitter {
  readonly #sink: LineSink;
  readonly #max: number;
  #parts: string[] = [];
  #length = 0;
  #number = 0;

  constructor(sink: LineSink, max = MAX_LINE) {
    this.#sink = sink;
    this.#max = max;
  }

  /** Lines handed on so far. */
  get count(): number {
    return this.#number;
  }

  push(chunk: string): void {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      this.#add(chunk, start, end);
      this.#emit();
      start = end + 1;
    }
    this.#add(chunk, start, chunk.length);
  }

  /** Hands on what follows the last line end, if anything does. */
  finish(): void {
    if (this.#length > 0) this.#emit();
  }

  #add(chunk: string, start: number, end: number): void {
    if (end === start) return;
    this.#length += end - start;
    if (this.#length <= this.#max) this.#parts.push(chunk.slice(start, end));
    else this.#parts = [];
  }

  #emit(): void {
    if (this.#length > this.#max) {
      this.#sink.tooLong(++this.#number);
    } else {
      const joined = this.#parts.length === 1 ? this.#parts[0]! : this.#parts.join('');
      const start = joined.charCodeAt(0) === MARK ? 1 : 0;
      const line = joined.slice(start, joined.endsWith('\r') ? -1 : undefined);
      // A carriage return by itself also ends a line (old Mac files, some exports).
      if (line.includes('\r')) {
        for (const piece of line.split('\r')) this.#sink.line(piece, ++this.#number);
      } else {
        this.#sink.line(line, ++this.#number);
      }
    }
    this.#parts = [];
    this.#length = 0;
  }
}

/** Calls `each` for every line of a text; line ends are \n, \r\n or \r. */
export function forEachLine(text: string, each: (line: string, number: number) => void): void {
  const splitter = new LineSplitter(
    {
      line: each,
      tooLong: (number) => each('', number),
    },
    Number.POSITIVE_INFINITY,
  );
  splitter.push(text);
  splitter.finish();
}
