/**
 * Presets of an evaluation, as data: the tables of a paper as recipes (what data to bring, which methods, how deep), with the
 * paper's own numbers. public/presets has them; the page and the trainer read the same file.
 */
import * as v from 'valibot';
import { RankscopeError } from '../../errors.ts';

const name = v.pipe(v.string(), v.minLength(1));
/** As printed: measures in per cent, seconds a query. */
const values = v.record(name, v.pipe(v.number(), v.minValue(0)));

const row = v.strictObject({
  name,
  /** The model that the paper names; null for a method without one. */
  model: v.nullable(name),
  /** Id of a method, of a baseline, or `bm25`; null: it cannot be run here. */
  method: v.nullable(name),
  /** Which embedded checkpoint shows the method where the paper's model is not there; absent: none. */
  standIn: v.optional(v.picklist(['teacher', 'student'])),
  /** Of a student beside those that taught themselves: it learnt judgments, or another model's rankings. */
  labels: v.optional(v.picklist(['judgments', 'teacher'])),
  /** Of a student: the model that taught it; absent: the same. */
  teacher: v.optional(name),
  /** Id of the wording; absent: the checkpoint's own. */
  template: v.optional(name),
  /** By set; one that is absent has no printed number. */
  values: v.record(name, values),
});

const preset = v.strictObject({
  id: name,
  name,
  /** What to bring. */
  data: name,
  /** Candidates of the first stage. */
  depth: v.pipe(v.number(), v.integer(), v.minValue(2)),
  /** Popular passages that are added to them. */
  popular: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Queries without a relevant candidate are left out. */
  answerable: v.boolean(),
  columns: v.pipe(v.array(name), v.minLength(1)),
  compared: name,
  note: name,
  /** `like`: regular expressions that the name of such data matches. */
  sets: v.pipe(v.array(v.strictObject({ id: name, name, like: v.array(name) })), v.minLength(1)),
  rows: v.array(row),
});

const presets = v.strictObject({
  version: v.literal(1),
  source: v.strictObject({ title: name, authors: name, url: v.pipe(v.string(), v.url()) }),
  unit: name,
  presets: v.array(preset),
});

export type PresetFile = v.InferOutput<typeof presets>;
export type EvaluationPreset = v.InferOutput<typeof preset>;
export type PresetRow = v.InferOutput<typeof row>;

/** @throws RankscopeError 'bad-input' that names the field */
export function readPresets(value: unknown, file: string): PresetFile {
  const read = v.safeParse(presets, value);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new RankscopeError('bad-input', `${file}, ${v.getDotPath(issue) ?? 'top'}: ${issue.message}.`);
}

/** Seconds of the paper stand beside the median of ours; measures are shares here. */
export const SECONDS = 'seconds';

/** A printed value as the table has it: a share, or seconds. Undefined where none is printed. */
export function printedValue({ values: of }: PresetRow, set: string, column: string): number | undefined {
  const value = of[set]?.[column];
  if (value === undefined || column === SECONDS) return value;
  // 57.72 / 100 is a hair less than .5772 in binary.
  return Number((value / 100).toPrecision(12));
}

/** The set that data of this name is, else the first. */
export const setLike = (preset: EvaluationPreset, dataName: string): string =>
  setNamedLike(preset, dataName) ?? preset.sets[0]!.id;

/** The set that data of this name is; undefined where the name tells none. */
export const setNamedLike = ({ sets }: EvaluationPreset, dataName: string): string | undefined =>
  sets.find(({ like }) => like.some((pattern) => new RegExp(pattern, 'i').test(dataName)))?.id;

/** Whether a checkpoint is, by its name, the model that the paper names: `flan-t5-base` is FLAN-T5-Base. */
export function isModel(checkpoint: string, model: string): boolean {
  const plain = (text: string): string => `-${text.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-`;
  return plain(checkpoint).includes(plain(model));
}
