/** Which columns or keys of a corpus became what, in a sentence or two. */
import type { CorpusFields } from '../../formats/corpus.ts';
import type { IndexStatus } from './corpus.ts';

/** Names that fit beside a corpus; more are counted. */
const SHOWN = 6;

export interface FieldsInWords {
  /** "Read: _id as id, title, text." */
  readonly read: string;
  /** "Left out: url, date and 3 more." or '' where nothing is. */
  readonly leftOut: string;
}

export function describeFields({ id, title, text, unused, unusedCount }: CorpusFields): FieldsInWords {
  const role = (name: string, from: readonly string[]) => {
    if (from.length === 0) return [];
    const named = from.map((one) => (one.length > 40 ? `${one.slice(0, 39)}…` : one));
    return [named.length === 1 && named[0] === name ? name : `${listed(named)} as ${name}`];
  };
  const read = [...role('id', id), ...role('title', title), ...role('text', text)].join(', ');
  const missing = id.length === 0 ? ' There is no id: passages are numbered.' : '';
  const shown = unused.slice(0, SHOWN).map((one) => (one.length > 40 ? `${one.slice(0, 39)}…` : one));
  const more = unusedCount - shown.length;
  const rest = more > 0 ? `${shown.join(', ')} and ${more.toLocaleString('en')} more` : listed(shown);
  return { read: `Read: ${read}.${missing}`, leftOut: unusedCount === 0 ? '' : `Left out: ${rest}.` };
}

/** Undefined while there is nothing to say: plain text, a sample, a corpus that is not there yet. */
export function currentFields(index: IndexStatus): FieldsInWords | undefined {
  const fields = index.state === 'ready' ? index.summary.fields : undefined;
  return fields && describeFields(fields);
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
