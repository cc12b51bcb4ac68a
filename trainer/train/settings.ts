/** The settings of a training with everything filled in and checked. */
import { RankscopeError } from '../../src/errors.ts';
import { type AdamWOptions, adamWDefaults } from '../engine/adamw.ts';
import { defaultThreads } from '../node/runtime.ts';
import {
  LOSSES,
  RATE_SCHEDULES,
  SELECTIONS,
  TRAIN_DEFAULTS,
  type TrainOptions,
  type TrainRequest,
} from './train-request.ts';

/** Tokens of a run of the model where nothing is said: 16 prompts of 256. */
export const CHUNK_TOKENS = 4096;
const CHECKPOINT_SECONDS = 300;
/** Lists of a validation input, at most. */
const VALIDATION_QUERIES = 200;
/** Validations of a run, the one before the first step not counted. */
const VALIDATIONS = 10;

type Defaulted = Exclude<keyof typeof TRAIN_DEFAULTS, 'epochs'>;

/** What the weights depend on. */
export type Settings = Required<Pick<TrainOptions, Defaulted>> &
  Pick<TrainOptions, 'epochs' | 'steps' | 'k'> &
  Pick<TrainRequest, 'passageTokens' | 'holdOut' | 'validateEvery' | 'select'> &
  Required<Pick<TrainRequest, 'threads' | 'chunkTokens' | 'validationQueries'>>;

/** For records and cards: a dropout of 0 is none, and trainings of a time that knew of none still go on. */
export const withoutIdle = ({
  dropout,
  ...settings
}: Settings): Omit<Settings, 'dropout'> & { dropout?: number } => ({
  ...settings,
  ...(dropout > 0 ? { dropout } : {}),
});

/** How often a state is written: the weights do not depend on it. */
export type SaveRule = Pick<TrainRequest, 'checkpointSeconds' | 'checkpointSteps'>;

const NAMES = [
  ...(Object.keys(TRAIN_DEFAULTS) as (keyof TrainOptions)[]),
  ...([
    'steps',
    'k',
    'passageTokens',
    'threads',
    'chunkTokens',
    'holdOut',
    'validationQueries',
    'validateEvery',
    'select',
  ] as const),
];

/** @throws RankscopeError 'bad-input' naming the setting and its bounds */
export function fillSettings(request: TrainRequest): Settings {
  const given = Object.fromEntries(
    NAMES.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]] as const])),
  );
  const { epochs, ...defaults } = TRAIN_DEFAULTS;
  const settings = {
    ...defaults,
    ...(given.steps === undefined ? { epochs } : {}),
    ...{ threads: defaultThreads(), chunkTokens: CHUNK_TOKENS, validationQueries: VALIDATION_QUERIES },
    ...given,
  } as Settings;
  for (const name of NAMES) check(name, settings[name]);
  check('checkpointSeconds', request.checkpointSeconds);
  check('checkpointSteps', request.checkpointSteps);
  return settings;
}

export function saveRule({ checkpointSeconds, checkpointSteps }: TrainRequest): Required<SaveRule> {
  const steps = checkpointSteps ?? Number.POSITIVE_INFINITY;
  const seconds =
    checkpointSeconds ?? (checkpointSteps === undefined ? CHECKPOINT_SECONDS : Number.POSITIVE_INFINITY);
  return { checkpointSeconds: seconds, checkpointSteps: steps };
}

/** Optimiser steps between validations: as given, else a tenth of the run. */
export function validateEvery(given: number | undefined, steps: number): number {
  return given ?? Math.max(1, Math.ceil(steps / VALIDATIONS));
}

export const optimiserOf = ({ weightDecay, clip, beta2 }: Settings): AdamWOptions => ({
  ...adamWDefaults,
  weightDecay,
  beta2,
  clipNorm: clip === 0 ? Number.POSITIVE_INFINITY : clip,
});

interface Rule {
  readonly fits: (value: string | number) => boolean;
  readonly must: string;
}

const whole = (least: number, most = 1e9): Rule => ({
  fits: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  must: `a whole number from ${least} to ${most}`,
});
const above = (low: number, most: number): Rule => ({
  fits: (value) => typeof value === 'number' && value > low && value <= most,
  must: `a number above ${low}, at most ${most}`,
});
const from = (least: number, most: number): Rule => ({
  fits: (value) => typeof value === 'number' && value >= least && value <= most,
  must: `a number from ${least} to ${most}`,
});
const among = (words: readonly string[]): Rule => ({
  fits: (value) => words.includes(String(value)),
  must: `one of ${words.join(', ')}`,
});

const RULES: Readonly<Record<(typeof NAMES)[number] | keyof SaveRule, Rule>> = {
  loss: among(LOSSES),
  schedule: among(RATE_SCHEDULES),
  select: among(SELECTIONS),
  epochs: above(0, 1e6),
  steps: whole(1),
  batch: whole(1, 1e6),
  accumulate: whole(1, 1e6),
  learningRate: above(0, 1),
  warmup: whole(0),
  weightDecay: from(0, 1),
  // At 1 the correction of its bias divides by 0.
  beta2: above(0, 0.999999),
  dropout: from(0, 0.9),
  clip: from(0, 1e9),
  temperature: above(0, 1e9),
  margin: above(0, 1e9),
  seed: whole(0, 2 ** 31 - 1),
  threads: whole(1, 256),
  k: whole(2, 1e6),
  passageTokens: whole(1, 1e6),
  chunkTokens: whole(16),
  holdOut: whole(0),
  validationQueries: whole(1),
  validateEvery: whole(1),
  checkpointSeconds: from(0, 1e9),
  checkpointSteps: whole(1),
};

function check(name: keyof typeof RULES, value: string | number | undefined): void {
  if (value === undefined || RULES[name].fits(value)) return;
  throw new RankscopeError(
    'bad-input',
    `The setting ${name} is ${String(value)}; it must be ${RULES[name].must}.`,
  );
}
