/**
 * Top-level JSON values, or the elements of one top-level array, cut out of a stream of text without
 * parsing the whole: each is handed on as its own text, so that one faulty element costs only itself.
 */

export interface ValueSink {
  /** The text of one value and the line it starts on. */
  value(text: string, line: number): void;
  /** The value (or the array around all) that starts on this line does not end, or the value is longer than `max`. */
  unfinished(line: number): void;
}

const MARK = 0xfeff;
const QUOTE = 34;
const BACKSLASH = 92;

export class JsonSplitter {
  readonly #sink: ValueSink;
  readonly #max: number;
  #depth = 0;
  #inArray = false;
  #begun = false;
  /** Line of the top-level array's `[`; 0 where there is none. */
  #arrayStart = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  #parts: string[] = [];
  #length = 0;
  /** Line of the value under way; 0 when between values. */
  #start = 0;
  #dead = false;

  constructor(sink: ValueSink, max = 16 * 1024 * 1024) {
    this.#sink = sink;
    this.#max = max;
  }

  push(chunk: string): void {
    let from = this.#start > 0 ? 0 : -1;
    for (let i = 0; i < chunk.length && !this.#dead; i++) {
      const code = chunk.charCodeAt(i);
      if (code === 10) this.#line++;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) {
          this.#inString = false;
          // One of several texts that follow one another, as JSON lines.
          if (this.#depth === 0) from = this.#close(chunk, from, i + 1);
        }
        continue;
      }
      // Between values a byte order mark began a file that was put behind another.
      if (code <= 32 || (code === MARK && this.#start === 0)) continue;
      const c = chunk[i]!;
      const base = this.#inArray ? 1 : 0;
      if (!this.#begun) {
        this.#begun = true;
        if (c === '[') {
          this.#inArray = true;
          this.#arrayStart = this.#line;
          this.#depth = 1;
          continue;
        }
      }
      if (this.#depth <= base && (c === ',' || c === ']')) {
        // Between elements, or the end of the array; also ends a bare value such as a string.
        from = this.#close(chunk, from, i);
        if (c === ']') this.#depth = 0;
        if (c === ']') this.#inArray = false;
        continue;
      }
      if (this.#start === 0) {
        this.#start = this.#line;
        from = i;
      }
      if (code === QUOTE) this.#inString = true;
      else if (c === '{' || c === '[') this.#depth++;
      else if (c === '}' || c === ']') {
        this.#depth--;
        if (this.#depth <= base) {
          this.#depth = base;
          from = this.#close(chunk, from, i + 1);
        }
      }
    }
    if (from >= 0 && this.#start > 0) this.#keep(chunk.slice(from));
  }

  finish(): void {
    if (this.#dead) return;
    // Cut off between two elements: all that is there is whole, and it is not all.
    if (this.#start === 0) {
      if (this.#inArray) this.#sink.unfinished(this.#arrayStart);
      return;
    }
    if (this.#inString || this.#depth > (this.#inArray ? 1 : 0)) this.#sink.unfinished(this.#start);
    else this.#close('', 0, 0);
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    this.#parts.push(piece);
    if (this.#length <= this.#max) return;
    this.#dead = true;
    this.#parts = [];
    this.#sink.unfinished(this.#start);
  }

  #close(chunk: string, from: number, end: number): number {
    if (this.#start === 0) return -1;
    this.#parts.push(chunk.slice(from, end));
    const text = this.#parts.join('');
    const line = this.#start;
    this.#parts = [];
    this.#length = 0;
    this.#start = 0;
    this.#sink.value(text, line);
    return -1;
  }
}
