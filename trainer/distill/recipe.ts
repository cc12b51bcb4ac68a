/** Reads a recipe of a distillation: its fields, their bounds, their defaults. */
import { resolve } from 'node:path';
import { DTYPES } from '../../src/checkpoint/card-read.ts';
import { methodOfSchedule, SCHEDULE_NAMES, takes } from '../../src/ranking/methods/registry.ts';
import { CHOICE_NAMES, givenChoices } from '../../src/ranking/schedules/choices.ts';
import { STEMMINGS } from '../../src/retrieval/params.ts';
import { UNSTEMMED_BM25 } from '../../src/retrieval/types.ts';
import { Fields } from '../recipe/fields.ts';
import { openRecipe } from '../recipe/recipe-file.ts';
import { optional, passages, template } from './recipe-fields.ts';
import { readStudents, trainFor } from './recipe-students.ts';
import {
  type DataRecipe,
  type DistillRecipe,
  LABEL_SOURCES,
  type LabelsOf,
  METHODS,
  type TeacherRecipe,
} from './recipe-types.ts';

/** What the command line says in the place of the recipe; paths relative to the working folder. */
export interface RecipeOptions {
  readonly input?: string;
  readonly teacher?: string;
}

/**
 * Reads and checks a recipe; nothing but the file is looked at.
 * @param given a path, or the name of a shipped recipe
 * @throws RankscopeError 'missing', or 'bad-input' that names file, line and field of everything wrong
 */
export async function readDistillRecipe(given: string, options: RecipeOptions = {}): Promise<DistillRecipe> {
  const file = await openRecipe(given);
  const root = Fields.of(file);
  const name = root.text('name') ?? 'student';
  const seed = root.whole('seed', { least: 0, most: 2 ** 31 - 1 }) ?? 1;
  const threads = root.whole('threads', { least: 1, most: 256 });
  const labels = root.choice('labels', LABEL_SOURCES) ?? 'teacher';
  const data = readData(root.section('data'), options);
  const teacher = readTeacher(root.section('teacher'), options, labels);
  const student = root.section('student');
  const start = student.file('checkpoint');
  const several = root.has('students');
  // Another teacher by option: a start that suited the recipe's own is none for its student. Learning judgments has no teacher.
  const own = options.teacher === undefined || labels === 'judgments' ? start : undefined;
  if (!several && (own ?? teacher?.checkpoint) === undefined && labels === 'judgments') {
    student.missing('checkpoint', 'name the folder that training starts from.');
  }
  const recipe: DistillRecipe = {
    path: file.path,
    name,
    seed,
    labels,
    data,
    teacher,
    threads,
    student: {
      checkpoint: own ?? teacher?.checkpoint ?? '',
      ...optional('template', template(student)),
      ...optional('passages', passages(student)),
    },
    train: trainFor(labels, root.section('train')),
    evaluate: readEvaluate(root.section('evaluate')),
    export: readExport(root.section('export')),
  };
  const students = readStudents(root, recipe);
  root.finish();
  return students ? { ...recipe, students } : recipe;
}

function readData(data: Fields, { input }: RecipeOptions): DistillRecipe['data'] {
  const given = data.file('input');
  if (input === undefined && !data.has('input')) {
    data.missing('input', 'name a BEIR folder or a corpus file there, or give --input.');
  }
  const bm25 = data.section('bm25');
  const source = readSource(data);
  // Queries and judgments beside another corpus than the recipe's would be another's.
  const own = input === undefined ? source : { ...optional('split', source.split) };
  return {
    ...own,
    input: input === undefined ? (given ?? '') : resolve(input),
    k: data.whole('k', { least: 2, most: 1000 }) ?? 10,
    ...optional('sample', data.whole('sample', { least: 1 })),
    bm25: {
      // A recipe that does not name stemming was written when there was none.
      ...UNSTEMMED_BM25,
      k1: bm25.number('k1', { least: 0 }) ?? UNSTEMMED_BM25.k1,
      b: bm25.number('b', { least: 0, most: 1 }) ?? UNSTEMMED_BM25.b,
      delta: bm25.number('delta', { least: 0 }) ?? UNSTEMMED_BM25.delta,
      stopWords: bm25.flag('leaveOutStopWords') ?? UNSTEMMED_BM25.stopWords,
      stemming: bm25.choice('stemming', STEMMINGS) ?? UNSTEMMED_BM25.stemming,
    },
    skipFaulty: data.flag('skipFaulty') ?? false,
    // A recipe that does not say was written when they all stayed.
    keepIdenticalIds: data.flag('keepIdenticalIds') ?? true,
    cutQueries: data.flag('cutQueries') ?? false,
    ...optional('name', data.text('name')),
    license: data.text('license') ?? 'not stated',
  };
}

