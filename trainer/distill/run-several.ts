/**
 * Several students of one recipe, one after the other, each a whole distillation in a folder of its own; what is the same
 * for them is made once. At the end a table compares them: the data of the paper's Figure 3.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { writeAtomic } from '../node/atomic.ts';
import type { DistillEstimate, DistillListener, DistillRequest, DistillSummary } from './distill-request.ts';
import { type FigureRow, figureOf, writeFigure } from './figure.ts';
import { type Layout, layoutOf } from './layout.ts';
import { folderOf } from './recipe-students.ts';
import type { DistillRecipe, MethodName } from './recipe-types.ts';
import { commandLine } from './resolved.ts';
import { refuseWhatCannotFit, sumUp } from './resources.ts';
import { SHARED_STAGES } from './siblings.ts';
import { estimateStudent, makeStudentOf, openStudent, type StudentRun } from './student-run.ts';

/** `--json` prints it. */
export interface SeveralSummary {
  readonly command: 'distill';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly recipe: string;
  readonly output: string;
  readonly students: readonly StudentSummary[];
  readonly estimate?: DistillEstimate;
  /** Wall seconds of this run. */
  readonly seconds: number;
  /** When done: the table, and the same as data. */
  readonly table?: string;
  readonly data?: string;
  readonly rows?: readonly FigureRow[];
}

export interface StudentSummary {
  readonly name: string;
  readonly labels: DistillRecipe['labels'];
  /** Absent: not begun in this run. */
  readonly summary?: DistillSummary;
  readonly estimate?: DistillEstimate;
}

const MARK = 'students.json';
const FORMAT = 'rankscope-students';

/** @throws RankscopeError as `runDistill`, for the first student with something wrong, before any work on one */
export async function runSeveral(
  recipes: readonly DistillRecipe[],
  request: DistillRequest,
  listener: DistillListener = {},
): Promise<SeveralSummary> {
  const began = performance.now();
  const output = resolve(request.output);
  await checkPlace(output);
  const layouts = recipes.map(({ name }) => layoutOf(join(output, folderOf(name))));
  const runs = await openAll(recipes, layouts, request, listener);
  const estimates = await estimateAll(runs, listener);
  const students: StudentSummary[] = runs.map(({ context: { recipe } }, i) => {
    return { name: recipe.name, labels: recipe.labels, estimate: estimates?.[i] };
  });
  const summary = (state: SeveralSummary['state'], estimate?: DistillEstimate): SeveralSummary => {
    const seconds = (performance.now() - began) / 1000;
    return { command: 'distill', state, recipe: recipes[0]!.path, output, students, estimate, seconds };
  };
  if (!estimates) return summary('cancelled');
  const left = estimates.filter((one) => one !== undefined);
  const estimate = await sumUp(
    left.flatMap(({ stages }) => stages),
    output,
  );
  if (left.length > 0) listener.estimatedAll?.({ students, estimate });
  refuseWhatCannotFit(estimate, output);
  if (request.dryRun) return summary('dry-run', estimate);

  await mkdir(output, { recursive: true });
  await writeAtomic(join(output, MARK), `${JSON.stringify(markOf(recipes), null, 1)}\n`);
  for (const [i, run] of runs.entries()) {
    const { name, labels } = run.context.recipe;
    listener.student?.(name, i + 1, runs.length);
    // Results of a run that ended in between are those of today's inputs: looked at again by the stage itself.
    const own = await makeStudentOf(run, estimates[i]);
    students[i] = { name, labels, summary: own, estimate: estimates[i] };
    if (own.state !== 'done') return summary('cancelled', estimate);
  }
  const figure = await figureOf(runs.map(({ context }) => context));
  if (!figure) return summary('done', estimate);
  const { table, data } = await writeFigure(output, figure);
  return { ...summary('done', estimate), table, data, rows: figure.rows };
}

/** All are checked before one of them is begun. */
async function openAll(
  recipes: readonly DistillRecipe[],
  layouts: readonly Layout[],
  request: DistillRequest,
  listener: DistillListener,
): Promise<StudentRun[]> {
  const told = new Set<string>();
  const notice = (text: string) => {
    // What is wrong with the data is the same for all.
    if (!told.has(text)) listener.notice?.(text);
    told.add(text);
  };
  const runs: StudentRun[] = [];
  for (const [i, recipe] of recipes.entries()) {
    const own = { ...request, output: layouts[i]!.output };
    const siblings = layouts.filter((layout) => layout !== layouts[i]);
    const run = await openStudent(recipe, own, { ...listener, notice }, siblings, commandLine(request));
    runs.push({ ...run, context: { ...run.context, shared: sharedRows(runs, run) } });
  }
  return runs;
}

/** Rows of a student's table that one before it asks for as well: the same checkpoint in the same words. */
function sharedRows(before: readonly StudentRun[], { context }: StudentRun): ReadonlySet<MethodName> {
  const { prepared, recipe } = context;
  const asked = (one: StudentRun, same: (other: StudentRun['context']) => boolean) => same(one.context);
  const shared = new Set<MethodName>();
  if (before.length > 0) shared.add('bm25');
  if (
    before.some((one) => asked(one, (other) => other.prepared.teacher?.folder === prepared.teacher?.folder))
  )
    shared.add('teacher');
  const sameBase = before.filter((one) => one.context.prepared.base.folder === prepared.base.folder);
  if (sameBase.length > 0) shared.add('relevance');
  const words = JSON.stringify([prepared.studentTemplate, recipe.student.passages]);
  const sameWords = ({ context: other }: StudentRun) =>
    JSON.stringify([other.prepared.studentTemplate, other.recipe.student.passages]) === words;
  if (sameBase.some(sameWords)) shared.add('control');
  return shared;
}

/** Of each student what is left, without what one before it makes for both; undefined when the signal ended it. */
async function estimateAll(
  runs: readonly StudentRun[],
  listener: DistillListener,
): Promise<(DistillEstimate | undefined)[] | undefined> {
  const estimates: (DistillEstimate | undefined)[] = [];
  const made = new Set<string>();
  for (const [i, run] of runs.entries()) {
    listener.progress?.(i, runs.length, 'students', 'measuring');
    const shared = run.status.filter(({ stage, key }) => SHARED_STAGES.includes(stage) && made.has(key));
    const found = await estimateStudent(run, new Set(shared.map(({ stage }) => stage)));
    if (found === 'cancelled') return undefined;
    for (const { key } of run.status) made.add(key);
    estimates.push(found);
  }
  return estimates;
}

const markOf = (recipes: readonly DistillRecipe[]) => ({
  format: FORMAT,
  version: 1,
  students: recipes.map(({ name, labels }) => ({ name, folder: folderOf(name), labels })),
});

/** @throws RankscopeError 'bad-input' when the place is taken by something else */
async function checkPlace(output: string): Promise<void> {
  const found = await stat(output).catch(() => undefined);
  if (!found) return;
  if (!found.isDirectory()) {
    throw new RankscopeError('bad-input', `${output} is a file. Give --output a folder’s name.`);
  }
  const files = (await readdir(output)).filter((file) => !file.endsWith('.tmp'));
  if (files.length === 0) return;
  const text = await readFile(join(output, MARK), 'utf8').catch(() => '');
  if (text.includes(FORMAT)) return;
  throw new RankscopeError(
    'bad-input',
    `${output} contains ${counted(files.length, 'other file')} and no students of a recipe. Choose an empty or a new folder.`,
  );
}
