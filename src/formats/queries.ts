/** Queries: BEIR queries.jsonl, TREC topics, and `id<TAB>text` as MS MARCO has it. */
import type { Query } from '../types.ts';
import { columnNamed, QUERY_ID_NAMES, QUERY_TEXT_NAMES } from './columns.ts';
import { namedSeparator } from './detect.ts';
import { badInput, excerpt } from './excerpt.ts';
import { Checked, parseJsonValues } from './json-check.ts';
import { forEachLine } from './lines.ts';
import { RecordReader } from './table.ts';
import { looksLikeTopics, readTopics } from './topics.ts';

/**
 * Reads queries; the format is known by its content: JSON objects `{_id, text}` (also id, qid, query),
 * TREC's topics (see topics.ts), else lines `id<TAB>text`, or `number:text` as the web tracks have it, or a table
 * (tabs, commas or semicolons) whose first line names a column of ids and one of texts (`qid<TAB>query`).
 * Throws 'bad-input' naming the line for anything else, an empty text, or a repeated id (both lines).
 */
export function readQueries(text: string, file = 'the queries'): Query[] {
  const start = text.replace(/^\ufeff/, '').trimStart();
  const queries = new QueryList(file);
  if (/^[{[]/.test(start)) readJson(text, file, queries);
  else if (looksLikeTopics(start)) {
    for (const { id, text: query, line } of readTopics(text, file)) queries.add(id, query, line);
  } else readLines(text, file, queries);
  if (queries.list.length === 0) throw badInput(file, undefined, 'it has no queries.');
  return queries.list;
}

/** BEIR's queries.jsonl. */
export function writeQueries(queries: readonly Query[]): string {
  return queries.map(({ id, text }) => `${JSON.stringify({ _id: id, text })}\n`).join('');
}

class QueryList {
  readonly list: Query[] = [];
  readonly #lines = new Map<string, number>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  add(id: string, text: string, line: number): void {
    if (id === '') throw badInput(this.#file, line, `the query ${excerpt(text)} has no id. Add one.`);
    const earlier = this.#lines.get(id);
    if (earlier !== undefined) {
      throw badInput(
        this.#file,
        line,
        `the query id ${excerpt(id)} is already on line ${earlier}. Ids must be unique.`,
      );
    }
    if (text === '')
      throw badInput(this.#file, line, `query ${excerpt(id)} has no text. Add it, or remove the query.`);
    this.#lines.set(id, line);
    this.list.push({ id, text });
  }
}

function readJson(text: string, file: string, queries: QueryList): void {
  for (const { value, line } of parseJsonValues(text, file)) {
    const object = new Checked(value, file, line, '');
    const turns = ['turn', 'turns'].find((key) => Array.isArray(object.raw(key)));
    if (turns !== undefined) {
      throw object.error(
        turns,
        'this is a conversation, each of whose turns is a query. Write every turn as one line {"_id", "text"}',
      );
    }
    const idKey = object.firstKey(QUERY_ID_NAMES) ?? '_id';
    const textKey = object.firstKey(QUERY_TEXT_NAMES) ?? 'text';
    queries.add(object.id(idKey), object.text(textKey).trim(), line);
  }
}

/** Lines of an id and a text, or a table whose first line names such columns. */
function readLines(text: string, file: string, queries: QueryList): void {
  let table: RecordReader | undefined;
  let first = true;
  forEachLine(text, (line, number) => {
    if (table) return table.line(line, number);
    if (line.trim() === '' || (first && namedSeparator(line) !== undefined)) return;
    table = first ? tableOf(line, file, queries) : undefined;
    first = false;
    if (!table) readLine(line, number, file, queries);
  });
  table?.finish();
}

/** `id<TAB>text` (tabs in the text become spaces), or `number:text`. */
function readLine(line: string, number: number, file: string, queries: QueryList): void {
  const cells = line.split('\t');
  const [id = '', ...rest] = cells.length > 1 ? cells : (/^\s*(\d+):(.*)$/.exec(line)?.slice(1) ?? []);
  if (id.trim() === '') {
    throw badInput(file, number, `expected an id, a tab and the query, found ${excerpt(line)}.`);
  }
  queries.add(id.trim(), rest.join(' ').trim(), number);
}

/** The reader of a table with this header; undefined where the line is none. Quotes as in tables of passages. */
function tableOf(header: string, file: string, queries: QueryList): RecordReader | undefined {
  const delimiter = ['\t', ',', ';', '|'].find((one) => headerColumns(header.split(one)));
  const columns = delimiter && headerColumns(header.split(delimiter));
  if (!columns) return undefined;
  const width = header.split(delimiter).length;
  return new RecordReader(delimiter, true, {
    record(fields, line) {
      if (fields.every((field) => field.trim() === '')) return;
      const cell = (at: number) => (fields[at] ?? '').replace(/[\n\t]/g, ' ').trim();
      const extra = fields.slice(width).some((field) => field.trim() !== '');
      if (extra && columns.text < width - 1) {
        const mark = delimiter === '\t' ? 'a tab' : `“${delimiter}”`;
        const reason = `${fields.length} columns instead of ${width}. Put quotation marks around text that contains ${mark}.`;
        throw badInput(file, line, reason);
      }
      // A delimiter more than there are columns can only be part of the last, the text.
      const text = extra
        ? fields
            .slice(columns.text)
            .join(delimiter)
            .replace(/[\n\t]/g, ' ')
            .trim()
        : undefined;
      queries.add(cell(columns.id), text ?? cell(columns.text), line);
    },
    unclosed(line) {
      throw badInput(
        file,
        line,
        'a quotation mark opens a field here and is never closed. Close it, or remove it.',
      );
    },
  });
}

function headerColumns(cells: readonly string[]): { readonly id: number; readonly text: number } | undefined {
  const id = columnNamed(cells, QUERY_ID_NAMES);
  const text = columnNamed(cells, QUERY_TEXT_NAMES);
  return id >= 0 && text >= 0 && id !== text ? { id, text } : undefined;
}
