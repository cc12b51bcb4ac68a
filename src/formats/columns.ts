/** Which column or key of a table or a JSON object is a passage's id, title and text. */

export const ID_NAMES = [
  'id',
  '_id',
  'docid',
  'doc_id',
  'pid',
  'passage_id',
  'document_id',
  'corpus-id',
  'docno',
  'key',
];
export const TITLE_NAMES = ['title', 'heading', 'headline', 'name', 'subject'];
export const TEXT_NAMES = [
  'text',
  'passage',
  'body',
  'content',
  'contents',
  'document',
  'doc',
  'paragraph',
  'abstract',
  'description',
];

/** Positions of the columns that matter; −1 where there is none. */
export interface Columns {
  readonly id: number;
  readonly title: number;
  readonly text: number;
}

/** The columns that a header row names, or undefined when the row is no header (it names no text column). */
export function headerColumns(row: readonly string[]): Columns | undefined {
  const names = row.map((cell) => cell.trim().replace(/^"|"$/g, '').toLowerCase());
  const find = (wanted: readonly string[]): number => {
    for (const name of wanted) {
      const at = names.indexOf(name);
      if (at >= 0) return at;
    }
    return -1;
  };
  const text = find(TEXT_NAMES);
  if (text < 0) return undefined;
  return { id: find(ID_NAMES), title: find(TITLE_NAMES), text };
}

/**
 * Columns of a table without a header, by their number: text; id, text; id, title, text; and
 * id, url, title, text (MS MARCO documents). Further columns are not read.
 */
export function defaultColumns(width: number): Columns {
  if (width <= 1) return { id: -1, title: -1, text: 0 };
  if (width === 2) return { id: 0, title: -1, text: 1 };
  if (width === 3) return { id: 0, title: 1, text: 2 };
  return { id: 0, title: 2, text: 3 };
}

/** The first of the named keys that an object has with a usable value, as text. */
export function pick(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return undefined;
}
