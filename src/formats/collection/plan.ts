/** Which of the files that were opened take part in an evaluation, and what is missing where it cannot begin. */
import { RankscopeError } from '../../errors.ts';
import { counted } from '../excerpt.ts';
import type { CollectionKind } from './recognise.ts';

export interface KnownFile {
  readonly path: string;
  readonly kind: CollectionKind;
}

export interface CollectionPlan {
  /** `collection`: a corpus is searched, or runs give its candidates. `hits`: candidates come with the queries. */
  readonly kind: 'collection' | 'hits' | 'runs';
  readonly corpus?: string;
  readonly queries?: string;
  readonly hits: readonly string[];
  /** Name of a split, e.g. `test` → its file of judgments. */
  readonly splits: ReadonlyMap<string, string>;
  readonly runs: readonly string[];
  /** How often passages are mentioned. */
  readonly counts?: string;
}

/** @throws RankscopeError 'bad-input' with details {incomplete: true} that says what else to give */
export function planCollection(name: string, files: readonly KnownFile[]): CollectionPlan {
  const of = (kind: CollectionKind) => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const [corpora, queries, judgments, runs, hits] = [
    of('corpus'),
    of('queries'),
    of('qrels'),
    of('run'),
    of('hits'),
  ];
  const [counts] = of('counts');
  const splits = new Map(judgments.map((path) => [splitOf(path, judgments), path]));
  if (hits.length > 0) return { kind: 'hits', hits, splits, runs, counts };
  const corpus = preferred(corpora, 'corpus');
  const topics = preferred(queries, 'queries');
  if (corpus !== undefined && topics !== undefined && judgments.length > 0) {
    return { kind: 'collection', corpus, queries: topics, hits, splits, runs, counts };
  }
  if (runs.length > 0 && judgments.length > 0) return { kind: 'runs', hits, splits, runs };
  throw incomplete(name, [
    ...(runs.length > 0 || corpora.length > 0 ? [] : ['a corpus (corpus.jsonl)']),
    ...(runs.length > 0 || topics !== undefined ? [] : ['queries (queries.jsonl)']),
    ...(judgments.length > 0 ? [] : ['judgments (qrels)']),
  ]);
}

function incomplete(name: string, missing: readonly string[]): RankscopeError {
  const list =
    missing.length > 1 ? `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)}` : (missing[0] ?? 'files');
  return new RankscopeError(
    'bad-input',
    `${name}: something is missing: ${list}. ` +
      'An evaluation needs a corpus, queries and judgments, or runs and judgments, or RankGPT hits. Drop what is missing, too.',
    { incomplete: true },
  );
}

/** `corpus.jsonl` before others of its kind, else the first. */
const preferred = (paths: readonly string[], name: string): string | undefined =>
  paths.find((path) => new RegExp(`(^|/)${name}\\.jsonl(\\.gz)?$`).test(path)) ?? paths[0];

/** `qrels/test.tsv` → `test`; the path where two have the same name. */
function splitOf(path: string, all: readonly string[]): string {
  const short = (one: string) =>
    (one.split('/').at(-1) ?? one).replace(/(\.(tsv|txt|trec|qrels?|jsonl?|gz))+$/i, '');
  return all.filter((other) => short(other) === short(path)).length > 1 ? path : short(path);
}

/** The split that is taken where nobody has chosen: `test`, else the first. */
export const defaultSplit = (splits: Iterable<string>): string | undefined => {
  const names = [...splits];
  return names.find((name) => /^test$/i.test(name)) ?? names[0];
};

/** In words, what a file is: for the list of what was recognised. */
export const KIND_WORDS: Readonly<Record<CollectionKind, string>> = {
  corpus: 'corpus',
  queries: 'queries',
  qrels: 'judgments',
  run: 'run',
  hits: 'hits',
  counts: 'popularity',
};

/** What came of a file, in words: “5,183 passages”. */
export const countedAs = (kind: CollectionKind, count: number): string => {
  if (kind === 'corpus') return counted(count, 'passage');
  if (kind === 'counts') return counted(count, 'count');
  if (kind === 'qrels') return counted(count, 'judged query', 'judged queries');
  return counted(count, 'query', 'queries');
};
