/**
 * Which column or key of a table or a JSON object is an id, a title, a text: one list for all readers, the
 * passage's own names before those of the document that it was cut from.
 */
import { isScalar } from './json.ts';

export const ID_NAMES = [
  'id',
  '_id',
  'pid',
  'passage_id',
  'docid',
  'doc_id',
  'document_id',
  'corpus_id',
  'corpus-id',
  'docno',
  'key',
];
export const TITLE_NAMES = ['title', 'heading', 'headline', 'name', 'subject', 'question'];
export const TEXT_NAMES = [
  'text',
  'passage',
  'segment',
  'body',
  'content',
  'contents',
  'document',
  'doc',
  'paragraph',
  'abstract',
  'description',
  'summary',
  'sentence',
  'snippet',
  'answer',
  'comment',
  'review',
  'message',
];
/** Of queries. */
export const QUERY_ID_NAMES = ['_id', 'id', 'qid', 'query_id', 'query-id', 'topic_id', 'topic', 'number'];
export const QUERY_TEXT_NAMES = ['text', 'query', 'title', 'question'];

/** Positions of the columns that matter; −1 where there is none. */
export interface Columns {
  readonly id: number;
  readonly title: number;
  readonly text: number;
}

/** The columns that a header row names, or undefined when the row is not a header (it names no text column). */
export function headerColumns(row: readonly string[]): Columns | undefined {
  const text = columnNamed(row, TEXT_NAMES);
  if (text < 0) return undefined;
  return { id: columnNamed(row, ID_NAMES), title: columnNamed(row, TITLE_NAMES), text };
}

/** The column of a header row that has the first of these names that is there; −1 where none is. */
export function columnNamed(row: readonly string[], wanted: readonly string[]): number {
  const names = row.map((cell) => nameOf(cell.trim().replace(/^"|"$/g, '')));
  for (const name of wanted) {
    const at = names.indexOf(nameOf(name));
    if (at >= 0) return at;
  }
  return -1;
}

/** “Doc ID”, “doc-id” and “doc_id” are one name. */
const nameOf = (cell: string): string => cell.toLowerCase().replace(/[\s-]/g, '_');

/** Rows a table without a known header is judged by. */
export const GUESS_ROWS = 50;

/**
 * Columns of a table whose first row names no text column, from its first rows: one column is the text;
 * two are id and text; of more, the longest on average is the text, the first is the id if it is short and
 * without white space, and the next that is neither a number nor an address is the title. The first row
 * is taken for a header all the same (and not for a passage) when it has a word where a column is numbers
 * in all other rows.
 */
export function guessColumns(rows: readonly (readonly string[])[]): { columns: Columns; header: boolean } {
  const width = rows[0]?.length ?? 1;
  const body = rows.length > 1 ? rows.slice(1) : rows;
  const column = (at: number) => body.map((row) => (row[at] ?? '').trim());
  const isNumber = (cell: string) => cell !== '' && Number.isFinite(Number(cell));
  const isWord = (cell: string) => !isNumber(cell) && /\p{L}/u.test(cell);
  const places = Array.from({ length: width }, (_, at) => at);
  const header = rows.length > 2 && places.some((at) => isWord(rows[0]![at]!) && column(at).every(isNumber));
  if (width <= 2) return { columns: { id: width === 2 ? 0 : -1, title: -1, text: width - 1 }, header };

  const lengths = places.map((at) => column(at).reduce((sum, cell) => sum + cell.length, 0));
  const text = lengths.indexOf(lengths.reduce((most, length) => Math.max(most, length), 0));
  const id = text !== 0 && column(0).every((cell) => /^\S{1,64}$/.test(cell)) ? 0 : -1;
  const title = places.findIndex(
    (at) =>
      at !== id && at !== text && column(at).some((cell) => /\p{L}/u.test(cell) && !/^\w+:\/\//.test(cell)),
  );
  return { columns: { id, title, text }, header };
}

/** The first of the named keys whose value can be an id or a text (see `isScalar`). */
export function usableKey(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  return names.find((name) => isScalar(object[name]));
}

/** The value of `usableKey`, as text. For ids see `asId`: not every number's digits are known. */
export function pick(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  const key = usableKey(object, names);
  return key === undefined ? undefined : String(object[key]);
}
