/**
 * Everything that a distillation reads, opened and checked before any work, and what each stage depends
 * on, as digests: the stages' records are compared with it.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { pointwiseYes } from '../../src/ranking/methods/pointwise-yes/method.ts';
import { methodOfSchedule } from '../../src/ranking/methods/registry.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { wordingHash } from '../../src/ranking/wording-hash.ts';
import { bm25Record } from '../../src/retrieval/params.ts';
import { planTeacher } from '../label/teacher.ts';
import { fileDigest, textDigest } from '../node/digests.ts';
import { defaultThreads, nodeRuntime } from '../node/runtime.ts';
import { chooseTemplate, refuseUntrained } from '../scoring/choose-template.ts';
import { type CheckpointPlan, planCheckpoints } from '../scoring/plan-checkpoints.ts';
import { readingOf } from '../scoring/reading-digest.ts';
import { type JudgedSet, openSet, sharedQueries } from './judged-sets.ts';
import type { StageName } from './layout.ts';
import { type ChosenQueries, chooseQueries } from './queries.ts';
import { HARMLESS } from './recipe-train.ts';
import type { DistillRecipe, TeacherRecipe } from './recipe-types.ts';
import type { StageInputs } from './records.ts';

export interface Prepared {
  readonly queries: ChosenQueries;
  /** With the dtype that labels; absent: judgments are learnt, and no teacher is compared with. */
  readonly teacher?: AskedTeacher;
  /** What the student starts from. */
  readonly base: CheckpointPlan;
  readonly studentTemplate: PromptTemplate;
  /** The id or file that names it; absent: the base's own default. */
  readonly studentWording?: string;
  readonly threads: number;
  readonly inputs: Readonly<Record<StageName, StageInputs>>;
  /** What people should know of the data. */
  readonly notices: readonly string[];
}

export interface AskedTeacher extends CheckpointPlan {
  readonly template: PromptTemplate;
}

/**
 * @param threads of an earlier start of the same distillation, for a recipe that names none
 * @throws RankscopeError 'missing', 'bad-checkpoint' or 'bad-input'
 */
export async function prepare(recipe: DistillRecipe, threads?: number): Promise<Prepared> {
  const { student, evaluate } = recipe;
  const teacher = recipe.teacher && (await prepareTeacher(recipe.teacher, evaluate.dtype));
  const [base] = await planCheckpoints([student.checkpoint], evaluate.dtype);
  // A base's own pointwise wording is a trained question of its own; the student's is the paper's.
  const studentWording = student.template ?? (base!.card.role === 'student' ? undefined : 'paper-student');
  const studentTemplate = await chooseTemplate(pointwiseYes.id, base!.card, studentWording, student.passages);
  const queries = await chooseQueries(recipe);
  if (recipe.labels === 'judgments') refuseUnjudged(recipe, queries);
  const prepared = {
    queries,
    teacher,
    base: base!,
    studentTemplate,
    studentWording,
    threads: recipe.threads ?? threads ?? defaultThreads(),
  };
  const sets = await Promise.all(evaluate.data.map(openSet));
  const notices = sets.flatMap((set) => sharedQueries(set, queries.training) ?? []);
  return {
    ...prepared,
    notices: [...queries.notices, ...notices],
    inputs: await stageInputs(recipe, prepared, sets),
  };
}

/** @throws RankscopeError 'missing', 'bad-checkpoint', or 'bad-input' for a checkpoint that compares no pairs */
async function prepareTeacher(wanted: TeacherRecipe, evaluated: Dtype | undefined): Promise<AskedTeacher> {
  const plan = await planTeacher(wanted.checkpoint, wanted.dtype);
  if (evaluated !== undefined) await planCheckpoints([wanted.checkpoint], evaluated);
  const method = methodOfSchedule(wanted.schedule);
  const insist = 'To ask it all the same, name a wording as teacher.template.';
  refuseUntrained(method, plan.card, wanted, insist);
  const template = await chooseTemplate(method, plan.card, wanted.template, wanted.passages);
  return { ...plan, template };
}

/** @throws RankscopeError 'bad-input' where the queries to train on were not chosen among judged ones */
function refuseUnjudged({ path, data }: DistillRecipe, { files }: ChosenQueries): void {
  if (files.judgments !== undefined) return;
  throw new RankscopeError(
    'bad-input',
    `${path}: labels are judgments, and nothing says which. Name data.split (of ${data.input}) or data.qrels.`,
  );
}

