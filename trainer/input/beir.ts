/** A BEIR folder: corpus.jsonl, queries.jsonl, qrels/<split>.tsv. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { badInput, counted, excerpt } from '../../src/formats/excerpt.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import { readQueries } from '../../src/formats/queries.ts';
import type { Qrels, Query } from '../../src/types.ts';
import { readText } from './read-jobs.ts';

export interface BeirFolder {
  /** The folder's own name. */
  readonly name: string;
  readonly corpus: string;
  readonly queries: string;
  /** Split → file with its judgments. */
  readonly splits: ReadonlyMap<string, string>;
}

/** Whether an input is a folder or a file. @throws RankscopeError 'missing' when it is neither */
export async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === 'ENOENT' ? 'there is no such file or folder' : (error.code ?? String(error));
    throw new RankscopeError('missing', `${path} cannot be read: ${reason}.`);
  });
  return found.isDirectory();
}

/** @throws RankscopeError 'missing' when there is no such folder or no corpus.jsonl in it. */
export async function openBeir(folder: string): Promise<BeirFolder> {
  const files = await readdir(folder).catch(() => undefined);
  if (!files) {
    throw new RankscopeError('missing', `${folder}: there is no such folder. Give one in BEIR’s layout.`);
  }
  // Packed where only the packed file is there; its bytes say so, not its name.
  const place = (file: string) =>
    join(folder, files.includes(file) || !files.includes(`${file}.gz`) ? file : `${file}.gz`);
  if (!files.includes('corpus.jsonl') && !files.includes('corpus.jsonl.gz')) {
    throw new RankscopeError(
      'missing',
      `${folder} has no corpus.jsonl. A BEIR folder has corpus.jsonl, queries.jsonl and qrels/<split>.tsv.`,
    );
  }
  const splits = new Map<string, string>();
  const judgments = await readdir(join(folder, 'qrels')).catch(() => []);
  // The last wins over others of the same name: .tsv over .trec, plain over packed.
  const kinds = ['.jsonl', '.txt', '.qrels', '.trec', '.tsv'];
  for (const end of [...kinds.map((kind) => `${kind}.gz`), ...kinds]) {
    for (const file of judgments) {
      if (file.endsWith(end)) splits.set(file.slice(0, -end.length), join(folder, 'qrels', file));
    }
  }
  return {
    name: basename(resolve(folder)),
    corpus: place('corpus.jsonl'),
    queries: place('queries.jsonl'),
    splits,
  };
}

/**
 * The judgments of a split; without a name `test`, or the only one there is.
 * @throws RankscopeError 'missing' when the folder has none or not that one.
 */
export async function readSplit(
  folder: BeirFolder,
  wanted?: string,
): Promise<{ split: string; file: string; qrels: Qrels }> {
  const names = [...folder.splits.keys()];
  const split = wanted ?? (names.length === 1 ? names[0]! : 'test');
  const file = folder.splits.get(split);
  if (file === undefined) {
    const known = names.length === 0 ? 'it has none' : `choose --split ${names.sort().join(' or ')}`;
    throw new RankscopeError('missing', `${folder.name} has no judgments qrels/${split}.tsv: ${known}.`);
  }
  return { split, file, qrels: readQrels(await readText(file), file) };
}

/** @throws RankscopeError 'missing', or 'bad-input' with file and line. */
export async function readQueriesFile(file: string): Promise<Query[]> {
  return readQueries(await readText(file), file);
}

/**
 * The queries that have judgments, in the file's order.
 * @throws RankscopeError 'bad-input' when judgments name a query that the file has not.
 */
export function judgedQueries(
  queries: readonly Query[],
  file: string,
  { qrels, file: judgments }: { readonly qrels: Qrels; readonly file: string },
): Query[] {
  const ids = new Set(queries.map(({ id }) => id));
  const unknown = [...qrels.keys()].filter((id) => !ids.has(id));
  if (unknown.length > 0) {
    throw badInput(
      judgments,
      undefined,
      `it judges ${counted(unknown.length, 'query', 'queries')} not in ${file}, e.g. ${excerpt(unknown[0]!)}. ` +
        'Add what is missing there, or remove these judgments.',
    );
  }
  return queries.filter(({ id }) => qrels.has(id));
}
