/**
 * What is known of each stage: begun or done, from which inputs, and what it wrote. A stage's results are
 * used only where its record says that they are done, of the same inputs, and unaltered.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { badInput } from '../../src/formats/excerpt.ts';
import { writeAtomic } from '../node/atomic.ts';
import { checkFile, type FileRecord, recordFiles, textDigest } from '../node/digests.ts';
import { type Layout, STAGES, type StageName } from './layout.ts';

/**
 * Everything that a stage's result depends on beside the stages before it, by the recipe's names. One that is undefined
 * is not written down, and does not count: records of a time before it go on.
 */
export type StageInputs = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Inputs that records have only since they are noted. One of before does not say what they were: it stands, and has them
 * from its next run on.
 */
const NOTED_LATER = ['teacher.limits', 'teacher.tokenizer', 'student.limits'];

export interface StageRecord {
  readonly format: 'rankscope-distill-stage';
  readonly version: 1;
  readonly stage: StageName;
  readonly state: 'begun' | 'done';
  readonly inputs: StageInputs;
  /** Digest of this stage's inputs and those of all stages before it. */
  readonly key: string;
  readonly outputs: readonly FileRecord[];
  /** Wall seconds of the runs that worked on it, as far as they came to an end. */
  readonly seconds: number;
}

/**
 * `done`: nothing to do. `begun`: goes on. `new`: nothing there, or a result that was removed.
 * `changed`: results of other inputs. `altered`: a result was changed after it was made.
 */
export type StageState = 'done' | 'begun' | 'new' | 'changed' | 'altered';

export interface StageStatus {
  readonly stage: StageName;
  readonly state: StageState;
  readonly key: string;
  /** The key that a record of before NOTED_LATER has. */
  readonly keyBefore: string;
  readonly inputs: StageInputs;
  readonly record?: StageRecord;
  /** For `changed` and `altered`: what differs, each a few words. */
  readonly reasons: readonly string[];
}

/** @param inputs of every stage, as the recipe is now */
export async function readStatus(
  layout: Layout,
  inputs: Readonly<Record<StageName, StageInputs>>,
): Promise<StageStatus[]> {
  const all: StageStatus[] = [];
  let [key, keyBefore] = ['', ''];
  let earlier: StageName | undefined;
  for (const stage of STAGES) {
    key = textDigest(JSON.stringify([stage, key, inputs[stage]]));
    keyBefore = textDigest(JSON.stringify([stage, keyBefore, withoutLater(inputs[stage])]));
    const record = await readRecord(layout, stage);
    const base = { stage, key, keyBefore, inputs: inputs[stage], record };
    const same = record && isOfKey(record, base);
    const reasons = record && !same ? differences(record.inputs, inputs[stage]) : [];
    if (!record) all.push({ ...base, state: 'new', reasons });
    else if (!same) {
      const why = reasons.length > 0 ? reasons : [`it depends on ${earlier ?? 'another recipe'}`];
      all.push({ ...base, state: 'changed', reasons: why });
    } else all.push({ ...base, ...(await checked(layout, record)) });
    earlier = all.at(-1)!.state === 'changed' ? stage : earlier;
  }
  return all;
}

/** Whether a record is of these inputs, as far as it says. */
export const isOfKey = (record: StageRecord, of: Pick<StageStatus, 'key' | 'keyBefore'>): boolean =>
  record.key === of.key || record.key === of.keyBefore;

const withoutLater = (inputs: StageInputs): StageInputs =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => !NOTED_LATER.includes(name)));

async function checked(
  layout: Layout,
  { state, outputs }: StageRecord,
): Promise<Pick<StageStatus, 'state' | 'reasons'>> {
  if (state === 'begun') return { state: 'begun', reasons: [] };
  const altered: string[] = [];
  let missing = false;
  for (const file of outputs) {
    const found = await checkFile(layout.output, file);
    missing ||= found === 'missing';
    if (found === 'altered') altered.push(`${file.path} was altered after it was made`);
  }
  if (altered.length > 0) return { state: 'altered', reasons: altered };
  return { state: missing ? 'new' : 'done', reasons: [] };
}

