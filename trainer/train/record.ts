/**
 * `train.json`: what a training was started with, and its result once there is one. A run goes on only
 * where it was with the same data, checkpoint and settings.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RankscopeError } from '../../src/errors.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { wordingHash } from '../../src/ranking/wording-hash.ts';
import { UNFINISHED, writeAtomic } from '../node/atomic.ts';
import { fileDigest } from '../node/digests.ts';
import type { Base } from './base.ts';
import { type Settings, withoutIdle } from './settings.ts';
import type { TrainRequest, TrainSummary } from './train-request.ts';

/** Everything that the weights depend on, under names for people; undefined is not written down. */
export type Identity = Readonly<Record<string, string | number | undefined>>;

export interface TrainRecord {
  readonly format: 'rankscope-training';
  readonly version: 1;
  readonly identity: Identity;
  readonly command: string;
  readonly started: string;
  readonly result?: TrainSummary;
}

const RECORD = 'train.json';
export const LOG = 'train.jsonl';
export const WORK = 'work';
/** Files of a result, the record last: a folder without it is nobody's. */
const OWN = [
  WORK,
  'model.safetensors',
  'card.json',
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  LOG,
  RECORD,
];

export const inputsOf = ({ input }: TrainRequest): readonly string[] =>
  typeof input === 'string' ? [input] : input;

/** @throws RankscopeError 'missing' for a file that cannot be read */
export async function identityOf(
  request: TrainRequest,
  base: Base,
  template: PromptTemplate,
  settings: Settings,
): Promise<Identity> {
  const digests = async (files: readonly string[]) => (await Promise.all(files.map(fileDigest))).join(' ');
  const { weights, config, tokenizer } = base.digests;
  const { validation = [] } = request;
  const qrels = [request.qrels, ...validation.map((one) => one.qrels)].filter((file) => file !== undefined);
  return {
    'the checkpoint’s weights': weights,
    'the checkpoint’s config.json': config,
    'the checkpoint’s tokenizer.json': tokenizer,
    'the checkpoint’s limits': JSON.stringify(base.card.limits),
    'the labels': await digests(inputsOf(request)),
    'the validation’s labels':
      validation.length === 0 ? undefined : await digests(validation.map(({ path }) => path)),
    'the judgments': qrels.length === 0 ? undefined : await digests(qrels),
    'the template': `${template.id} ${wordingHash(template)}`,
    ...withoutIdle(settings),
  };
}

/**
 * Looks at the output folder before anything is changed there.
 * @returns the record of the run to go on with; undefined for a new one
 * @throws RankscopeError 'bad-input' for a folder of something else, or of another training
 */
export async function findRecord(
  request: TrainRequest,
  identity: Identity,
): Promise<TrainRecord | undefined> {
  const { checkpoint, fresh, resume } = request;
  const output = request.output!;
  if (resolve(output) === resolve(checkpoint)) {
    throw new RankscopeError(
      'bad-input',
      `${output} is the checkpoint to start from; choose another --output.`,
    );
  }
  const record = await readRecord(output);
  if (!record) {
    const found = (await readdir(output).catch(() => [])).filter(
      (name) => !name.endsWith('.tmp') && name !== LOCK,
    );
    if (found.length > 0) {
      throw new RankscopeError(
        'bad-input',
        `${output} contains ${found.slice(0, 3).join(', ')} and no ${RECORD}: it is not a training folder. Choose another --output.`,
      );
    }
    if (resume) throw new RankscopeError('bad-input', `There is no training in ${output} to resume.`);
    return undefined;
  }
  if (fresh) return undefined;
  const changed = differences(record.identity, identity);
  if (changed.length === 0) return record;
  throw new RankscopeError(
    'bad-input',
    `${output} contains a training that was started differently: ${changed.join('; ')}. Use what it was started with to continue, ` +
      'choose another --output, or start over with --fresh, which deletes it.',
  );
}

/** What differs, in words. */
function differences(before: Identity, now: Identity): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    if (was === is) return [];
    const isLong = [was, is].some((value) => typeof value === 'string' && value.length > 40);
    return [isLong ? `${name} changed` : `${name} ${was ?? 'not given'} then, ${is ?? 'not given'} now`];
  });
}

async function readRecord(output: string): Promise<TrainRecord | undefined> {
  const path = join(output, RECORD);
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as TrainRecord;
    if (record.format === 'rankscope-training' && record.version === 1) return record;
  } catch {
    // Told below, as for any other file of that name.
  }
  throw new RankscopeError('bad-input', `${path} is not a training record. Choose another --output.`);
}

export function writeRecord(output: string, record: TrainRecord): Promise<void> {
  return writeAtomic(join(output, RECORD), `${JSON.stringify(record, null, 1)}\n`);
}

/** Deletes what a training wrote, and nothing else. */
export async function removeTraining(output: string): Promise<void> {
  for (const name of OWN) await rm(join(output, name), { recursive: true, force: true });
}

/** Deletes what a killed process had not finished writing. */
export async function removeUnfinished(output: string): Promise<void> {
  for (const folder of [output, join(output, WORK)]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
    }
  }
}

export const LOCK = 'train.lock';

/** Whether anything lies there that only a training under way needs. */
export async function hasLeftovers(output: string): Promise<boolean> {
  const names = await readdir(output).catch(() => []);
  return names.some((name) => name === WORK || name === LOCK || UNFINISHED.test(name));
}

/**
 * That the result of an earlier run is whole, and the weights are still those; people may edit their card.
 * @throws RankscopeError 'bad-checkpoint'
 */
export async function checkResult(
  output: string,
  { weightsSha256, files = [] }: TrainSummary,
): Promise<void> {
  const path = join(output, 'model.safetensors');
  const found = await fileDigest(path).catch(() => undefined);
  // Names alone count: the folder may have been moved since.
  const gone = files.map((file) => join(output, basename(file))).find((file) => !existsSync(file));
  if (found === weightsSha256 && !gone) return;
  throw new RankscopeError(
    'bad-checkpoint',
    `${gone ?? path} ${gone ? 'is gone' : 'was altered'} since the training in ${basename(output)} ended. ` +
      'Choose another --output, or start over with --fresh.',
  );
}

/** Deletes the state of a training whose result is whole. */
export const removeWork = (output: string): Promise<void> =>
  rm(join(output, WORK), { recursive: true, force: true });
