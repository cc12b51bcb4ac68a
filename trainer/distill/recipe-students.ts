/** The section `students` of a recipe: several students of one recipe, each with what differs for it. */
import { slug } from '../cli/file-names.ts';
import type { Fields } from '../recipe/fields.ts';
import { passages, template } from './recipe-fields.ts';
import { readTrain, type TrainRecipe } from './recipe-train.ts';
import { type DistillRecipe, LABEL_SOURCES, type LabelsOf } from './recipe-types.ts';

/** Losses that read an order into equal grades: supervised, they would teach the first stage's. */
const ORDER_LOSSES: readonly string[] = ['ranknet', 'ranknet-soft', 'margin'];
/** What grades are learnt by where nothing is said. */
const GRADE_LOSS = 'softmax';

/**
 * Training from these labels: judgments are grades, which the softmax loss learns.
 * @param shared settings that all students have; a loss among them is for rankings, and not taken over for grades
 */
export function trainFor(labels: LabelsOf, fields: Fields, shared: TrainRecipe = {}): TrainRecipe {
  const own = readTrain(fields);
  if (labels === 'teacher') return { ...shared, ...own };
  if (own.loss !== undefined && ORDER_LOSSES.includes(own.loss)) {
    fields.wrong(
      'loss',
      `is ${own.loss}, which learns an order: judgments give most passages the same grade. Use ${GRADE_LOSS}, or leave it out.`,
    );
  }
  return { ...shared, loss: GRADE_LOSS, ...own };
}

/**
 * Each student as a recipe of its own.
 * @param root the recipe without its students
 */
export function readStudents(root: Fields, recipe: DistillRecipe): readonly DistillRecipe[] | undefined {
  const entries = root.entries('students');
  if (entries === undefined) return undefined;
  if (entries.length === 0) root.wrong('students', 'is empty. Leave it out for one student.');
  const taken = new Set<string>();
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') {
      root.wrong(
        'students',
        `has “${entry}” where a section is expected, such as { name: small, checkpoint: … }.`,
      );
      return [];
    }
    const name = entry.text('name');
    if (name === undefined) entry.missing('name', 'it is the student’s folder and its row in the table.');
    else if (taken.has(folderOf(name)))
      entry.wrong('name', `is “${name}”, as another student’s is. Give each its own.`);
    taken.add(folderOf(name ?? ''));
    return [readStudent(entry, recipe, name ?? '')];
  });
}

/** Folder of a student, the same on file systems that know no capitals. */
export const folderOf = (name: string): string => slug(name).toLowerCase();

function readStudent(entry: Fields, recipe: DistillRecipe, name: string): DistillRecipe {
  const labels = entry.choice('labels', LABEL_SOURCES) ?? recipe.labels;
  const checkpoint = entry.file('teacher');
  const given = recipe.teacher;
  const teacher = given && { ...given, checkpoint: checkpoint ?? given.checkpoint };
  if (!teacher && checkpoint !== undefined)
    entry.wrong('teacher', 'needs a section teacher in the recipe, which says how it is asked.');
  const start = entry.file('checkpoint');
  const from = start ?? checkpoint ?? recipe.student.checkpoint;
  if (from === '') entry.missing('checkpoint', 'name the folder that training starts from.');
  const sample = entry.whole('sample', { least: 1 });
  const { data, student, export: exported } = recipe;
  return {
    ...recipe,
    name,
    labels,
    teacher,
    data: sample === undefined ? data : { ...data, sample },
    student: {
      checkpoint: from,
      template: template(entry) ?? student.template,
      passages: passages(entry) ?? student.passages,
    },
    train: trainFor(labels, entry.section('train'), recipe.train),
    // A name in the recipe is for its one student.
    export: { ...exported, name: undefined },
    students: undefined,
  };
}
