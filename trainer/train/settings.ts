/** The settings of a training with everything filled in and checked. */
import { RankscopeError } from '../../src/errors.ts';
import { type AdamWOptions, adamWDefaults } from '../../src/training/adamw.ts';
import { fits, must, type Rule } from '../cli/rule.ts';
import { defaultThreads } from '../node/runtime.ts';
import { SAVE_RULES, SETTING_RULES } from './setting-rules.ts';
import { TRAIN_DEFAULTS, type TrainOptions, type TrainRequest } from './train-request.ts';

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
  dropout: dropout > 0 ? dropout : undefined,
});

/** How often a state is written: the weights do not depend on it. */
export type SaveRule = Pick<TrainRequest, 'checkpointSeconds' | 'checkpointSteps'>;

const NAMES = Object.keys(SETTING_RULES) as (keyof typeof SETTING_RULES)[];

/** @throws RankscopeError 'bad-input' naming the setting and its bounds */
export function fillSettings(request: TrainRequest): Settings {
  const given = Object.fromEntries(
    NAMES.flatMap((name) => (request[name] === undefined ? [] : [[name, request[name]] as const])),
  );
  const { epochs, ...defaults } = TRAIN_DEFAULTS;
  const settings = {
    ...defaults,
    epochs: given.steps === undefined ? epochs : undefined,
    threads: defaultThreads(),
    chunkTokens: CHUNK_TOKENS,
    validationQueries: VALIDATION_QUERIES,
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

const RULES: Readonly<Record<string, Rule>> = { ...SETTING_RULES, ...SAVE_RULES };

function check(name: string, value: string | number | undefined): void {
  const rule = RULES[name]!;
  if (value === undefined || fits(rule, value)) return;
  throw new RankscopeError('bad-input', `The setting ${name} is ${String(value)}; it must be ${must(rule)}.`);
}