/** Everything of a source of queries but its input. */
function readSource(fields: Fields): Omit<DataRecipe, 'input'> {
  const split = fields.text('split');
  const qrels = fields.file('qrels');
  if (split !== undefined && qrels !== undefined) {
    fields.wrong('split', 'and qrels are two different judgments. Keep one of the two.');
  }
  return {
    ...optional('queries', fields.file('queries')),
    ...optional('split', split),
    ...optional('qrels', qrels),
    ...optional('run', fields.file('run')),
  };
}

/** undefined: none, where judgments are learnt. */
function readTeacher(
  fields: Fields,
  { teacher }: RecipeOptions,
  labels: LabelsOf,
): TeacherRecipe | undefined {
  const given = fields.file('checkpoint');
  const isNamed = teacher !== undefined || fields.has('checkpoint');
  if (!isNamed && labels === 'judgments') return undefined;
  if (!isNamed) {
    fields.missing('checkpoint', 'name a folder with ranker.json there, or give --checkpoint.');
  }
  const schedule = fields.choice('schedule', SCHEDULE_NAMES) ?? 'all-pairs';
  const choices = CHOICE_NAMES.map((name) => {
    const value = fields.whole(name, { least: 1, most: 1000 });
    if (value !== undefined && !takes(methodOfSchedule(schedule), name)) {
      const fitting = SCHEDULE_NAMES.filter((one) => takes(methodOfSchedule(one), name)).join(' or ');
      fields.wrong(name, `is for the schedule ${fitting}, and the schedule is ${schedule}. Leave it out.`);
    }
    return [name, value] as const;
  });
  return {
    checkpoint: teacher === undefined ? (given ?? '') : resolve(teacher),
    schedule,
    ...givenChoices(Object.fromEntries(choices)),
    ...optional('template', template(fields)),
    ...optional('passages', passages(fields)),
    ...optional('dtype', fields.choice('dtype', DTYPES)),
    shards: fields.whole('shards', { least: 1, most: 10_000 }) ?? 1,
  };
}

function readEvaluate(fields: Fields): DistillRecipe['evaluate'] {
  const entries = fields.entries('data') ?? [];
  return {
    heldOut: fields.whole('heldOut', { least: 0 }) ?? 100,
    ...optional('split', fields.text('split')),
    data: entries.map((entry) => {
      if (typeof entry === 'string') return { input: fields.resolve(entry) };
      const input = entry.file('input');
      if (!entry.has('input')) entry.missing('input', 'name a BEIR folder or a corpus file.');
      return {
        input: input ?? '',
        ...readSource(entry),
        ...optional('name', entry.text('name')),
        ...optional('limit', entry.whole('limit', { least: 1 })),
      };
    }),
    methods: fields.choices('methods', METHODS) ?? METHODS,
    k: fields.whole('k', { least: 2, most: 1000 }) ?? 10,
    schedule: fields.choice('schedule', SCHEDULE_NAMES) ?? 'all-pairs',
    ...optional('shuffled', fields.flag('shuffled')),
    ...optional('dtype', fields.choice('dtype', DTYPES)),
  };
}

function readExport(fields: Fields): DistillRecipe['export'] {
  return {
    dtypes: fields.choices('dtypes', DTYPES) ?? ['int8', 'q8'],
    weights: fields.choice('weights', ['bf16', 'fp32']) ?? 'bf16',
    ...optional('name', fields.text('name')),
    ...optional('license', fields.text('license')),
    ...optional('description', fields.text('description')),
  };
}
