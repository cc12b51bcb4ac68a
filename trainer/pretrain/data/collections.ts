/**
 * The open collections that the embedded models learn from, read from BEIR folders.
 * Which of them may train weights is said in `../shared/data/README.md`; only those are named here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RankscopeError } from '../../../src/errors.ts';

/** Passages of one pool are candidates for each other's queries: the Wikipedia folders share articles. */
export type Pool = 'wikipedia' | 'medquad' | 'squad' | 'stackexchange' | 'va-gov' | 'openstax';

export interface CollectionSource {
  readonly name: string;
  readonly pool: Pool;
  readonly license: string;
}

/** What may train, best first: work that is cut short has then done the most useful part. */
export const trainingCollections: readonly CollectionSource[] = [
  { name: 'qed-nq', pool: 'wikipedia', license: 'CC BY-SA 3.0' },
  { name: 'boolq', pool: 'wikipedia', license: 'CC BY-SA 3.0' },
  { name: 'selqa-sections', pool: 'wikipedia', license: 'Apache-2.0, CC BY-SA 3.0' },
  { name: 'squad-nqg', pool: 'squad', license: 'CC BY-SA 4.0' },
  { name: 'va-gov', pool: 'va-gov', license: 'CC0 1.0' },
  { name: 'stackexchange', pool: 'stackexchange', license: 'CC BY-SA 3.0' },
  { name: 'medquad', pool: 'medquad', license: 'CC BY 4.0' },
  { name: 'openstax', pool: 'openstax', license: 'CC BY 4.0' },
  { name: 'wikipedia-sections', pool: 'wikipedia', license: 'CC BY-SA 3.0' },
];

export interface CollectionPassage {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface CollectionQuery {
  readonly id: string;
  readonly text: string;
  /** MedQuAD: the disease a question is about. */
  readonly focus?: string;
}

export interface Collection {
  readonly name: string;
  readonly passages: readonly CollectionPassage[];
  readonly queries: readonly CollectionQuery[];
  /** query id → passage id → grade. */
  readonly qrels: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The folder with the collections: RANKSCOPE_DATA, else `../shared/data` beside the checkout. */
export function dataRoot(): string {
  return resolve(process.env.RANKSCOPE_DATA ?? join(import.meta.dirname, '../../../../shared/data'));
}

export function hasData(): boolean {
  return existsSync(join(dataRoot(), 'qed-nq', 'corpus.jsonl'));
}

/** Reads corpus, queries and all qrels files of a BEIR folder. Errors name file and line. */
export function readCollection(name: string, root = dataRoot()): Collection {
  const folder = join(root, name);
  const passages = readLines(join(folder, 'corpus.jsonl')).map((row) => ({
    id: field(row, '_id'),
    title: optional(row, 'title') ?? '',
    text: field(row, 'text'),
  }));
  const queries = readLines(join(folder, 'queries.jsonl')).map((row) => {
    const metadata = row.value.metadata as Record<string, unknown> | undefined;
    const focus = typeof metadata?.focus === 'string' ? metadata.focus : undefined;
    return { id: field(row, '_id'), text: field(row, 'text'), focus };
  });
  const qrels = new Map<string, Map<string, number>>();
  for (const part of ['train.tsv', 'test.tsv']) {
    const path = join(folder, 'qrels', part);
    if (existsSync(path)) readQrels(path, qrels);
  }
  return { name, passages, queries, qrels };
}

interface Row {
  readonly value: Readonly<Record<string, unknown>>;
  readonly at: string;
}

function readLines(path: string): Row[] {
  if (!existsSync(path)) {
    throw new RankscopeError(
      'missing',
      `${path} is not there. Set RANKSCOPE_DATA to the folder of collections.`,
    );
  }
  const rows: Row[] = [];
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      rows.push({ value: JSON.parse(line) as Record<string, unknown>, at: `${path}:${i + 1}` });
    } catch {
      throw new RankscopeError('bad-input', `${path}:${i + 1} is not JSON. Fix or remove the line.`);
    }
  }
  return rows;
}

function field(row: Row, name: string): string {
  const value = row.value[name];
  if (typeof value === 'string') return value;
  throw new RankscopeError(
    'bad-input',
    `${row.at}: "${name}" is missing or not a string. Add it to the line.`,
  );
}

function optional(row: Row, name: string): string | undefined {
  const value = row.value[name];
  return typeof value === 'string' ? value : undefined;
}

function readQrels(path: string, into: Map<string, Map<string, number>>): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === '') continue; // BEIR: one header line
    const [query, passage, grade] = line.split('\t');
    const value = Number(grade);
    if (query === undefined || passage === undefined || !Number.isFinite(value)) {
      throw new RankscopeError('bad-input', `${path}:${i + 1} is not "query<TAB>passage<TAB>grade".`);
    }
    const grades = into.get(query);
    if (grades) grades.set(passage, value);
    else into.set(query, new Map([[passage, value]]));
  }
}
