/** The further sets that a recipe evaluates on, opened before any work. */
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import type { Query } from '../../src/types.ts';
import { slug } from '../cli/file-names.ts';
import { isFolder, judgedQueries, openBeir, readQueriesFile, readSplit } from '../input/beir.ts';
import { readText } from '../input/read-jobs.ts';
import { fileDigest } from '../node/digests.ts';
import type { EvaluationData } from './recipe-types.ts';

export interface JudgedSet {
  readonly name: string;
  readonly queries: readonly Query[];
  /** Everything that its numbers depend on. */
  readonly digests: readonly unknown[];
}

/** @throws RankscopeError 'missing' or 'bad-input' for a set that cannot be judged */
export async function openSet(data: EvaluationData): Promise<JudgedSet> {
  const { input, queries, qrels, split, run, limit } = data;
  const folder = (await isFolder(input)) ? await openBeir(input) : undefined;
  if (!folder && (queries === undefined || qrels === undefined)) {
    throw new RankscopeError(
      'bad-input',
      `evaluate.data: ${input} is not a folder, so it is read as a corpus. Add its queries and qrels.`,
    );
  }
  const judgments =
    qrels === undefined
      ? await readSplit(folder!, split)
      : { file: qrels, qrels: readQrels(await readText(qrels), qrels) };
  const file = queries ?? folder!.queries;
  const files = [folder?.corpus ?? input, file, judgments.file, ...(run ? [run] : [])];
  const name = setName(data);
  return {
    name,
    queries: judgedQueries(await readQueriesFile(file), file, judgments).slice(0, limit),
    digests: [name, limit ?? null, ...(await Promise.all(files.map(fileDigest)))],
  };
}

/** Says how many queries of a set are trained on, word for word; undefined where none is. */
export function sharedQueries({ name, queries }: JudgedSet, training: readonly Query[]): string | undefined {
  const texts = new Set(training.map(({ text }) => plain(text)));
  const shared = queries.filter(({ text }) => texts.has(plain(text))).length;
  if (shared === 0) return undefined;
  return `${name}: ${counted(shared, 'query', 'queries')} of ${queries.length} are also used for distillation, so its figures are not from unseen queries only.`;
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();

/** A set's name in tables and in files' names. */
export const setName = ({ name, input }: EvaluationData): string =>
  slug(name ?? input.split(/[\\/]/).filter(Boolean).at(-1) ?? 'set');
