/** What a file of a test collection is, by its beginning and its name: passages, queries, judgments, a run, hits, or counts. */

import { ID_NAMES, QUERY_ID_NAMES, TEXT_NAMES } from '../columns.ts';
import { isCountsFile } from '../counts.ts';
import { parseJson } from '../json.ts';
import { looksLikeTopics } from '../topics.ts';
import { isTrecNumber } from '../trec-fields.ts';

export type CollectionKind = 'corpus' | 'queries' | 'qrels' | 'run' | 'hits' | 'counts';

/** Lines that are looked at. */
const LOOKED_AT = 20;

/**
 * The kind of a file; undefined for what is none (a read-me, a licence, a card).
 * @param path within what was opened, with `/`; its name counts where the content could be two things
 * @param head the beginning of its text, 64 k characters or so
 */
export function recogniseFile(path: string, head: string): CollectionKind | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  const base = name.split('/').at(-1)!;
  if (
    /\.(md|pdf|html?|py|ya?ml|log|ipynb)$/.test(base) ||
    /^(readme|licen[cs]e|source|notice)\b/.test(base)
  ) {
    return undefined;
  }
  if (isCountsFile(path)) return 'counts';
  const start = head.replace(/^\ufeff/, '');
  const lines = start.split(/\r\n|\n|\r/, LOOKED_AT + 1).filter((line) => line.trim() !== '');
  const first = lines[0]?.trim() ?? '';
  if (first === '') return undefined;
  if (/^[{[]/.test(first)) return jsonKind(name, start, first);
  if (looksLikeTopics(start.trimStart())) return 'queries';
  // The last line that was looked at may be cut off.
  const whole = lines.length > 1 && lines.length > LOOKED_AT ? lines.slice(0, -1) : lines;
  const inQrels = /(^|\/)qrels?\//.test(name) || /qrels?\b|\.qrel/.test(base);
  if (!inQrels && every(whole, isRunLine)) return 'run';
  if (every(whole, isQrelsLine)) return 'qrels';
  // Names of columns have no digits (qrels.ts).
  if (every(whole.slice(1), isQrelsLine) && !/\d/.test(whole[0]!)) return 'qrels';
  if (inQrels) return 'qrels';
  if (/\.(run|trec)$/.test(base)) return 'run';
  return byName(name) ?? (/\.(txt|tsv|csv|tab)$/.test(base) || /\t/.test(first) ? 'corpus' : undefined);
}

const every = (lines: readonly string[], is: (line: string) => boolean): boolean =>
  lines.length > 0 && lines.every(is);

const fieldsOf = (line: string): string[] => line.trim().split(line.includes('\t') ? /\t+/ : /\s+/);

function isRunLine(line: string): boolean {
  const fields = line.trim().split(/\s+/);
  return fields.length >= 6 && isTrecNumber(fields[3]) && isTrecNumber(fields[4]);
}

function isQrelsLine(line: string): boolean {
  const fields = fieldsOf(line);
  if (fields.length !== 3 && fields.length !== 4) return false;
  // Words of people's own have no such last column.
  return /^[+-]?\d+(\.0+)?$/.test(fields.at(-1)!) && fields.slice(0, -1).every((field) => field.length < 200);
}

function jsonKind(name: string, start: string, first: string): CollectionKind | undefined {
  const value = firstObject(start, first);
  if (!value)
    return /"hits"|"candidates"|"retrieved_passages"/.test(start.slice(0, 4000)) ? 'hits' : byName(name);
  const has = (...keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(value, key));
  if (has('hits', 'candidates', 'retrieved_passages')) return 'hits';
  if (has('query-id', 'query_id', 'qid') && has('corpus-id', 'corpus_id', 'docid', 'doc_id', 'pid'))
    return 'qrels';
  const inner = Object.values(value)[0];
  if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
    return Object.values(inner).every((grade) => typeof grade === 'number') ? 'qrels' : byName(name);
  }
  // `{_id, text}` may be either; passages have titles or other names for their text.
  const named = byName(name);
  if (named) return named;
  if (has('query', 'question') && has(...QUERY_ID_NAMES)) return 'queries';
  return has(...TEXT_NAMES) || has(...ID_NAMES) ? 'corpus' : undefined;
}

/** The first object of JSON lines or of a list; undefined where it is longer than what was read. */
function firstObject(start: string, first: string): Readonly<Record<string, unknown>> | undefined {
  for (const text of [first.replace(/^\[/, '').replace(/,$/, ''), start]) {
    try {
      const value: unknown = parseJson(text);
      const one: unknown = Array.isArray(value) ? value[0] : value;
      if (typeof one === 'object' && one !== null) return one as Readonly<Record<string, unknown>>;
    } catch {
      // Not whole: the next way may do.
    }
  }
  return undefined;
}

function byName(name: string): CollectionKind | undefined {
  const base = name.split('/').at(-1)!;
  if (/quer|topic/.test(base)) return 'queries';
  if (/qrel|judg/.test(base)) return 'qrels';
  if (/corpus|passage|document|docs|collection/.test(base)) return 'corpus';
  return undefined;
}
