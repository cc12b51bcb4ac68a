/**
 * A teacher whose lists are labelled by workers on other machines. Nothing else changes: `runLabel` asks list by list, in
 * order, and writes the lines, so that the output is one machine's byte for byte. Jobs run ahead of it by a bounded number,
 * and stay in Redis, with their answers, until their lines are written: whoever is stopped goes on where it was.
 */
import { type Job, Queue } from 'bullmq';
import { RankscopeError, throwIfCancelled } from '../../src/errors.ts';
import type { Label } from '../../src/formats/label-line.ts';
import type { QueryList } from '../input/lists.ts';
import type { LabelSource } from '../label/source.ts';
import { connect, type QueueAddress } from './connection.ts';
import {
  identityOf,
  type LabelAnswer,
  type LabelJob,
  PROTOCOL,
  queueName,
  RUNS_KEY,
  type RunSpec,
  runId,
} from './run-spec.ts';

export interface QueueOptions
  extends Pick<
    RunSpec,
    'schedule' | 'choices' | 'template' | 'untrained' | 'cutQueries' | 'input' | 'lease'
  > {
  readonly address: QueueAddress;
  /** Queries of a job; absent: as many as make about `JOB_CALLS`. */
  readonly jobQueries?: number;
}

export interface QueueListener {
  notice?(text: string): void;
  /** Calls of jobs that are done or in work, of all that are left. */
  progress?(done: number, total: number, workers: number): void;
}

/** Some seconds of work: little is lost with a worker, and little time goes to the way. */
const JOB_CALLS = 300;
/** Jobs ahead of the line that is written next: enough for many workers, and bounded in Redis and here. */
const AHEAD = 256;
const POLL_MS = 150;
/** Nobody is there: said once after so long. */
const LONELY_MS = 3000;
const ATTEMPTS = 3;

export function queuedSource(
  local: LabelSource,
  options: QueueOptions,
  listener: QueueListener = {},
): LabelSource {
  let all: readonly QueryList[] = [];
  let run: QueuedRun | undefined;
  return {
    ...local,
    async check(lists) {
      await local.check(lists);
      all = lists;
    },
    // The workers' machines are not this one: nothing is loaded or measured here.
    open: async () => {},
    measure: async () => undefined,
    async ahead(left, signal) {
      run = await QueuedRun.begin(local, all, all.length - left.length, options, listener, signal);
    },
    async label(list, { signal, onCalls }) {
      const answer = await run!.labelOf(list, signal);
      if (answer) onCalls?.(answer.decisions.length);
      return answer;
    },
    async dispose() {
      await run?.end();
      await local.dispose();
    },
  };
}

/** BullMQ takes no bare numbers as names. */
const idOf = (index: number): string => `job-${index}`;
const indexOf = (id: string): number => Number(id.slice(4));

/** A labelling under way. */
class QueuedRun {
  readonly #local: LabelSource;
  readonly #lists: readonly QueryList[];
  readonly #placeOf: ReadonlyMap<QueryList, number>;
  readonly #jobSize: number;
  readonly #spec: RunSpec;
  readonly #queue: Queue<LabelJob, LabelAnswer>;
  readonly #redis: Awaited<ReturnType<typeof connect>>;
  readonly #listener: QueueListener;
  readonly #shown: string;
  readonly #answers = new Map<number, readonly Label[]>();
  readonly #began = performance.now();
  /** Jobs below are in the queue; those below `#written` are out of it again. */
  #added: number;
  #written: number;
  #total: number;
  #done = 0;
  #finished = false;
  #told = 0;
  #lonely = false;

