/**
 * One file over a connection that may break at any byte. What has come is kept and asked for no second time; what is
 * whole is held to its digest before anybody may use it.
 */

import { createDigest, type Digest } from '../../bytes/sha256.ts';
import { RankscopeError, throwIfCancelled } from '../../errors.ts';
import { ask, hostOf, LONGEST_WAIT_S, limitedFor, refusal, retryIn } from '../../sources/http.ts';
import { limitSeconds, pause, type Waiting } from '../../waiting.ts';
import { createGitDigest } from './digest.ts';
import type { WritableFile } from './file-store.ts';

export interface FileJob {
  /** Asked anew at every attempt: addresses it redirects to expire. */
  readonly url: string;
  /** For messages. */
  readonly name: string;
  readonly size: number;
  readonly sha256?: string;
  readonly gitSha1?: string;
}

export interface FileWatch {
  readonly signal?: AbortSignal;
  /** Bytes of the file that are there now; fewer than before when it begins again. */
  readonly onProgress?: (bytes: number) => void;
  readonly onWait?: (waiting: Waiting | null) => void;
  /** Whether this machine has no network at all: then nothing is waited for. */
  readonly offline?: () => boolean;
  /** For tests. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A connection on which nothing comes for so long is given up. */
  readonly stallMs?: number;
}

const STALL_MS = 20_000;
/** Attempts in a row that bring nothing. */
const ATTEMPTS = 6;
/** How often in a row a limit is waited for. */
const MOST_LIMITS = 10;
const PIECE = 4 * 2 ** 20;
const UNSAID_WAIT_S = 30;

/** Worth another attempt. */
class Again extends Error {
  readonly seconds: number | undefined;
  /** @param seconds that a rate limit asks for */
  constructor(what: string, seconds?: number) {
    super(what);
    this.seconds = seconds;
  }
}

/**
 * @param file holds what an earlier attempt has left; on success the whole file, flushed.
 * @returns SHA-256 of the file, hex
 * @throws RankscopeError 'network', 'missing', 'storage', 'bad-checkpoint' (another digest, twice) or 'cancelled'; what
 *   has come stays in `file`, but for bytes known to be wrong.
 */
export async function downloadFile(job: FileJob, file: WritableFile, watch: FileWatch = {}): Promise<string> {
  const { signal, onWait, offline, sleep = pause } = watch;
  const download = await Part.open(job, file, watch);
  let failed = 0;
  let limited = 0;
  let altered = 0;
  for (;;) {
    throwIfCancelled(signal);
    if (file.size === job.size) {
      const sha256 = download.verified();
      if (sha256 !== undefined) {
        file.flush();
        return sha256;
      }
      await download.restart();
      if (++altered === 2) throw changed(job);
    }
    const before = file.size;
    try {
      await download.attempt();
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof Again)) throw error;
      if (offline?.()) throw cutOff(job);
      const limit = error.seconds;
      if (file.size > before) [failed, limited] = [0, 0];
      if (limit !== undefined ? ++limited > MOST_LIMITS || limit > LONGEST_WAIT_S : ++failed >= ATTEMPTS) {
        throw new RankscopeError(
          'network',
          `The download of ${job.name} broke off: ${error.message}. What has come is kept; check the connection and resume.`,
          { url: job.url },
        );
      }
      const waiting = limit === undefined ? retryIn(failed, error.message) : limitedFor(limit, job.url);
      onWait?.(waiting);
      await sleep(waiting.seconds * 1000, signal);
      onWait?.(null);
    }
  }
}

/** What is there of a file, and the digest of just that. */
class Part {
  readonly #job: FileJob;
  readonly #file: WritableFile;
  readonly #watch: FileWatch;
  #sha256!: Digest;
  #git: Digest | undefined;

  private constructor(job: FileJob, file: WritableFile, watch: FileWatch) {
    this.#job = job;
    this.#file = file;
    this.#watch = watch;
  }

  /** Reads what is there again: what was written before a crash is not taken on trust. */
  static async open(job: FileJob, file: WritableFile, watch: FileWatch): Promise<Part> {
    const part = new Part(job, file, watch);
    if (file.size > job.size) file.truncate(0);
    await part.#freshDigests();
    for (let at = 0; at < file.size; at += PIECE) {
      throwIfCancelled(watch.signal);
      part.#digest(file.read(at, Math.min(PIECE, file.size - at)));
    }
    watch.onProgress?.(file.size);
    return part;
  }

  async restart(): Promise<void> {
    this.#file.truncate(0);
    await this.#freshDigests();
    this.#watch.onProgress?.(0);
  }

