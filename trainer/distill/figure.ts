/**
 * What several students of one recipe compare: nDCG by model size and by training signal, the data of Figure 3 of Sun et
 * al. 2023 (arXiv 2311.01555), with its names.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sizeOf } from '../../src/onnx/tensor.ts';
import { SCHEDULES } from '../../src/ranking/methods/registry.ts';
import { parseT5Config } from '../../src/t5/config.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import { markdownTable, signed } from '../cli/markdown.ts';
import { count } from '../cli/progress.ts';
import type { ResultRow } from '../evaluate/evaluate-request.ts';
import { readResults } from '../evaluate/read-results.ts';
import { writeAtomic } from '../node/atomic.ts';
import { type Pair, type RowDifference, rowDifferences } from './differences.ts';
import type { LabelsOf } from './recipe-types.ts';
import type { StageContext } from './stage.ts';
import { storyOf } from './stage-evaluate.ts';

export interface FigureRow {
  readonly set: string;
  /** As the figure has it: “Distilled from …”, “SFT (10K)”. */
  readonly name: string;
  /** Name of the checkpoint that ranks, or that the student started from; '' for the first stage. */
  readonly model: string;
  /** Weights of that model; absent: there is none. */
  readonly parameters?: number;
  /** What a student learnt from; absent: nothing was trained. */
  readonly labels?: LabelsOf;
  /** Who labelled. */
  readonly teacher?: string;
  /** Queries that it was trained on. */
  readonly trainedOn?: number;
  /** The student's name in the recipe, and its folder. */
  readonly student?: string;
  readonly queries: number;
  readonly measures: Readonly<Record<string, number>>;
  readonly callsPerQuery?: number;
  readonly secondsPerQuery?: number;
}

export interface Figure {
  readonly k: number;
  readonly rows: readonly FigureRow[];
  /** Paired by query, in nDCG@10. */
  readonly differences: readonly RowDifference[];
}

type Context = Pick<StageContext, 'recipe' | 'prepared' | 'layout'>;
/** A row with the values of its queries, under a name that no other row of the figure has. */
interface Known {
  readonly row: FigureRow;
  readonly result: ResultRow;
}

/** @returns undefined where nothing was evaluated */
export async function figureOf(students: readonly Context[]): Promise<Figure | undefined> {
  const names = modelNames(students);
  const known = new Map<string, Known>();
  let measures: readonly string[] = [];
  for (const context of students) {
    const results = await readResults(context.layout.evaluation).catch(() => undefined);
    if (!results) continue;
    measures = results.measures;
    for (const result of results.rows) {
      const row = await figureRow(context, names, result);
      if (!row) continue;
      const label = labelOf(row);
      const key = JSON.stringify([row.set, label]);
      if (!known.has(key)) known.set(key, { row, result: { ...result, name: label } });
    }
  }
  if (known.size === 0) return undefined;
  const all = [...known.values()].toSorted((a, b) => place(a.row) - place(b.row));
  const rows = all.map(({ row }) => row);
  const results = { measures, rows: all.map(({ result }) => result) };
  return { k: students[0]!.recipe.evaluate.k, rows, differences: rowDifferences(results, pairsOf(rows)) };
}

/** The row of the figure that a row of a student's table is; undefined: it is none (the control). */
async function figureRow(
  { recipe, prepared }: Context,
  names: ReadonlyMap<string, string>,
  { set, name, queries, measures, callsPerQuery, secondsPerQuery }: ResultRow,
): Promise<FigureRow | undefined> {
  const { rows } = storyOf(prepared);
  const { teacher, base } = prepared;
  const found = { set, queries, measures, callsPerQuery, secondsPerQuery };
  if (name === rows.bm25) return { ...found, name: 'BM25', model: '' };
  if (name === rows.teacher && teacher) {
    const parameters = await parametersOf(teacher.folder);
    return {
      ...found,
      name: `PRP (${scheduleName(recipe.evaluate.schedule)})`,
      model: names.get(teacher.folder)!,
      parameters,
    };
  }
  const own = { ...found, model: names.get(base.folder)!, parameters: await parametersOf(base.folder) };
  if (name === rows.relevance) return { ...own, name: 'Relevance Generation' };
  if (name !== rows.student) return undefined;
  const trainedOn = prepared.queries.training.length;
  const { labels } = recipe;
  const learnt = { ...own, labels, trainedOn, student: recipe.name };
  if (labels === 'judgments') return { ...learnt, name: `SFT (${thousands(trainedOn)})` };
  const isOwn = teacher!.folder === base.folder;
  const from = names.get(teacher!.folder)!;
  return { ...learnt, name: isOwn ? 'Instruction Distillation' : `Distilled from ${from}`, teacher: from };
}

/** Of each checkpoint's folder its name; with the folder's where another has the same. */
function modelNames(students: readonly Context[]): ReadonlyMap<string, string> {
  const plans = students.flatMap(({ prepared: { teacher, base } }) => [...(teacher ? [teacher] : []), base]);
  const cards = new Map(plans.map(({ folder, card }) => [folder, card.name]));
  const isTaken = (folder: string, name: string) =>
    [...cards].some(([other, its]) => other !== folder && its === name);
  return new Map(
    [...cards].map(([folder, name]) => [
      folder,
      isTaken(folder, name) ? `${name} (${basename(folder)})` : name,
    ]),
  );
}

