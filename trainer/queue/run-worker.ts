/** `worker`: takes jobs of labellings that other machines began, and answers them with the checkpoint that is here. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { RankscopeError, toErrorData } from '../../src/errors.ts';
import type { Label } from '../../src/formats/label-line.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { LabelSource } from '../label/source.ts';
import { teacherSource } from '../label/teacher.ts';
import { connect, type QueueAddress, withoutSecrets } from './connection.ts';
import {
  differences,
  identityOf,
  type LabelAnswer,
  type LabelJob,
  PROTOCOL,
  queueName,
  RUNS_KEY,
  type RunSpec,
} from './run-spec.ts';

export interface WorkerRequest {
  readonly address: QueueAddress;
  readonly checkpoint: string;
  readonly dtype?: Dtype;
  readonly threads?: number;
  readonly template?: string;
  /** Ends with the first labelling, which it waits for. */
  readonly once?: boolean;
  readonly signal: AbortSignal;
}

export interface WorkerListener {
  notice?(text: string): void;
  progress?(counts: WorkerCounts): void;
}

export interface WorkerCounts {
  readonly jobs: number;
  readonly queries: number;
  readonly calls: number;
}

export interface WorkerSummary extends WorkerCounts {
  readonly command: 'worker';
  readonly state: 'done' | 'cancelled';
  readonly labellings: number;
  readonly seconds: number;
}

const LOOK_MS = 300;
const PROGRESS_MS = 1000;
/** Times that a job's worker may be lost before the job is taken for the reason. */
const MOST_STALLS = 10;

/** @throws RankscopeError 'network', 'missing', 'bad-checkpoint'; 'bad-input' when no labelling is one of this checkpoint’s */
export async function runWorker(
  request: WorkerRequest,
  listener: WorkerListener = {},
): Promise<WorkerSummary> {
  const { address, once, signal } = request;
  const began = performance.now();
  const redis = await connect(address, listener.notice);
  const counts = { jobs: 0, queries: 0, calls: 0 };
  let labellings = 0;
  let waiting = false;
  try {
    while (!signal.aborted) {
      const runs = await readRuns(redis);
      const found = await fitting(runs, request);
      if (found) {
        waiting = false;
        labellings++;
        await serve(found, redis, request, counts, listener);
        continue;
      }
      if (once && labellings > 0) break;
      if (!waiting) listener.notice?.(`Waiting for a labelling at ${address.shown}.`);
      waiting = true;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    redis.disconnect();
  }
  const state = signal.aborted ? 'cancelled' : 'done';
  return { command: 'worker', state, labellings, ...counts, seconds: (performance.now() - began) / 1000 };
}

async function readRuns(redis: Redis): Promise<RunSpec[]> {
  const kept = Object.values(await redis.hgetall(RUNS_KEY));
  return kept.map((text) => JSON.parse(text) as RunSpec).sort((a, b) => a.began - b.began);
}

interface Found {
  readonly spec: RunSpec;
  readonly source: LabelSource;
}

/** The oldest labelling that is this worker’s; undefined where there is none at all. */
async function fitting(runs: readonly RunSpec[], request: WorkerRequest): Promise<Found | undefined> {
  const refusals: string[] = [];
  for (const spec of runs) {
    const told = await compare(spec, request);
    if (typeof told !== 'string') return { spec, source: told };
    refusals.push(told);
  }
  if (refusals.length === 0) return undefined;
  throw new RankscopeError(
    'bad-input',
    `This worker cannot take part: its labels would differ from the others’. ${refusals.join(' ')}`,
  );
}

/** The source that would label here, or in words why it may not. */
async function compare(spec: RunSpec, request: WorkerRequest): Promise<LabelSource | string> {
  const { info, protocol, schedule, choices, untrained, cutQueries, input } = spec;
  if (protocol !== PROTOCOL) {
    return `The labelling “${info.name}” was begun by another version of Rankscope: use the same one on all machines.`;
  }
  const { checkpoint, threads, dtype = info.dtype as Dtype, template = spec.template } = request;
  const asked = { schedule, ...choices, template, untrained, dtype, threads, cutQueries };
  try {
    const source = await teacherSource({ checkpoint, input, ...asked });
    const differ = differences(info, source.info);
    if (differ.length === 0) return source;
    return `The labelling “${info.name}” wants the same on all machines; here is another ${differ.join('; ')}.`;
  } catch (error) {
    if (!(error instanceof RankscopeError) || error.code === 'missing') throw error;
    return `The labelling “${info.name}”: ${error.message}`;
  }
}

/** Takes jobs until the labelling is over or the signal ends it; a job in work then goes back at once. */
async function serve(
  { spec, source }: Found,
  redis: Redis,
  { signal, address }: WorkerRequest,
  counts: { jobs: number; queries: number; calls: number },
  listener: WorkerListener,
): Promise<void> {
  listener.notice?.(`Loading ${spec.info.name} for a labelling of ${spec.input}.`);
  await source.open();
  const worker = new Worker<LabelJob, LabelAnswer>(
    queueName(spec.id),
    async (job, token) => {
      const answer = await answerJob(job, source, signal);
      if (!answer) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      counts.jobs++;
      counts.queries += answer.labels.length;
      counts.calls += answer.calls;
      listener.progress?.(counts);
      return answer;
    },
    {
      connection: redis,
      concurrency: 1,
      drainDelay: 1,
      lockDuration: 1000 * spec.lease,
      stalledInterval: 500 * spec.lease,
      maxStalledCount: MOST_STALLS,
    },
  );
  worker.on('error', (error) => {
    const said = withoutSecrets(error.message, address.url);
    // The job went to another worker while this one was silent: its answer is not needed.
    if (/lock|stalled/i.test(said))
      listener.notice?.(`A job took too long and went to another worker (${said}).`);
  });
  try {
    while (!signal.aborted && (await redis.hexists(RUNS_KEY, spec.id)) === 1) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    // A labelling that is over has taken its jobs along; a job in work hears the signal and goes back.
    await worker.close(!signal.aborted);
    await source.dispose();
  }
}

/** undefined when the signal ended it. */
async function answerJob(
  job: Job<LabelJob, LabelAnswer>,
  source: LabelSource,
  signal: AbortSignal,
): Promise<LabelAnswer | undefined> {
  const { lists } = job.data;
  const labels: Label[] = [];
  let calls = 0;
  let told = performance.now();
  try {
    await source.check(lists);
    for (const list of lists) {
      const onCalls = (answers: number) => {
        calls += answers;
        if (performance.now() - told < PROGRESS_MS) return;
        told = performance.now();
        // Only for the coordinator’s line: what comes of it is in the answer.
        job.updateProgress(calls).catch(() => {});
      };
      const label = await source.label(list, { signal, onCalls });
      if (!label) return undefined;
      labels.push(label);
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    const { code, message } = toErrorData(error);
    // Another machine would find the same wrong with it.
    if (code === 'bad-input') throw new UnrecoverableError(message);
    throw error;
  }
  return { identity: identityOf(source.info), labels, calls };
}
