/** The rows of a preset that can be run with the models that are here, and a paper's numbers beside one's own. */
import { type BaselineId, isBaselineId } from '../../evaluation/baselines/baselines.ts';
import { LOCAL_METHODS, type MethodId, methodNamed, readMethodId } from '../../ranking/methods/registry.ts';
import { type EvaluationPreset, isModel, type PresetRow, printedValue } from './presets.ts';

/** A checkpoint as far as a paper's rows are told by it. */
export interface KnownModel {
  readonly id: string;
  /** What it is called: its own name, its folder's, its base's. */
  readonly names: readonly string[];
  readonly role: 'teacher' | 'student' | 'base';
  /** Shows a method where the paper's own model is not there. */
  readonly standsIn: boolean;
  /** Of a student: it learnt judgments; absent: not known, and then its names tell. */
  readonly supervised?: boolean;
  /** Of a student: who taught it, where that is known. */
  readonly teacher?: string;
  /** It is asked over the network, and may rank by itself. */
  readonly isService?: boolean;
}

/** A method with one of the models, or an order that asks none. */
export interface PresetSpec {
  readonly method: MethodId | BaselineId;
  /** Id of the model; '' where none is asked. */
  readonly checkpoint: string;
  /** Id of a shipped wording; absent: the checkpoint's own. */
  readonly template?: string;
}

/**
 * The rows that can be run: with the paper's own models where they are there, and with stand-ins.
 * @param standIns `missing`: for a method that no model of the paper's shows; `always`: beside those, too
 */
export function presetRows(
  { rows }: EvaluationPreset,
  models: readonly KnownModel[],
  standIns: 'missing' | 'always',
): PresetSpec[] {
  const found = new Map<string, PresetSpec>();
  const add = (spec: PresetSpec): void => {
    const key = JSON.stringify([spec.method, spec.checkpoint, spec.template]);
    if (!found.has(key)) found.set(key, spec);
  };
  const shown = new Set<string>();
  for (const row of rows) {
    if (isBaselineId(row.method)) add({ method: row.method, checkpoint: '' });
    for (const model of models
      .filter((one) => isRowsModel(one, row))
      .slice(0, standIns === 'always' ? undefined : 1)) {
      const spec = specOf(row, model);
      if (!spec) continue;
      add(spec);
      shown.add(presetKey(row));
    }
  }
  for (const row of rows) {
    if (standIns === 'missing' && shown.has(presetKey(row))) continue;
    for (const model of models) {
      const spec = model.standsIn && model.role === row.standIn ? specOf(row, model) : undefined;
      if (spec) add(spec);
    }
  }
  return [...found.values()];
}

/** Rows of one method, asked in one wording. */
export const presetKey = ({
  method,
  template = '',
}: {
  readonly method: string | null;
  readonly template?: string;
}): string => `${method} ${template}`;

/** A distilled checkpoint has the name of its base too: a student is no base, a base no student, and SFT no distillation. */
function isRowsModel(known: KnownModel, row: PresetRow): boolean {
  const { names, role, teacher } = known;
  const { model, standIn, labels } = row;
  if (model === null || !names.some((name) => isModel(name, model))) return false;
  const isStudent = role === 'student';
  if ((standIn === 'student' || labels !== undefined) !== isStudent) return false;
  if (!isStudent) return true;
  const isSupervised = learntJudgments(known);
  if (isSupervised !== (labels === 'judgments')) return false;
  // A row without a teacher is of a model that taught itself.
  if (isSupervised || teacher === undefined) return row.teacher === undefined;
  return isModel(teacher, row.teacher ?? model);
}

const learntJudgments = ({ supervised, names }: KnownModel): boolean =>
  supervised ?? names.some((name) => isModel(name, 'sft'));

function specOf({ method, template }: PresetRow, { id, isService }: KnownModel): PresetSpec | undefined {
  const known = readMethodId(method);
  return known && (isService || LOCAL_METHODS.some(({ id: one }) => one === known))
    ? { method: known, checkpoint: id, template }
    : undefined;
}

export interface BesideCell {
  /** null: not measured here. */
  readonly own: number | null;
  /** null: not printed there. */
  readonly paper: number | null;
}

