/** What a labelling on many machines is: known to all that take part, and compared by each worker with what it has. */
import { createHash } from 'node:crypto';
import type { Label, SourceInfo } from '../../src/formats/label-line.ts';
import type { ScheduleName } from '../../src/ranking/methods/registry.ts';
import type { GivenChoices } from '../../src/ranking/schedules/choices.ts';
import type { QueryList } from '../input/lists.ts';

/** Counts up when jobs or answers change their form. */
export const PROTOCOL = 1;

/** Where all labellings that are under way stand: id → RunSpec, as JSON. */
export const RUNS_KEY = 'rankscope:labellings';

export interface RunSpec {
  readonly id: string;
  readonly protocol: number;
  /** Who labels: of one machine's lines, and so of all. */
  readonly info: SourceInfo;
  readonly schedule: ScheduleName;
  readonly choices: GivenChoices;
  /** As it was given to `label`; absent: what the checkpoint was trained on. */
  readonly template?: string;
  readonly untrained: boolean;
  readonly cutQueries: boolean;
  /** Names the input in messages. */
  readonly input: string;
  /** Seconds after which the job of a worker that is silent goes to another. */
  readonly lease: number;
  /** When it began, ms since 1970: workers take the oldest. */
  readonly began: number;
}

export interface LabelJob {
  readonly lists: readonly QueryList[];
}

export interface LabelAnswer {
  /** As `identityOf` the worker's own source. */
  readonly identity: string;
  readonly labels: readonly Label[];
  readonly calls: number;
}

export const queueName = (run: string): string => `rankscope-label-${run}`;

/** One name for all that a line says of its source. */
export const identityOf = (info: SourceInfo): string =>
  createHash('sha256')
    .update(JSON.stringify([PROTOCOL, info]))
    .digest('hex')
    .slice(0, 16);

/** The same for the same lists labelled by the same source in jobs of the same size: a resumed run finds its jobs again. */
export function runId(info: SourceInfo, lists: readonly QueryList[], jobSize: number): string {
  const hash = createHash('sha256').update(JSON.stringify([PROTOCOL, info, jobSize]));
  for (const { query, candidates } of lists) {
    const texts = candidates.map(({ passage: { id, title, text } }) => [id, title ?? null, text]);
    hash.update(JSON.stringify([query.id, query.text, texts]));
  }
  return hash.digest('hex').slice(0, 16);
}

const WORDS: Readonly<Partial<Record<string, string>>> = {
  digest: 'weights',
  template: 'wording',
  dtype: 'dtype',
  runtime: 'version of onnxruntime',
  device: 'device',
  kind: 'method',
  tokenizer: 'tokenizer',
  limits: 'limits',
};

/** What a worker has that the labelling has not, in words; empty where both are the same. */
export function differences(wanted: SourceInfo, own: SourceInfo): string[] {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(own)])];
  return keys
    .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(own[key]))
    .map((key) => `${WORDS[key] ?? key}: ${shown(own[key])}, not ${shown(wanted[key])}`);
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
