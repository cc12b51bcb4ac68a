/** How often each passage is mentioned, as a table beside a corpus has it: `id,count`, or ReDial's movies_with_mentions.csv. */
import { columnNamed, ID_NAMES } from './columns.ts';
import { badInput, excerpt } from './excerpt.ts';
import { forEachLine } from './lines.ts';
import { RecordReader } from './table.ts';

const COUNT_NAMES = [
  'count',
  'counts',
  'popularity',
  'mentions',
  'nbmentions',
  'nb_mentions',
  'frequency',
  'freq',
];
const COUNTED_ID_NAMES = [...ID_NAMES, 'movieid', 'movie_id', 'item_id', 'itemid'];

/** Files that hold counts, by their names. */
export const isCountsFile = (path: string): boolean =>
  /(^|[/_.-])(popularity|mentions|counts)\.(csv|tsv)(\.gz)?$/i.test(path);

/**
 * Passage id → count. The first row names the columns; commas or tabs part them, fields may be quoted.
 * @throws RankscopeError 'bad-input' with file and line: no such columns, no number, an id with two counts
 */
export function readCounts(text: string, file = 'the counts'): Map<string, number> {
  const counts = new Map<string, number>();
  let columns: { readonly id: number; readonly count: number } | undefined;
  const take = (fields: readonly string[], line: number): void => {
    if (fields.every((field) => field.trim() === '')) return;
    if (!columns) {
      columns = { id: columnNamed(fields, COUNTED_ID_NAMES), count: columnNamed(fields, COUNT_NAMES) };
      if (columns.id >= 0 && columns.count >= 0) return;
      throw badInput(
        file,
        line,
        `the first row must name the columns “id” and “count”, found ${excerpt(fields.join(', '))}.`,
      );
    }
    const id = (fields[columns.id] ?? '').trim();
    const written = (fields[columns.count] ?? '').trim();
    const count = written === '' ? Number.NaN : Number(written);
    if (id === '') throw badInput(file, line, 'the id is missing.');
    if (!Number.isFinite(count) || count < 0)
      throw badInput(file, line, `the count must be a number from 0, found ${excerpt(written)}.`);
    const before = counts.get(id);
    if (before !== undefined && before !== count)
      throw badInput(file, line, `passage ${excerpt(id)} has the counts ${before} and ${count}. Keep one.`);
    counts.set(id, count);
  };
  const tabs = text.slice(0, text.search(/[\r\n]|$/)).includes('\t');
  const reader = new RecordReader(tabs ? '\t' : ',', true, {
    record: take,
    unclosed: (line) => {
      throw badInput(file, line, 'a quotation mark is opened here and never closed.');
    },
  });
  forEachLine(text, (line, number) => reader.line(line, number));
  reader.finish();
  if (counts.size === 0) throw badInput(file, undefined, 'it has no counts.');
  return counts;
}