  /** The SHA-256, if the whole is what the source lists. */
  verified(): string | undefined {
    const { sha256, gitSha1 } = this.#job;
    const found = this.#sha256.hex();
    if (sha256 !== undefined) return found === sha256 ? found : undefined;
    return gitSha1 === undefined || this.#git?.hex() === gitSha1 ? found : undefined;
  }

  /** One request, read to its end. @throws Again, or RankscopeError where another attempt would not help. */
  async attempt(): Promise<void> {
    const { signal, stallMs = STALL_MS } = this.#watch;
    const connection = new AbortController();
    const abort = (): void => connection.abort();
    signal?.addEventListener('abort', abort, { once: true });
    let stalled = false;
    let reached = false;
    let timer: unknown;
    const alive = (): void => {
      clearTimeout(timer as number);
      timer = setTimeout(() => {
        stalled = true;
        connection.abort();
      }, stallMs);
    };
    try {
      alive();
      await this.#receive(connection.signal, () => {
        reached = true;
        alive();
      });
    } catch (error) {
      if (error instanceof Again || error instanceof RankscopeError) throw error;
      if (stalled) throw new Again(`nothing came from ${hostOf(this.#job.url)} for ${stallMs / 1000} s`);
      // What the browser says (“Failed to fetch”) tells people nothing.
      const host = hostOf(this.#job.url);
      throw new Again(reached ? `the connection to ${host} broke` : `${host} cannot be reached`);
    } finally {
      clearTimeout(timer as number);
      signal?.removeEventListener('abort', abort);
      connection.abort();
    }
  }

  async #receive(signal: AbortSignal, alive: () => void): Promise<void> {
    const { url, size } = this.#job;
    const start = this.#file.size;
    const response = await ask(url, { start, signal });
    await this.#check(response, start);
    if (response.status === 200 && start > 0) await this.restart();
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done || value === undefined) break;
      alive();
      if (this.#file.size + value.length > size) {
        await this.restart();
        throw changed(this.#job);
      }
      this.#file.append(value);
      this.#digest(value);
      this.#watch.onProgress?.(this.#file.size);
    }
    if (this.#file.size < size) throw new Again(`the connection to ${hostOf(url)} ended early`);
  }

  /** @throws unless the answer's body is the file, or the rest that was asked for. */
  async #check(response: Response, start: number): Promise<void> {
    const { status, headers, url: from } = response;
    const { url, name, size } = this.#job;
    const host = hostOf(url);
    if (status === 206) {
      // Where a page may not see the header, the digest decides.
      const range = headers.get('content-range');
      const found = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range ?? '');
      if (range === null || (found && Number(found[1]) === start && [String(size), '*'].includes(found[3]!)))
        return;
      await this.restart();
      throw new Again(`${host} sent another part of the file than was asked for`);
    }
    if (status === 200) {
      if (!headers.get('content-type')?.startsWith('text/html') || /\.html?$/.test(name)) return;
      throw new Again(`${host} sent a web page instead of the file; a sign-in page may stand in between`);
    }
    if (status === 416) {
      await this.restart();
      throw new Again(`${host} has no such part of the file`);
    }
    if (status === 429) throw new Again(`${host} limits requests`, limitSeconds(headers) ?? UNSAID_WAIT_S);
    if (status >= 500) throw new Again(`${host} answered ${status}`);
    // The address that the hub redirects to is good for a while only: the next attempt gets a new one.
    if (status < 500 && hostOf(from) !== host) throw new Again(`${hostOf(from)} answered ${status}`);
    throw refusal(response, name);
  }

  #digest(bytes: Uint8Array): void {
    this.#sha256.update(bytes);
    this.#git?.update(bytes);
  }

  async #freshDigests(): Promise<void> {
    const { sha256, gitSha1, size } = this.#job;
    this.#sha256 = await createDigest();
    this.#git = sha256 === undefined && gitSha1 !== undefined ? await createGitDigest(size) : undefined;
  }
}

function cutOff({ name, url }: FileJob): RankscopeError {
  return new RankscopeError(
    'network',
    `The download of ${name} stopped: this machine is offline. What has come is kept, and it goes on when the connection is back.`,
    { url, offline: true },
  );
}

function changed({ name, url }: FileJob): RankscopeError {
  return new RankscopeError(
    'bad-checkpoint',
    `${name} is not what ${hostOf(url)} lists: another length or digest. It was removed. Look the model up again; if it stays so, the file is damaged there.`,
    { url, altered: true },
  );
}