  private constructor(
    local: LabelSource,
    lists: readonly QueryList[],
    from: number,
    { address, jobQueries, ...spec }: QueueOptions,
    listener: QueueListener,
    redis: Awaited<ReturnType<typeof connect>>,
  ) {
    this.#local = local;
    this.#lists = lists;
    this.#placeOf = new Map(lists.map((list, i) => [list, i]));
    const { calls } = local.plan(lists);
    this.#jobSize = jobQueries ?? Math.max(1, Math.round(JOB_CALLS / Math.max(1, calls / lists.length)));
    const { info } = local;
    const id = runId(info, lists, this.#jobSize);
    this.#spec = { ...spec, id, info, protocol: PROTOCOL, began: Date.now() };
    this.#written = Math.floor(from / this.#jobSize);
    this.#added = this.#written;
    this.#total = local.plan(lists.slice(this.#written * this.#jobSize)).calls;
    this.#redis = redis;
    this.#queue = new Queue(queueName(id), { connection: redis });
    this.#queue.on('error', () => {}); // the connection says so itself
    this.#listener = listener;
    this.#shown = address.shown;
  }

  static async begin(
    local: LabelSource,
    lists: readonly QueryList[],
    from: number,
    options: QueueOptions,
    listener: QueueListener,
    signal?: AbortSignal,
  ): Promise<QueuedRun> {
    const redis = await connect(options.address, listener.notice);
    try {
      throwIfCancelled(signal);
      const run = new QueuedRun(local, lists, from, options, listener, redis);
      await redis.hset(RUNS_KEY, run.#spec.id, JSON.stringify(run.#spec));
      // What failed in an earlier go is tried again.
      for (const job of await run.#queue.getFailed()) await job.retry('failed', { resetAttemptsMade: true });
      return run;
    } catch (error) {
      redis.disconnect();
      throw error;
    }
  }

  /** @throws RankscopeError 'worker' when a job failed again and again */
  async labelOf(list: QueryList, signal: AbortSignal | undefined): Promise<Label | undefined> {
    const place = this.#placeOf.get(list)!;
    const index = Math.floor(place / this.#jobSize);
    await this.#forget(index);
    for (;;) {
      if (signal?.aborted) return undefined;
      await this.#fill();
      await this.#collect();
      const answer = this.#answers.get(index);
      if (answer) {
        this.#finished = place === this.#lists.length - 1;
        return answer[place - index * this.#jobSize]!;
      }
      await this.#tell();
      await pause(POLL_MS, signal);
    }
  }

  /** The run is over where all was handed out; else everything stays for the next go. */
  async end(): Promise<void> {
    try {
      if (this.#finished) {
        await this.#redis.hdel(RUNS_KEY, this.#spec.id);
        await this.#queue.obliterate({ force: true });
      }
      await this.#queue.close();
    } finally {
      this.#redis.disconnect();
    }
  }

  /** The lines of all jobs below are written: nobody needs them any more. */
  async #forget(below: number): Promise<void> {
    for (; this.#written < below; this.#written++) {
      this.#answers.delete(this.#written);
      const job = await this.#queue.getJob(idOf(this.#written));
      await job?.remove();
    }
  }

  async #fill(): Promise<void> {
    const jobs = Math.ceil(this.#lists.length / this.#jobSize);
    const until = Math.min(jobs, this.#written + AHEAD);
    if (this.#added >= until) return;
    const fresh = [];
    for (let index = this.#added; index < until; index++) fresh.push(this.#jobOf(index));
    // One that is there already, from an earlier go, stays as it is.
    await this.#queue.addBulk(fresh);
    this.#added = until;
  }

  #jobOf(index: number) {
    const lists = this.#listsOf(index);
    return {
      name: 'label',
      data: { lists },
      opts: {
        jobId: idOf(index),
        attempts: ATTEMPTS,
        backoff: { type: 'fixed', delay: 500 },
      },
    };
  }

  #listsOf(index: number): readonly QueryList[] {
    return this.#lists.slice(index * this.#jobSize, (index + 1) * this.#jobSize);
  }

  async #collect(): Promise<void> {
    const known = (id: string) => this.#answers.has(indexOf(id)) || indexOf(id) < this.#written;
    const fresh = (await this.#queue.getRanges(['completed'], 0, -1)).filter((id) => !known(id));
    for (const id of fresh) {
      const job = (await this.#queue.getJob(id)) as Job<LabelJob, LabelAnswer> | undefined;
      if (job) await this.#take(indexOf(id), job);
    }
    const [failed] = await this.#queue.getFailed(0, 0);
    if (failed) throw this.#failure(failed as Job<LabelJob, LabelAnswer>);
  }

  async #take(index: number, job: Job<LabelJob, LabelAnswer>): Promise<void> {
    const { identity, labels, calls } = job.returnvalue;
    const lists = this.#listsOf(index);
    if (identity !== identityOf(this.#spec.info) || labels.length !== lists.length) {
      // A worker refuses a labelling that is not its own: whoever sent this is none of ours.
      this.#listener.notice?.(`An answer of another source was thrown away (job ${index + 1}).`);
      await job.remove();
      await this.#queue.addBulk([this.#jobOf(index)]);
      return;
    }
    this.#answers.set(index, labels);
    this.#done += calls;
    // A schedule that needed fewer calls than its bound: what is left shrinks.
    this.#total -= this.#local.plan(lists).calls - calls;
  }

  #failure({ id = '', failedReason }: Job<LabelJob, LabelAnswer>): RankscopeError {
    const [first] = this.#listsOf(indexOf(id));
    return new RankscopeError(
      'worker',
      `Job ${indexOf(id) + 1}, which begins with query “${first?.query.id}”, failed: ${failedReason} ` +
        'All that is finished is kept. When the reason is gone, run the same command again: the job is tried again.',
    );
  }

  async #tell(): Promise<void> {
    const now = performance.now();
    if (now - this.#told < 500) return;
    this.#told = now;
    const active = await this.#queue.getActive();
    const under = active.reduce(
      (sum, { progress }) => sum + (typeof progress === 'number' ? progress : 0),
      0,
    );
    const workers = await this.#queue.getWorkersCount();
    if (workers === 0 && !this.#lonely && now - this.#began > LONELY_MS) {
      this.#lonely = true;
      this.#listener.notice?.(
        `No worker is connected. Start some: npm run trainer -- worker --queue ${this.#shown} --checkpoint DIR`,
      );
    }
    this.#listener.progress?.(Math.min(this.#total, this.#done + under), this.#total, workers);
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    }
    signal?.addEventListener('abort', end, { once: true });
  });
}