export function differences(was: StageInputs, is: StageInputs): string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return (
    names
      .filter((name) => was[name] !== is[name])
      // Not noted is no difference.
      .filter((name) => was[name] !== undefined || !NOTED_LATER.includes(name))
      .map((name) => `${name} was ${shown(was[name])}, is ${shown(is[name])}`)
  );
}

const shown = (value: StageInputs[string]): string =>
  value === undefined || value === null
    ? 'not given'
    : /^[0-9a-f]{64}$/.test(String(value))
      ? `${String(value).slice(0, 8)}…`
      : String(value);

export async function begin(layout: Layout, status: StageStatus): Promise<void> {
  await write(layout, status, 'begun', [], status.record?.seconds ?? 0);
}

/** @param paths of the results; @param seconds of this run's work on the stage */
export async function finish(
  layout: Layout,
  status: StageStatus,
  paths: readonly string[],
  seconds: number,
): Promise<void> {
  const inside = paths.map((path) => relative(layout.output, path));
  const outputs = await recordFiles(layout.output, inside);
  const before = status.state === 'begun' ? (status.record?.seconds ?? 0) : 0;
  await write(layout, status, 'done', outputs, before + seconds);
}

/** Notes in the record of a stage that is done what records of before did not say. */
export async function noteInputs(layout: Layout, { stage, key, inputs, record }: StageStatus): Promise<void> {
  if (!record || record.key === key) return;
  await writeAtomic(layout.record(stage), `${JSON.stringify({ ...record, inputs, key }, null, 1)}\n`);
}

/** Adds the seconds of a run that was interrupted. */
export async function interruptedAfter(layout: Layout, status: StageStatus, seconds: number): Promise<void> {
  const before = status.state === 'begun' ? (status.record?.seconds ?? 0) : 0;
  await write(layout, status, 'begun', [], before + seconds);
}

/** Removes a stage's results and then its record: results without a record would be taken for nobody's. */
export async function forget(layout: Layout, stage: StageName): Promise<void> {
  for (const path of await resultsOf(layout, stage)) await rm(path, { recursive: true, force: true });
  await rm(layout.record(stage), { force: true });
}

async function resultsOf(layout: Layout, stage: StageName): Promise<string[]> {
  switch (stage) {
    case 'candidates':
      return [layout.candidates, layout.trainingQueries, layout.heldOutQueries, layout.heldOutQrels];
    case 'label':
      return (await readdir(layout.output).catch(() => []))
        .filter((file) => /^labels(-\d+of\d+)?(\.jsonl|\.audit\.json)$/.test(file))
        .map((file) => join(layout.output, file));
    case 'train':
      return [layout.train, layout.trained];
    case 'evaluate':
      return [layout.evaluation, layout.evaluatedOf, layout.evaluated, layout.differences];
    case 'export':
      return [layout.student, layout.card];
  }
}

async function write(
  layout: Layout,
  { stage, inputs, key }: StageStatus,
  state: StageRecord['state'],
  outputs: readonly FileRecord[],
  seconds: number,
): Promise<void> {
  const record: StageRecord = {
    format: 'rankscope-distill-stage',
    version: 1,
    stage,
    state,
    inputs,
    key,
    outputs,
    seconds: Math.round(seconds * 1000) / 1000,
  };
  await writeAtomic(layout.record(stage), `${JSON.stringify(record, null, 1)}\n`);
}

export async function readRecord(layout: Layout, stage: StageName): Promise<StageRecord | undefined> {
  const path = layout.record(stage);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as StageRecord;
    if (record.format === 'rankscope-distill-stage' && record.version === 1) return record;
  } catch {
    // told below
  }
  throw badInput(path, undefined, 'it is damaged. Delete it with what the stage wrote, and run again.');
}