/** As the paper writes “All pairs”. */
const scheduleName = (name: string): string =>
  name === 'all-pairs' ? 'Allpair' : SCHEDULES.find((one) => one.name === name)!.title;

/** `10K` for ten thousand. */
const thousands = (n: number): string => (n >= 1000 && n % 1000 === 0 ? `${n / 1000}K` : count(n));

async function parametersOf(folder: string): Promise<number> {
  const path = join(folder, 'config.json');
  const config = parseT5Config(JSON.parse(await readFile(path, 'utf8')), path);
  return [...parameterShapes(config).values()].reduce((sum, dims) => sum + sizeOf(dims), 0);
}

/** A student by its name in the recipe, which no other has. */
const labelOf = ({ name, model, student }: FigureRow): string =>
  student ?? (model === '' ? name : `${name} · ${model}`);

/** First stage, models as they are, then students; within each the smaller model first. */
function place({ name, labels, parameters = 0, trainedOn = 0 }: FigureRow): number {
  const kind = labels === 'judgments' ? 4 : labels ? 3 : /^PRP/.test(name) ? 2 : parameters > 0 ? 1 : 0;
  return kind * 1e15 + parameters * 1e3 + Math.min(999, trainedOn / 1e6);
}

/** What the figure is read for: each student against what learnt the same number of queries otherwise, and its teacher. */
function pairsOf(rows: readonly FigureRow[]): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (own: FigureRow, against: FigureRow) => {
    const pair: Pair = [labelOf(own), labelOf(against)];
    pairs.set(JSON.stringify(pair), pair);
  };
  const students = rows.filter(({ labels }) => labels);
  for (const own of students.filter(({ labels }) => labels === 'teacher')) {
    const isLike = (other: FigureRow) =>
      other !== own &&
      other.set === own.set &&
      other.model === own.model &&
      other.trainedOn === own.trainedOn;
    for (const other of students.filter(isLike)) {
      const isSelf = other.name === 'Instruction Distillation';
      if (other.labels === 'judgments' || (isSelf && own.name !== other.name)) add(own, other);
    }
    for (const other of rows) {
      if (other.set === own.set && !other.labels && /^PRP/.test(other.name) && other.model === own.teacher)
        add(own, other);
    }
  }
  return [...pairs.values()];
}

/** Writes figure.md and figure.json, each whole or not at all. */
export async function writeFigure(
  output: string,
  figure: Figure,
): Promise<{ readonly table: string; readonly data: string }> {
  const table = join(output, 'figure.md');
  const data = join(output, 'figure.json');
  const { k, rows, differences } = figure;
  const document = { format: 'rankscope-figure', version: 1, figure: 'figure-3', k, rows, differences };
  await writeAtomic(data, `${JSON.stringify(document, null, 1)}\n`);
  await writeAtomic(table, figureText(figure));
  return { table, data };
}

export function figureText({ k, rows, differences }: Figure): string {
  const sets = [...new Set(rows.map(({ set }) => set))];
  const parts = sets.map((set) => {
    const own = rows.filter((row) => row.set === set);
    const best = Math.max(...own.map(({ measures }) => measures['ndcg@10'] ?? 0));
    const table = markdownTable(
      ['student', 'in the figure', 'model', 'parameters', 'trained on', 'nDCG@10', 'calls/query'],
      own.map(({ student = '', name, model, parameters, trainedOn, labels, measures, callsPerQuery }) => {
        const value = measures['ndcg@10'];
        const text = value?.toFixed(4) ?? '–';
        return [
          ...[student, name, model === '' ? '–' : model, parameters === undefined ? '–' : count(parameters)],
          trainedOn === undefined
            ? '–'
            : `${count(trainedOn)} ${labels === 'judgments' ? 'judged' : 'labelled'}`,
          ...[value === best ? `**${text}**` : text, callsPerQuery?.toFixed(1) ?? '–'],
        ];
      }),
    );
    return `## Model sizes and training signals: ${set} (${count(own[0]!.queries)} queries, top ${k})\n\n${table}`;
  });
  const compared = markdownTable(
    ['set', 'student', 'against', 'Δ nDCG@10', '95 % interval', 'p'],
    differences.map(({ set, method, against, mean, low, high, p }) => [
      ...[set, method, against, signed(mean, 4), `${signed(low, 4)} … ${signed(high, 4)}`],
      p < 0.0001 ? '<0.0001' : p.toFixed(4),
    ]),
  );
  const notes =
    'Names as in Figure 3 of Sun et al. 2023 (https://arxiv.org/abs/2311.01555). SFT: supervised with judgments of as many ' +
    'queries; “labelled” queries were ranked by a teacher and their judgments not used. Parameters are those of the model that ranks.\n';
  return [
    ...parts,
    ...(differences.length > 0 ? [`## Differences, paired by query\n\n${compared}`] : []),
    notes,
  ].join('\n');
}
