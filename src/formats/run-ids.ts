/** Ids in TREC runs, which cannot hold white space: written with “_” in its place, and found again. */
import { RankscopeError } from '../errors.ts';
import type { Run, RunEntry } from '../types.ts';
import { counted, excerpt } from './excerpt.ts';

/** Tags of our own runs begin so: only their ids were written by `trecId`. */
export const TAG_PREFIX = 'rankscope-';

/** What other programs part fields by: Python's split() knows more than \s. */
const WHITE = /[\s\u001c-\u001f\u0085]+/g;

export const isOwnTag = (tag: string): boolean => tag.startsWith(TAG_PREFIX);

/**
 * An id or a tag as it stands in a TREC run: white space becomes “_”, of any script, since other programs part
 * fields by it. Throws 'bad-input' for an empty one.
 */
export function trecId(text: string): string {
  const written = text.trim().replace(WHITE, '_');
  if (written !== '') return written;
  throw new RankscopeError('bad-input', 'A TREC run needs ids and a tag that are not empty.');
}

/** Ids that a TREC run holds in another form. */
export interface RewrittenIds {
  readonly queries: number;
  /** Passages; one that several queries have counts once. */
  readonly passages: number;
  /** The first of them. */
  readonly example?: string;
}

/**
 * What `writeTrecRun` will do to the ids of these rankings, known before any work is done.
 * Throws 'bad-input' where two queries, or two passages of a query, would have the same id.
 */
export function rewrittenIds(
  rankings: Iterable<{ readonly query: string; readonly passages: Iterable<string> }>,
): RewrittenIds {
  const queries = new Map<string, string>();
  const passages = new Set<string>();
  let changed = 0;
  let example: string | undefined;
  for (const { query, passages: ids } of rankings) {
    const name = trecId(query);
    const other = queries.get(name);
    if (other !== undefined && other !== query) throw sameId('Queries', other, query, name);
    queries.set(name, query);
    if (name !== query) {
      changed++;
      example ??= query;
    }
    const own = new Map<string, string>();
    for (const id of ids) {
      const written = trecId(id);
      const earlier = own.get(written);
      if (earlier !== undefined && earlier !== id) throw sameId('Passages', earlier, id, written);
      own.set(written, id);
      if (written === id) continue;
      passages.add(id);
      example ??= id;
    }
  }
  return { queries: changed, passages: passages.size, example };
}

/** For people; undefined where all ids stay as they are. */
export function rewrittenText({ queries, passages, example }: RewrittenIds): string | undefined {
  if (example === undefined) return undefined;
  const of = [
    ...(queries > 0 ? [counted(queries, 'query id')] : []),
    ...(passages > 0 ? [counted(passages, 'passage id')] : []),
  ];
  const have = queries + passages === 1 ? 'has' : 'have';
  return (
    `${of.join(' and ')} ${have} white space, which is not allowed in a TREC run: ` +
    `it is written as “_” (${excerpt(example)} is ${excerpt(trecId(example))}). ` +
    '“evaluate --run” matches such ids with your judgments; other programs do not.'
  );
}

/** The ids of one query's passages, or of all. */
export interface KnownIds {
  has(id: string): boolean;
  keys(): Iterable<string>;
}

/**
 * A run of our own with the ids that its queries and passages had before they were written: where an id is not
 * known, and exactly one known id is written so.
 * @param known query → ids of passages that it may have
 */
export function restoreIds(
  run: Run,
  known: ReadonlyMap<string, KnownIds>,
): { readonly run: Run; readonly restored: number } {
  let restored = 0;
  const formsOf = new Map<KnownIds, ReadonlyMap<string, string>>();
  const original = (written: string, ids: KnownIds): string => {
    if (ids.has(written)) return written;
    let forms = formsOf.get(ids);
    if (!forms) {
      forms = writtenForms(ids.keys());
      formsOf.set(ids, forms);
    }
    const id = forms.get(written);
    if (id !== undefined) restored++;
    return id ?? written;
  };
  const back = new Map<string, readonly RunEntry[]>();
  for (const [written, entries] of run) {
    const query = original(written, known);
    const ids = known.get(query);
    back.set(query, ids ? entries.map((entry) => ({ ...entry, id: original(entry.id, ids) })) : entries);
  }
  return { run: back, restored };
}

/** Written form → id, of ids that are written in another form that no other shares. */
function writtenForms(ids: Iterable<string>): Map<string, string> {
  const forms = new Map<string, string>();
  const shared = new Set<string>();
  for (const id of ids) {
    if (id.trim() === '') continue;
    const written = trecId(id);
    if (written === id) continue;
    if (forms.has(written)) shared.add(written);
    forms.set(written, id);
  }
  for (const written of shared) forms.delete(written);
  return forms;
}

function sameId(what: string, one: string, other: string, written: string): RankscopeError {
  return new RankscopeError(
    'bad-input',
    `${what} ${excerpt(one)} and ${excerpt(other)} would both be ${excerpt(written)} in a TREC run, where white space ` +
      'in ids becomes “_”. Give one of them another id.',
  );
}
