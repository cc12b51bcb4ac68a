/**
 * Stage 4: BM25, the teacher, the base and the student on the same candidates. The student is measured as
 * the page will run it: quantised.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pointwiseYes } from '../../src/ranking/methods/pointwise-yes/method.ts';
import { methodOfSchedule } from '../../src/ranking/methods/registry.ts';
import { relevanceGeneration } from '../../src/ranking/methods/rg/method.ts';
import { givenChoices } from '../../src/ranking/schedules/choices.ts';
import { matchesTrained } from '../../src/ranking/templates.ts';
import { slug } from '../cli/file-names.ts';
import type { EvaluateRequest, MethodSpec, SetOptions } from '../evaluate/evaluate-request.ts';
import { DEFAULT_MEASURES } from '../evaluate/measures.ts';
import { readResults } from '../evaluate/read-results.ts';
import { runEvaluation } from '../evaluate/run-evaluate.ts';
import { writeAtomic } from '../node/atomic.ts';
import { type Pair, type RowDifference, rowDifferences, tauDifferences } from './differences.ts';
import { setName } from './judged-sets.ts';
import type { Layout } from './layout.ts';
import type { Prepared } from './prepare.ts';
import { optional } from './recipe-fields.ts';
import type { DistillRecipe, MethodName } from './recipe-types.ts';
import { appendDifferences } from './results.ts';
import { takeAnswers } from './siblings.ts';
import { CANCELLED, type StageContext, type StageResult } from './stage.ts';
import { writeStudentCard } from './student-card.ts';
import { makeEvaluated } from './student-folder.ts';

/** Rows of the table by the recipe's names. */
const ROWS: Readonly<Record<Exclude<MethodName, 'control'>, string>> = {
  bm25: 'bm25',
  teacher: 'teacher (pairwise)',
  relevance: 'base, relevance generation',
  student: 'student',
};

/** What the table shows, and what the student is compared with. */
export interface Story {
  readonly rows: Readonly<Record<MethodName, string>>;
  /** In nDCG@10. */
  readonly pairs: readonly Pair[];
  /** In Kendall's τ to the row `to`: by how much nearer to the teacher's order the student is. */
  readonly tau: { readonly to: string; readonly pairs: readonly Pair[] };
}

/**
 * The row `control` asks what training starts from in the student's words, and is named for what that is. Where it has
 * learnt them (an already distilled student, as in the recipe `small`), the student's distance to it is what this
 * training gave. A base that never saw them may rank below random order: distance to that is not a gain, and is not listed;
 * the base's own Yes / No question is the comparison.
 */
export function storyOf({
  base: { card },
  studentTemplate,
}: Pick<Prepared, 'base' | 'studentTemplate'>): Story {
  const knows = matchesTrained(studentTemplate, card.templates);
  const control = !knows
    ? 'base under the student’s prompt (control)'
    : card.role === 'student'
      ? 'start: the already distilled student'
      : 'start: base under the student’s prompt';
  const { teacher, relevance, student } = ROWS;
  const starts: readonly Pair[] = knows ? [[student, control]] : [];
  return {
    rows: { ...ROWS, control },
    pairs: [...starts, [student, teacher], [student, relevance]],
    tau: { to: teacher, pairs: [...starts, [student, relevance]] },
  };
}

export async function evaluateStage(context: StageContext): Promise<StageResult> {
  const { layout, listener, signal } = context;
  const request = evaluationRequest(context, layout.evaluated, layout.evaluation);
  if (!request) return { state: 'done', files: [] };
  await writeStudentCard(context, []);
  listener.progress?.(0, 1, 'scorers', 'making the student’s scorer');
  await mkdir(layout.evaluation, { recursive: true });
  await makeEvaluated(context);
  await takeAnswers(context);
  const summary = await runEvaluation(
    { ...request, signal },
    {
      notice: listener.notice,
      progress(done, total, what) {
        const [unit = '', ...rest] = what.split(' ');
        listener.progress?.(done, total, unit, rest.join(' '));
      },
    },
  );
  if (summary.state === 'cancelled') return CANCELLED;
  await appendDifferences(layout.evaluation, await writeDifferences(context));
  const files = ['results.json', 'table.md'].map((file) => join(layout.evaluation, file));
  return { state: 'done', files: [...files, layout.differences] };
}

