/** Which format a corpus is in, judged from its beginning and its file name. */
import { headerColumns } from './columns.ts';
import { parseJson } from './json.ts';

/**
 * lines: one passage a line, `id<TAB>text` where a line has an id. blocks: passages parted by blank
 * lines. csv, tsv: tables. jsonl: one JSON object a line (BEIR, Anserini). json: an array of objects.
 */
export const CORPUS_FORMATS = ['lines', 'blocks', 'csv', 'tsv', 'jsonl', 'json'] as const;

export type CorpusFormat = (typeof CORPUS_FORMATS)[number];

export interface Detected {
  readonly format: CorpusFormat;
  /** Of tables. */
  readonly delimiter?: string;
  /** Of tables: the first line names the columns. */
  readonly header?: boolean;
  /** Of tables: the first line is Excel's `sep=;`, which names the delimiter. */
  readonly separatorLine?: boolean;
}

/** As much of the input as detection looks at, in UTF-16 code units. */
export const SAMPLE_LENGTH = 64 * 1024;

/**
 * Detects the format from the first 64 k characters (a longer sample is cut; its last, possibly
 * incomplete line does not count then). JSON is known by its content; a table by a header row that
 * names a text column, or by the extension .csv, .tsv or .tab, or because every line has a tab;
 * anything else is plain text: blocks when a blank line stands between two lines with text, else lines.
 */
export function detectFormat(sample: string, fileName = ''): Detected {
  const whole = sample.length <= SAMPLE_LENGTH;
  const lines = sample
    .slice(0, SAMPLE_LENGTH)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/);
  if (!whole && lines.length > 1) lines.pop();
  const filled = lines.filter((line) => line.trim() !== '');
  const extension = /\.([a-z0-9]+)(?:\.(?:gz|zst|txt))?$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const first = filled[0] ?? '';

  const separator = namedSeparator(lines[0] ?? '');
  if (separator !== undefined) {
    const header = headerColumns(filled[1]?.split(separator) ?? []) !== undefined;
    const format = separator === '\t' ? 'tsv' : 'csv';
    return { format, delimiter: separator, header, separatorLine: true };
  }

  const json = jsonFormat(filled, extension);
  if (json) return { format: json };

  // A header row needs a second named column and short names, so that prose beginning "Text, …" is not one.
  const isTable = ['csv', 'tsv', 'tab'].includes(extension);
  for (const delimiter of ['\t', ',', ';', '|']) {
    const cells = (isTable || first.length < 1000) && first.includes(delimiter) ? first.split(delimiter) : [];
    const columns = isTable || cells.every((cell) => cell.length <= 40) ? headerColumns(cells) : undefined;
    if (columns && (isTable || columns.id >= 0 || columns.title >= 0)) {
      return { format: delimiter === '\t' ? 'tsv' : 'csv', delimiter, header: true };
    }
  }
  if (extension === 'csv') {
    const header = headerColumns([first]) !== undefined;
    return { format: 'csv', delimiter: commonDelimiter(filled), header };
  }
  const everyLineHasTab = filled.length > 0 && filled.every((line) => /^[^\t]+\t/.test(line));
  if (extension === 'tsv' || extension === 'tab' || everyLineHasTab) {
    return { format: 'tsv', delimiter: '\t', header: false };
  }
  return { format: hasInnerBlank(lines) ? 'blocks' : 'lines' };
}

/** The delimiter that Excel's first line `sep=;` names; undefined for any other line. */
export function namedSeparator(line: string): string | undefined {
  const named = /^"?sep=(\\t|.)"?$/i.exec(line)?.[1];
  return named?.length === 2 ? '\t' : named;
}

function jsonFormat(filled: readonly string[], extension: string): 'jsonl' | 'json' | undefined {
  const first = (filled[0] ?? '').trim();
  if (first.startsWith('{')) {
    if (parses(first)) return 'jsonl';
    const second = filled[1]?.trim() ?? '';
    if (extension === 'jsonl' || extension === 'ndjson' || second === '' || second.startsWith('{')) {
      // A one-line text in braces is prose unless a key follows.
      return /^\{\s*"/.test(first) ? 'jsonl' : undefined;
    }
    if (first === '{' || /^\{\s*"/.test(first)) return 'json';
  }
  if (first.startsWith('[')) {
    const start = filled.slice(0, 2).join(' ');
    if (/^\s*\[\s*[{\]]/.test(start) || extension === 'json') return 'json';
  }
  return extension === 'jsonl' || extension === 'ndjson' ? 'jsonl' : undefined;
}

function parses(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

function commonDelimiter(filled: readonly string[]): string {
  const count = (delimiter: string) => filled.filter((line) => line.includes(delimiter)).length;
  return count(';') > count(',') ? ';' : ',';
}

/** A blank line with text both before and after it. */
function hasInnerBlank(lines: readonly string[]): boolean {
  let seenText = false;
  let blankAfterText = false;
  for (const line of lines) {
    if (line.trim() === '') blankAfterText ||= seenText;
    else if (blankAfterText) return true;
    else seenText = true;
  }
  return false;
}
