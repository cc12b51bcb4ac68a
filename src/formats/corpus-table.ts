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
    line: (text, number) => records.line(text, number),
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
      this.#columns = named;
      this.#width = fields.length;
      return;
    }
    this.#first.push({ fields, line });
    if (this.#first.length === GUESS_ROWS) this.#guess();
  }

  finish(): void {
    if (!this.#columns && this.#first.length > 0) this.#guess();
  }

  #guess(): void {
    const rows = this.#first;
    const { columns, header } = guessColumns(rows.map(({ fields }) => fields));
    this.#columns = columns;
    this.#width = rows[0]!.fields.length;
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
    // Without quotes a delimiter inside the last column can only be part of the text.
    const rest = !this.#options.quoting && text === this.#width - 1;
    this.#collector.add(
      line,
      id < 0 ? undefined : fields[id],
      title < 0 ? undefined : fields[title],
      rest ? fields.slice(text).join(' ') : fields[text]!,
    );
  }
}
