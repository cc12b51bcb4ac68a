/**
 * Labelling through a queue: two workers of one thread each against one, in calls a second and in calls a second of
 * processor time, which other programs on the machine hardly change. Each way is watched for a window of seconds, from one
 * finished job to another, once all its workers have loaded the teacher; then it is stopped. The lists are the same few
 * over and over, so that every window asks the same prompts. What was written must be what `label` alone writes.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { writeRankGptHits } from '../src/formats/hits.ts';
import { queueName, RUNS_KEY } from '../trainer/queue/run-spec.ts';
import { bundleTrainer } from '../trainer/testing/bundle.ts';
import { hasRedis, startRedis, type TestRedis } from '../trainer/testing/redis-server.ts';
import { type Started, startProcess } from '../trainer/testing/start-process.ts';
import { realLists, WORK } from './label-job.ts';
import { processorSecondsOf } from './process-cpu.ts';
import { median, ratios, roundsWithin, spread } from './statistics.ts';

/** Lists that are repeated, and how often: more than any window gets through. */
const DIFFERENT = 8;
const REPEATS = 100;
/** All pairs of so many; a job is a list. */
const DEPTH = 6;
const CALLS = DEPTH * (DEPTH - 1);
/** Jobs that are not counted, a worker; the jobs behind them are in the window. */
const WARM_JOBS = 4;
const WINDOW_MS = 8000;
/** No further round after so many seconds; two are measured in any case. */
const SECONDS = 60;
/** Whatever happens, a way ends by then. */
const PATIENCE_MS = 60_000;
const TEACHER = new URL('../public/models/demo-teacher/', import.meta.url).pathname;
const FOLDER = join(WORK, 'workers');
/** The trainer in one file: it is there in a quarter of the time. */
let trainer = '';
const startTrainer = (args: readonly string[]) => startProcess([process.execPath, trainer, ...args]);

/** What a window saw. */
interface Watched {
  readonly callsPerSecond: number;
  /** Of the workers' processor time; undefined outside Linux. */
  readonly callsPerProcessorSecond?: number;
  /** Cores that the workers had, on average. */
  readonly cores?: number;
  /** Processor time of the command \`label\` and of Redis, as a share of the workers'. */
  readonly overhead?: number;
  readonly load: number;
}

export async function benchWorkers(rounds: number) {
  if (!hasRedis) return { skipped: 'there is no redis-server' };
  if (cpus().length < 2) return { skipped: 'two workers need two cores' };
  if (!existsSync(new URL('../../shared/data/', import.meta.url))) {
    return { skipped: 'there is no ../shared/data with real queries' };
  }
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const few = (await realLists(DIFFERENT)).slice(0, DIFFERENT);
  const lists = Array.from({ length: REPEATS }, (_, round) =>
    few.map(({ query, candidates }) => ({ query: { ...query, id: `${query.id}-${round}` }, candidates })),
  ).flat();
  const input = join(FOLDER, 'in.jsonl');
  writeFileSync(input, writeRankGptHits(lists, { lines: true }));
  trainer = await bundleTrainer(join(FOLDER, 'trainer'));
  const redis = await startRedis();
  const watched: Record<'alone' | 'one' | 'two', Watched[]> = { alone: [], one: [], two: [] };
  try {
    for (const round of roundsWithin(rounds, SECONDS)) {
      // In turn from both sides: what drifts hits both.
      const order = round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const);
      for (const workers of order) {
        watched[workers === 1 ? 'one' : 'two'].push(await watchQueue(redis, input, workers, round));
      }
      if (round === 0) watched.alone.push(await watchAlone(input));
    }
  } finally {
    redis.stop();
  }
  checkSame();
  return figures(watched);
}

function figures(watched: Record<'alone' | 'one' | 'two', readonly Watched[]>) {
  const { alone, one, two } = watched;
  const speed = (of: readonly Watched[]) => of.map(({ callsPerSecond }) => callsPerSecond);
  const per = (of: readonly Watched[]) => of.flatMap((each) => each.callsPerProcessorSecond ?? []);
  const cores = (of: readonly Watched[]) => of.flatMap((each) => each.cores ?? []);
  const byProcessor = ratios(per(two), per(one)).map((ratio) => 2 * ratio);
  const byClock = median(ratios(speed(two), speed(one)));
  // Beside other programs each way gets what they leave it, and the clock compares that.
  const had = cores(two).length > 0 ? median(cores(two)) : undefined;
  const busy = had !== undefined && had < 1.7 ? had : undefined;
  /** Outside Linux nothing is known of processor time. */
  const known = (values: readonly number[]) => (values.length > 0 ? spread(values) : 'not known');
  return {
    ratio: busy === undefined ? byClock : `not told: two workers had ${busy.toPrecision(2)} of two cores`,
    ratioByProcessorTime: byProcessor.length > 0 ? median(byProcessor) : 'not known',
    'two workers / one': spread(ratios(speed(two), speed(one))),
    'by processor time': known(byProcessor),
    'calls/s of one worker': spread(speed(one)),
    'calls/s of two': spread(speed(two)),
    'calls/processor s of one': known(per(one)),
    'calls/processor s of two': known(per(two)),
    'of label alone': known(per(alone)),
    'cores one worker had': known(cores(one)),
    'cores two workers had': known(cores(two)),
    'label and Redis beside two': known(two.flatMap((each) => each.overhead ?? [])),
    'load average': Math.max(...[...one, ...two].map(({ load }) => load)),
    rounds: watched,
  };
}

const labelOf = (input: string, output: string, ...more: string[]): Started =>
  startTrainer([
    ...['label', '--checkpoint', TEACHER, '--input', input, '--k', String(DEPTH)],
    ...['--output', join(FOLDER, output), ...more],
  ]);