async function stageInputs(
  recipe: DistillRecipe,
  { queries, teacher, base, studentTemplate, threads }: Omit<Prepared, 'inputs' | 'notices'>,
  sets: readonly JudgedSet[],
): Promise<Prepared['inputs']> {
  const { data, train, evaluate, export: exported, seed } = recipe;
  const runtime = nodeRuntime(threads).version;
  // As it was before there was a choice.
  const cutQueries = data.cutQueries || undefined;
  const digest = async (path: string | undefined) => (path === undefined ? null : fileDigest(path));
  const supervised = recipe.labels === 'judgments';
  const { corpus, queries: queryFile, judgments, heldOutJudgments, run } = queries.files;
  return {
    candidates: {
      'data.input': await digest(corpus),
      'data.queries': await digest(queryFile),
      'data.judgments': await digest(judgments),
      'data.run': await digest(run),
      'data.k': data.k,
      'data.sample': data.sample ?? null,
      'data.bm25': JSON.stringify(bm25Record(data.bm25)),
      'data.skipFaulty': data.skipFaulty,
      // As it was before there was a choice.
      'data.keepIdenticalIds': data.keepIdenticalIds ? undefined : false,
      'evaluate.heldOut': evaluate.heldOut,
      'evaluate.split': await digest(heldOutJudgments),
      // As it was before there was a choice.
      labels: supervised ? 'judgments' : undefined,
      seed,
    },
    label: supervised
      ? { 'data.judgments': await digest(judgments) }
      : { ...teacherInputs(recipe, teacher), 'data.cutQueries': cutQueries, onnxruntime: runtime },
    train: {
      'student.checkpoint': await digest(join(base.folder, 'model.safetensors')),
      'student.tokenizer': await digest(join(base.folder, 'tokenizer.json')),
      'student.template': wordingHash(studentTemplate),
      'student.limits': limitsText(base),
      threads,
      ...flat('train', without(train, HARMLESS)),
    },
    evaluate: {
      // Of labels by a teacher the stage before depends on it already.
      ...(supervised ? teacherInputs(recipe, teacher) : undefined),
      'evaluate.methods': evaluate.methods.join(', '),
      'evaluate.k': evaluate.k,
      'evaluate.schedule': evaluate.schedule,
      // As it was before there was a choice.
      'evaluate.shuffled': evaluate.shuffled || undefined,
      'evaluate.dtype': evaluate.dtype ?? null,
      'data.cutQueries': cutQueries,
      'evaluate.data': textDigest(JSON.stringify(sets.map(({ digests }) => digests))),
    },
    export: {
      ...flat('export', exported),
      name: recipe.name,
      'data.name': data.name ?? null,
      'data.license': data.license,
    },
  };
}

function teacherInputs({ teacher: recipe }: DistillRecipe, teacher: AskedTeacher | undefined): StageInputs {
  if (!recipe || !teacher) return {};
  return {
    'teacher.checkpoint': teacher.digest,
    'teacher.dtype': teacher.dtype,
    'teacher.schedule': recipe.schedule,
    'teacher.passes': recipe.passes ?? null,
    // As it was before there was a choice.
    'teacher.top': recipe.top,
    'teacher.budget': recipe.budget,
    'teacher.template': wordingHash(teacher.template),
    'teacher.limits': limitsText(teacher),
    'teacher.tokenizer': readingOf(teacher.card).tokenizer || undefined,
  };
}

/** How much of a prompt and its passages is read: a card may be given other limits around the same weights. */
function limitsText({ card }: Pick<CheckpointPlan, 'card'>): string {
  const { maxTokens, maxPassageTokens, maxPassageWords } = readingOf(card).limits;
  const passage = [
    ...(maxPassageTokens === undefined ? [] : [`${maxPassageTokens} tokens`]),
    ...(maxPassageWords === undefined ? [] : [`${maxPassageWords} words`]),
  ];
  return `${maxTokens} tokens${passage.length > 0 ? `, of a passage ${passage.join(', ')}` : ''}`;
}

function without(section: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(section).filter(([name]) => !names.includes(name)));
}

/** Fields of a section by their names in the recipe. */
function flat(at: string, section: object): StageInputs {
  const entries = Object.entries(section).map(([key, value]) => {
    const plain = ['string', 'number', 'boolean'].includes(typeof value);
    return [`${at}.${key}`, plain ? (value as string) : JSON.stringify(value)];
  });
  return Object.fromEntries(entries) as StageInputs;
}

/** For the record of how a student was made. */
export const rankscopeVersion = (): string =>
  (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
