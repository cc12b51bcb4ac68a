/** Queries: BEIR queries.jsonl, TREC topics, and `id<TAB>text` as MS MARCO has it. */
import type { Query } from '../types.ts';
import { QUERY_ID_NAMES, QUERY_TEXT_NAMES } from './columns.ts';
import { badInput, excerpt } from './excerpt.ts';
import { Checked, parseJsonValues } from './json-check.ts';
import { forEachLine } from './lines.ts';

/**
 * Reads queries; the format is known by its content: JSON objects `{_id, text}` (also id, qid, query),
 * classic TREC topics (`<top> <num> <title> …`; the title is the query, the description where there is
 * no title), else lines `id<TAB>text`, or `number:text` as the web tracks have it; a first line that names the two
 * columns (`qid<TAB>query`) is a header.
 * Throws 'bad-input' naming the line for anything else, an empty text, or a repeated id (both lines).
 */
export function readQueries(text: string, file = 'the queries'): Query[] {
  const start = text.replace(/^\ufeff/, '').trimStart();
  const queries = new QueryList(file);
  if (/^[{[]/.test(start)) readJson(text, file, queries);
  else if (/^<top>/im.test(start)) readTopics(text, file, queries);
  else readLines(text, file, queries);
  if (queries.list.length === 0) throw badInput(file, undefined, 'there is no query in it.');
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
    const earlier = this.#lines.get(id);
    if (earlier !== undefined) {
      throw badInput(
        this.#file,
        line,
        `the query id ${excerpt(id)} is already on line ${earlier}. Ids must differ.`,
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
    const idKey = object.firstKey(QUERY_ID_NAMES) ?? '_id';
    const textKey = object.firstKey(QUERY_TEXT_NAMES) ?? 'text';
    queries.add(object.id(idKey), object.string(textKey).trim(), line);
  }
}

const HEADER = /^\s*(_?id|qid|query[-_ ]?id|topic)\s*\t\s*(text|query|title|question)\s*$/i;

function readLines(text: string, file: string, queries: QueryList): void {
  let first = true;
  forEachLine(text, (line, number) => {
    if (line.trim() === '') return;
    const wasFirst = first;
    first = false;
    if (wasFirst && HEADER.test(line)) return;
    const match = /^\s*([^\t]*[^\t\s])\s*\t(.*)$/.exec(line) ?? /^\s*(\d+):(.*)$/.exec(line);
    if (!match) {
      throw badInput(file, number, `expected an id, a tab and the query, found ${excerpt(line)}.`);
    }
    queries.add(match[1]!, match[2]!.trim(), number);
  });
}

const TAG = /^\s*<(\/?)(\w+)>\s*(.*)$/;

function readTopics(text: string, file: string, queries: QueryList): void {
  let fields: Map<string, string[]> | undefined;
  let field: string[] | undefined;
  let fieldName = '';
  let start = 0;
  const finish = (line: number) => {
    if (!fields) return;
    const joined = (name: string) => (fields?.get(name) ?? []).join(' ').replace(/\s+/g, ' ').trim();
    const id = joined('num').replace(/^Number:\s*/i, '');
    const title = joined('title').replace(/^Topic:\s*/i, '');
    const query = title === '' ? joined('desc').replace(/^Description:\s*/i, '') : title;
    if (id === '') throw badInput(file, start, `the topic that ends on line ${line} has no <num>. Add one.`);
    queries.add(id, query, start);
    fields = undefined;
  };
  let last = 0;
  forEachLine(text, (line, number) => {
    last = number;
    const tag = TAG.exec(line);
    if (tag === null) {
      field?.push(withoutClosing(line, fieldName));
      return;
    }
    const name = tag[2]!.toLowerCase();
    if (name === 'top') {
      finish(number);
      field = undefined;
      fields = tag[1] === '' ? new Map() : undefined;
      start = number;
    } else if (tag[1] === '/') {
      field = undefined;
    } else if (fields) {
      fieldName = name;
      field = [withoutClosing(tag[3]!, name)];
      fields.set(name, field);
    }
  });
  finish(last);
}

/** Some collections close a field's tag at the end of its last line. */
function withoutClosing(line: string, name: string): string {
  const at = line.toLowerCase().indexOf(`</${name}>`);
  return at < 0 ? line : line.slice(0, at);
}