export interface BesideRow {
  readonly name: string;
  /** Model or checkpoint; '' for a method without one. */
  readonly model: string;
  /** Printed in the paper; else a row of one's own with another checkpoint. */
  readonly printed: boolean;
  /** Of one's own row, where that has one. */
  readonly ownId?: string;
  readonly cells: readonly BesideCell[];
}

/** One's own row: what was run, and its values in the preset's columns. */
export interface OwnRow extends Omit<PresetSpec, 'method'> {
  readonly method: PresetSpec['method'] | 'bm25';
  readonly values: readonly (number | null)[];
  /** By which it is found again. */
  readonly id?: string;
}

/**
 * The paper's rows in its order, each with one's own value where the same method was run with the paper's model; after the
 * last row of a method one's own rows of it with other checkpoints.
 */
export function besideRows(
  preset: EvaluationPreset,
  set: string,
  own: readonly OwnRow[],
  models: readonly KnownModel[],
): BesideRow[] {
  const modelOf = ({ checkpoint }: OwnRow) => models.find(({ id }) => id === checkpoint);
  const isOf = (one: OwnRow, row: PresetRow): boolean => {
    if (presetKey(one) !== presetKey(row)) return false;
    const model = modelOf(one);
    return row.model === null || (model !== undefined && isRowsModel(model, row));
  };
  const used = new Set<OwnRow>();
  const result: BesideRow[] = [];
  preset.rows.forEach((row, i) => {
    const mine = row.method === null ? undefined : own.find((one) => isOf(one, row));
    if (mine) used.add(mine);
    result.push({
      name: row.name,
      model: row.model ?? '',
      printed: true,
      ownId: mine?.id,
      cells: preset.columns.map((column, c) => ({
        own: mine?.values[c] ?? null,
        paper: printedValue(row, set, column) ?? null,
      })),
    });
    const isLast = !preset.rows.slice(i + 1).some((later) => isLike(later, row));
    if (!isLast || row.method === null) return;
    for (const one of own) {
      const model = modelOf(one);
      if (used.has(one) || !isLike(placeOf(preset, one, model), row)) continue;
      if (preset.rows.some((other) => isOf(one, other))) continue;
      used.add(one);
      result.push({
        name: ownName(row, model),
        model: model?.names[0] ?? one.checkpoint,
        printed: false,
        ownId: one.id,
        cells: one.values.map((value) => ({ own: value, paper: null })),
      });
    }
  });
  return result;
}

/** Rows of one method, asked in one wording, of students with one training signal. */
interface Place {
  readonly method: string | null;
  readonly template?: string;
  readonly labels?: PresetRow['labels'];
}

const isLike = (one: Place, other: Place): boolean =>
  presetKey(one) === presetKey(other) && one.labels === other.labels;

/** Whose neighbour one's own row is: a supervised student stands behind supervised ones where the paper has some. */
function placeOf(
  { rows }: EvaluationPreset,
  { method, template }: OwnRow,
  model: KnownModel | undefined,
): Place {
  const labels = model && signalOf(model);
  const own = { method, template, labels };
  return rows.some((row) => isLike(row, own)) ? own : { method, template };
}

/** What a student learnt where it is not its own rankings. */
function signalOf(model: KnownModel): PresetRow['labels'] {
  const { role, names, teacher } = model;
  if (role !== 'student') return undefined;
  if (learntJudgments(model)) return 'judgments';
  return teacher !== undefined && !names.some((name) => isModel(name, teacher)) ? 'teacher' : undefined;
}

/** The paper's name of a row, but for what it says of the paper's own student. */
function ownName({ name, labels }: PresetRow, model: KnownModel | undefined): string {
  if (model?.role === 'student' && learntJudgments(model)) return 'SFT';
  return labels === 'teacher' && model?.teacher !== undefined ? `Distilled from ${model.teacher}` : name;
}

/** Methods of the paper that have no row: what a person has to bring to fill them. */
export function missingMethods({ rows }: EvaluationPreset, run: readonly PresetSpec[]): string[] {
  const names = rows
    .filter((row) => row.method !== 'bm25')
    .filter((row) => !run.some((one) => presetKey(one) === presetKey(row)))
    .map((row) => (row.method === null ? `${row.name} (${row.model})` : titleOf(row)));
  return [...new Set(names)];
}

const titleOf = ({ method, name }: PresetRow): string => {
  const known = readMethodId(method);
  return known ? `${name} (${methodNamed(known).title})` : name;
};
