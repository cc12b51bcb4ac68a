/**
 * Which queries are distilled and which are held out for the table. A split of its own (`test`, or one
 * that the recipe names) is kept out of training whole; of the only split a part is. Drawn by a hash of
 * seed and id, so that the choice depends on nothing else.
 */
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { readQrels, writeTrecQrels } from '../../src/formats/qrels.ts';
import { writeQueries } from '../../src/formats/queries.ts';
import type { Qrels, Query } from '../../src/types.ts';
import {
  type BeirFolder,
  isFolder,
  judgedQueries,
  openBeir,
  readQueriesFile,
  readSplit,
} from '../input/beir.ts';
import { fraction } from '../input/hash-fraction.ts';
import { readText } from '../input/read-jobs.ts';
import { writeAtomic } from '../node/atomic.ts';
import type { Layout } from './layout.ts';
import { optional } from './recipe-fields.ts';
import type { DistillRecipe } from './recipe-types.ts';

export interface ChosenQueries {
  readonly training: readonly Query[];
  /** Absent: nothing is judged, or nothing is to be held out. */
  readonly heldOut?: { readonly queries: readonly Query[]; readonly qrels: Qrels; readonly split: string };
  /** Corpus, queries, judgments and run: what the choice and the candidates were made from. */
  readonly files: Readonly<
    Record<'corpus' | 'queries' | 'judgments' | 'heldOutJudgments' | 'run', string | undefined>
  >;
  /** Judgments of training queries, where there are any: validation shows nDCG with them. */
  readonly trainingQrels?: string;
  readonly notices: readonly string[];
}

/** Of the only split at most this share is held out. */
const LARGEST_SHARE = 0.25;

interface Judgments {
  readonly split: string;
  readonly file: string;
  readonly qrels: Qrels;
}

/** @throws RankscopeError 'missing' or 'bad-input' that names file and what to do */
export async function chooseQueries(recipe: DistillRecipe): Promise<ChosenQueries> {
  const { data, evaluate, seed } = recipe;
  const folder = (await isFolder(data.input)) ? await openBeir(data.input) : undefined;
  const file = data.queries ?? folder?.queries;
  if (file === undefined) {
    throw new RankscopeError(
      'bad-input',
      `${recipe.path}: data.input is ${data.input}, which is not a folder, so it is read as a corpus. Add data.queries.`,
    );
  }
  const all = await readQueriesFile(file);
  const judgments = await trainingJudgments(data, folder);
  const pool = judgments ? judgedQueries(all, file, judgments) : all;
  const notices: string[] = [];
  const held = evaluate.heldOut > 0 ? await heldOutJudgments(recipe, folder, judgments) : undefined;
  if (evaluate.heldOut > 0 && !held) {
    notices.push(`No judgments in ${data.input}: no query is held out, and nothing is evaluated on it.`);
  }
  const judged = held ? judgedQueries(all, file, held) : [];
  const without = (kept: readonly Query[]) => {
    const ids = new Set(kept.map(({ id }) => id));
    return pool.filter(({ id }) => !ids.has(id));
  };
  const isOwn =
    held !== undefined &&
    held.split !== data.split &&
    (held.split === 'test' || evaluate.split !== undefined);
  const ownSplit = isOwn && without(judged).length > 0;
  const most = ownSplit ? judged.length : Math.floor(judged.length * LARGEST_SHARE);
  const heldOut = drawn(judged, Math.min(evaluate.heldOut, most), `held out ${seed}`);
  if (held && !ownSplit && heldOut.length < evaluate.heldOut) {
    notices.push(
      `${heldOut.length} of the ${judged.length} judged queries are held out: the rest are needed for training.`,
    );
  }
  const open = without(ownSplit ? judged : heldOut);
  const training = drawn(open, data.sample ?? open.length, `training ${seed}`);
  if (data.sample !== undefined && training.length < data.sample) {
    notices.push(
      `data.sample is ${data.sample}; there are ${counted(open.length, 'query', 'queries')} to train on.`,
    );
  }
  return {
    training,
    heldOut:
      held && heldOut.length > 0
        ? { queries: heldOut, qrels: only(held.qrels, heldOut), split: held.split }
        : undefined,
    ...optional('trainingQrels', judgments?.file ?? (ownSplit ? undefined : held?.file)),
    files: {
      corpus: folder?.corpus ?? data.input,
      queries: file,
      judgments: judgments?.file,
      heldOutJudgments: held?.file,
      run: data.run,
    },
    notices,
  };
}

/** Writes what `chooseQueries` found, for the commands that read files. */
export async function writeChosen(layout: Layout, { training, heldOut }: ChosenQueries): Promise<void> {
  await writeAtomic(layout.trainingQueries, writeQueries(training));
  if (!heldOut) return;
  await writeAtomic(layout.heldOutQueries, writeQueries(heldOut.queries));
  await writeAtomic(layout.heldOutQrels, writeTrecQrels(heldOut.qrels));
}

async function trainingJudgments(
  { split, qrels }: DistillRecipe['data'],
  folder: BeirFolder | undefined,
): Promise<Judgments | undefined> {
  if (qrels !== undefined) return { split: '', file: qrels, qrels: readQrels(await readText(qrels), qrels) };
  if (split === undefined) return undefined;
  if (folder) return readSplit(folder, split);
  throw new RankscopeError(
    'bad-input',
    'data.split is for BEIR folders; with a corpus file name data.qrels.',
  );
}

async function heldOutJudgments(
  { evaluate: { split } }: DistillRecipe,
  folder: BeirFolder | undefined,
  training: Judgments | undefined,
): Promise<Judgments | undefined> {
  if (folder && (split !== undefined || folder.splits.has('test') || folder.splits.size === 1)) {
    return readSplit(folder, split);
  }
  return training;
}

/** The first so many by a hash of their ids, in the file's order. */
function drawn(queries: readonly Query[], size: number, salt: string): Query[] {
  if (queries.length <= size) return [...queries];
  const byHash = queries
    .map(({ id }) => ({ id, at: fraction(id, salt) }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const taken = new Set(byHash.slice(0, size).map(({ id }) => id));
  return queries.filter(({ id }) => taken.has(id));
}

function only(qrels: Qrels, queries: readonly Query[]): Qrels {
  return new Map(queries.map(({ id }) => [id, qrels.get(id)!]));
}
