/** Corpora as tables: which column is which, then row by row. */
import type { Collector } from './collector.ts';
import { type Columns, GUESS_ROWS, guessColumns, headerColumns } from './columns.ts';
import { type ChunkReader, TOO_LONG } from './corpus-readers.ts';
import { excerpt } from './excerpt.ts';
import { LineSplitter } from './lines.ts';
import { RecordReader } from './table.ts';

export interface TableOptions {
  readonly delimiter: string;
  /** The first row names the columns. */
  readonly header: boolean;
  readonly quoting: boolean;
  /** Line 1 is Excel's `sep=;` and no row. */
  readonly separatorLine?: boolean;
}

/** CSV and TSV. A row with fewer columns than the text's is a problem; blank rows are passed over. */
export function tableReader(collector: Collector, options: TableOptions): ChunkReader {
  const rows = new TableRows(collector, options);
  const records = new RecordReader(options.delimiter, options.quoting, {
    record: (fields, line) => rows.add(fields, line),
    unclosed(line) {
      collector.problem(
        line,
        'A quotation mark opens in this row and is never closed. Close it, double it ("") if it is part of the text, or skip the row.',
      );
    },
  });
  const splitter = new LineSplitter({
    line(text, number) {
      if (!options.separatorLine || number > 1) records.line(text, number);
    },
    tooLong: (number) => collector.problem(number, TOO_LONG),
  });
  return {
    push: (chunk) => splitter.push(chunk),
    finish() {
      splitter.finish();
      records.finish();
      rows.finish();
    },
  };
}

/** Decides which column is which, from the header or from the first rows, then adds row by row. */
class TableRows {
  readonly #collector: Collector;
  readonly #options: TableOptions;
  #columns: Columns | undefined;
  #width = 0;
  /** Rows held back until there are enough to judge by. */
  #first: { fields: string[]; line: number }[] = [];

  constructor(collector: Collector, options: TableOptions) {
    this.#collector = collector;
    this.#options = options;
  }

  add(fields: string[], line: number): void {
    if (fields.length === 1 && fields[0]!.trim() === '') return;
    if (this.#columns) {
      this.#passage(fields, line);
      return;
    }
    const named = this.#options.header && this.#first.length === 0 ? headerColumns(fields) : undefined;
    if (named) {
      this.#begin(named, fields);
      return;
    }
    this.#first.push({ fields, line });
    if (this.#first.length === GUESS_ROWS) this.#guess();
  }

  finish(): void {
    if (!this.#columns && this.#first.length > 0) this.#guess();
  }

  /** From here on rows are passages. `names` is the header, where there is one. */
  #begin(columns: Columns, names: readonly string[] | undefined, width = names?.length ?? 0): void {
    this.#columns = columns;
    this.#width = width;
    const { fields } = this.#collector;
    const nameOf = (at: number) => names?.[at]?.trim() || `column ${at + 1}`;
    for (const role of ['id', 'title', 'text'] as const) {
      if (columns[role] >= 0) fields.read(role, nameOf(columns[role]));
    }
    // Two columns without names are "id" and "text", as everybody expects.
    const read = Object.values(columns);
    for (let at = 0; at < width; at++) if (!read.includes(at)) fields.unused([nameOf(at)]);
  }

  #guess(): void {
    const rows = this.#first;
    const { columns, header } = guessColumns(rows.map(({ fields }) => fields));
    this.#begin(columns, header ? rows[0]!.fields : undefined, rows[0]!.fields.length);
    if (this.#width > 2 || header) {
      const roles = (['id', 'title', 'text'] as const).filter((role) => columns[role] >= 0);
      const list = roles.map((role) => `column ${columns[role] + 1} as ${role}`).join(', ');
      const first = header ? ', line ' + rows[0]!.line + ' as names' : '';
      this.#collector.notice(
        'columns',
        `No column is named “text”: read ${list}${first}. If that is wrong, name the columns id, title, text in the first line.`,
      );
    }
    this.#first = [];
    for (const { fields, line } of header ? rows.slice(1) : rows) this.#passage(fields, line);
  }

  #passage(fields: string[], line: number): void {
    const { id, title, text } = this.#columns!;
    if (text >= fields.length) {
      this.#collector.problem(
        line,
        `This row has ${fields.length} of ${this.#width} columns and so no text: ${excerpt(fields.join(' '))}. ` +
          'Add what is missing, or skip the row.',
      );
      return;
    }
    const extra =
      fields.length > this.#width && fields.slice(this.#width).some((field) => field.trim() !== '');
    const isLast = text === this.#width - 1;
    if (extra && !isLast) {
      const delimiter = this.#options.delimiter === '\t' ? 'a tab' : `“${this.#options.delimiter}”`;
      this.#collector.problem(
        line,
        `This row has ${fields.length} columns instead of ${this.#width}: ${excerpt(fields.join(' '))}. ` +
          `Put quotation marks around a field that contains ${delimiter}, or skip the row.`,
      );
      return;
    }
    // A delimiter more than there are columns can only be part of the last, the text.
    if (extra && isLast && this.#options.quoting) {
      this.#collector.notice(
        'extra-columns',
        `Line ${line} has ${fields.length} columns instead of ${this.#width}; on this and similar lines, the rest of the line counts as text.`,
      );
    }
    const glue = this.#options.quoting ? this.#options.delimiter : ' ';
    this.#collector.add(
      line,
      id < 0 ? undefined : fields[id],
      title < 0 ? undefined : fields[title],
      extra && isLast ? fields.slice(text).join(glue) : fields[text]!,
    );
  }
}