async function watchQueue(redis: TestRedis, input: string, workers: 1 | 2, round: number): Promise<Watched> {
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  await connection.flushall();
  const queue = ['--queue', redis.url];
  const label = labelOf(input, `${workers}-${round}.jsonl`, ...queue, '--job-queries', '1');
  const helpers = Array.from({ length: workers }, () =>
    startTrainer(['worker', ...queue, '--checkpoint', TEACHER, '--threads', '1']),
  );
  const all = [label, ...helpers];
  let events: QueueEvents | undefined;
  let jobs: Queue | undefined;
  try {
    const [run] = await until(all, async () => {
      const ids = await connection.hkeys(RUNS_KEY);
      return ids.length > 0 ? ids : undefined;
    });
    const name = queueName(run!);
    jobs = new Queue(name, { connection });
    const queued = jobs;
    await until(all, async () => ((await queued.getWorkersCount()) === workers ? true : undefined));
    events = new QueueEvents(name, { connection: connection.duplicate() });
    await events.waitUntilReady();
    const finished: number[] = [];
    events.on('completed', () => finished.push(performance.now()));
    const busy = helpers.map(({ child }) => child.pid);
    const others = [label.child.pid, redis.pid];
    return await watch(all, () => finished, WARM_JOBS * workers, busy, others);
  } finally {
    await end(all);
    await events?.close();
    await jobs?.close();
    connection.disconnect();
  }
}

/** The command itself, with one thread and no queue: a line is a job. */
async function watchAlone(input: string): Promise<Watched> {
  const label = labelOf(input, 'alone.jsonl', '--threads', '1');
  const lines = new Growth(join(FOLDER, 'alone.jsonl'));
  try {
    return await watch([label], () => lines.times(), WARM_JOBS, [label.child.pid], []);
  } finally {
    await end([label]);
  }
}

/**
 * Watches from the job after `warm` others for the window, and on to the end of a turn of the lists.
 * @param finished when each job so far ended, in the order of time
 */
async function watch(
  processes: readonly Started[],
  finished: () => readonly number[],
  warm: number,
  busy: readonly (number | undefined)[],
  others: readonly (number | undefined)[],
): Promise<Watched> {
  await until(processes, async () => (finished().length > warm ? true : undefined));
  const at = finished().length;
  const [began, busyBefore, othersBefore] = [
    finished()[at - 1]!,
    processorSecondsOf(busy),
    processorSecondsOf(others),
  ];
  const { jobs, ended } = await until(processes, async () => wholeTurns(finished(), at, began));
  const calls = jobs * CALLS;
  const seconds = (ended - began) / 1000;
  const spent = since(processorSecondsOf(busy), busyBefore);
  const beside = since(processorSecondsOf(others), othersBefore);
  return {
    callsPerSecond: calls / seconds,
    callsPerProcessorSecond: spent === undefined ? undefined : calls / spent,
    cores: spent === undefined ? undefined : spent / seconds,
    overhead: spent === undefined || beside === undefined ? undefined : beside / spent,
    load: loadavg()[0]!,
  };
}

/** The first whole turn of the lists that ends after the window, which is longer on a busy machine; undefined: not yet. */
function wholeTurns(finished: readonly number[], at: number, began: number) {
  for (let jobs = DIFFERENT; at + jobs <= finished.length; jobs += DIFFERENT) {
    const ended = finished[at + jobs - 1]!;
    if (ended - began >= WINDOW_MS) return { jobs, ended };
  }
  return undefined;
}

const since = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : now - before;

/** Asks again and again until there is an answer. @throws Error when a process ends before that, or none comes */
async function until<T>(processes: readonly Started[], ask: () => Promise<T | undefined>): Promise<T> {
  const late = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const ended = processes.find(({ child }) => child.exitCode !== null);
    if (ended) throw new Error(`a process ended early: ${(await ended.finished).stderr}`);
    if (performance.now() > late) throw new Error(`nothing after ${PATIENCE_MS / 1000} s`);
    await new Promise((go) => setTimeout(go, 10));
  }
}

/** Stopped as a person stops them; what does not hear that is killed. */
async function end(processes: readonly Started[]): Promise<void> {
  for (const { child } of processes) child.kill('SIGINT');
  const late = setTimeout(() => {
    for (const { child } of processes) child.kill('SIGKILL');
  }, 5000);
  await Promise.all(processes.map(({ finished }) => finished));
  clearTimeout(late);
}

/** When the lines of a file came, as far as it was looked at. */
class Growth {
  readonly #path: string;
  readonly #times: number[] = [];
  #read = 0;

  constructor(path: string) {
    this.#path = path;
  }

  times(): readonly number[] {
    if (!existsSync(this.#path)) return this.#times;
    const file = openSync(this.#path, 'r');
    const piece = Buffer.alloc(1 << 16);
    const now = performance.now();
    for (let size = 1; size > 0; ) {
      size = readSync(file, piece, 0, piece.length, this.#read);
      this.#read += size;
      for (let i = 0; i < size; i++) if (piece[i] === 10) this.#times.push(now);
    }
    closeSync(file);
    return this.#times;
  }
}

/** Every output is the beginning of the same file. @throws Error where one is not */
function checkSame(): void {
  const alone = wholeLines('alone.jsonl');
  for (const name of ['1-0.jsonl', '2-0.jsonl', '1-1.jsonl', '2-1.jsonl']) {
    const own = wholeLines(name);
    const most = Math.min(own.length, alone.length);
    if (most === 0 || own.slice(0, most).some((line, i) => line !== alone[i])) {
      throw new Error(`${name} differs from what label alone writes`);
    }
  }
}

const wholeLines = (name: string): string[] =>
  readFileSync(join(FOLDER, name), 'utf8').split('\n').slice(0, -1);