/** Differences between the rows, which table and card show; kept, for the card may be written on another day. */
export async function writeDifferences({ layout, prepared }: StageContext): Promise<RowDifference[]> {
  const results = await readResults(layout.evaluation);
  const { pairs, tau } = storyOf(prepared);
  const differences = [
    ...rowDifferences(results, pairs),
    ...(await tauDifferences(layout.evaluation, results, tau.pairs, tau.to)),
  ];
  await writeAtomic(layout.differences, `${JSON.stringify(differences)}\n`);
  return differences;
}

/**
 * @param student the folder of the student; absent: the base stands in for it, to measure the time
 * @returns undefined where there are no judgments
 */
export function evaluationRequest(
  { recipe, prepared, layout }: Pick<StageContext, 'recipe' | 'prepared' | 'layout'>,
  student: string | undefined,
  output: string,
): EvaluateRequest | undefined {
  const { data, evaluate } = recipe;
  const sets: (SetOptions & { readonly input: string })[] = evaluate.data.map((one) => ({
    ...one,
    name: setName(one),
  }));
  if (prepared.queries.heldOut) sets.unshift(heldOutSet(recipe, layout));
  if (sets.length === 0) return undefined;
  const { teacher } = prepared;
  const folders = [
    ...(teacher ? [teacher.folder] : []),
    prepared.base.folder,
    ...(student === undefined ? [] : [student]),
  ];
  return {
    data: sets.map(({ input }) => input),
    sets,
    checkpoints: [...new Set(folders)],
    methods: evaluate.methods
      .filter((name) => name !== 'teacher' || teacher)
      .map((name) => methodSpec(name, recipe, prepared, student)),
    k: evaluate.k,
    output,
    dtype: evaluate.dtype,
    shuffled: evaluate.shuffled,
    seed: recipe.seed,
    threads: prepared.threads,
    ...givenChoices(recipe.teacher ?? {}),
    skipFaulty: data.skipFaulty,
    keepIdenticalIds: data.keepIdenticalIds,
    cutQueries: data.cutQueries,
    bm25: data.bm25,
    measures: DEFAULT_MEASURES,
    compared: 'ndcg@10',
  };
}

function heldOutSet({ data }: DistillRecipe, layout: Layout): SetOptions & { readonly input: string } {
  return {
    input: data.input,
    name: `${slug(data.name ?? setName(data))}-held-out`,
    queries: layout.heldOutQueries,
    qrels: layout.heldOutQrels,
    run: data.run,
  };
}

function methodSpec(
  method: MethodName,
  recipe: DistillRecipe,
  prepared: Prepared,
  student: string | undefined,
): MethodSpec {
  const { evaluate, teacher: asked, student: taught } = recipe;
  const { teacher, base, studentTemplate, studentWording } = prepared;
  const ofTeacher = { ...optional('template', asked?.template), ...optional('passages', asked?.passages) };
  const passages = optional('passages', taught.passages);
  const words = { template: studentWording ?? studentTemplate.id, ...passages };
  const name = storyOf(prepared).rows[method];
  switch (method) {
    case 'bm25':
      return { id: 'bm25', name };
    case 'teacher':
      return { id: methodOfSchedule(evaluate.schedule), only: teacher!.folder, name, ...ofTeacher };
    case 'relevance':
      return { id: relevanceGeneration.id, only: base.folder, name, ...passages };
    case 'control':
      return { id: pointwiseYes.id, only: base.folder, name, ...words };
    case 'student':
      if (student !== undefined) return { id: pointwiseYes.id, only: student, name };
      return { id: pointwiseYes.id, only: base.folder, name, ...words };
  }
}
