/**
 * Requests to one service: a few at a time, with patience. A limit that one request meets holds all of them. Nothing
 * follows a redirect, so key and passages reach the address that was typed, and no other.
 */
import { isAbort, RankscopeError, throwIfCancelled } from '../errors.ts';
import { limitSeconds, pause, type Waiting } from '../waiting.ts';
import { notJson, redirected, refusalOf, tooLong, unreachable } from './failures.ts';

export interface TrafficOptions {
  readonly host: string;
  /** '' for none. */
  readonly key: string;
  /** Requests at a time. Default 4. */
  readonly parallel?: number;
  /** Milliseconds until a request without an answer counts as lost. Default 120,000. */
  readonly timeoutMs?: number;
  /** Times that a request is sent at most; waits for a limit are not counted, up to ten. Default 5. */
  readonly attempts?: number;
  /** Told before a wait, and null after it. */
  readonly onWait?: (waiting: Waiting | null) => void;
  /** For tests. */
  readonly sleep?: typeof pause;
  /** From 0 to 1; for tests. */
  readonly random?: () => number;
}

/** A limit that asks for more is an error for people, not a wait. */
const LONGEST_WAIT_S = 330;
const MOST_LIMITS = 10;
/** An answer is a ranking or a few words: more is a page or a fault. */
const MOST_BYTES = 8_000_000;

export class Traffic {
  /** Requests sent so far. */
  requests = 0;
  readonly #options: TrafficOptions;
  #free: number;
  readonly #queue: (() => void)[] = [];
  /** On the clock of `performance`: nothing is sent before. */
  #heldUntil = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#free = this.parallel;
  }

  /**
   * Posts JSON and gives the JSON that came.
   * @throws RankscopeError 'cancelled'; 'network' or 'bad-input' in words, with `status` where the service answered
   */
  async post(url: string, body: object, signal?: AbortSignal): Promise<Reply> {
    await this.#enter(signal);
    try {
      return await this.#patiently(url, JSON.stringify(body), signal);
    } finally {
      this.#free++;
      this.#queue.shift()?.();
    }
  }

  /** Requests at a time. */
  get parallel(): number {
    return this.#options.parallel ?? 4;
  }

  /** Waits for one of the places. */
  async #enter(signal?: AbortSignal): Promise<void> {
    while (this.#free === 0) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          // A place that becomes free is for somebody who still waits.
          const at = this.#queue.indexOf(wake);
          if (at >= 0) this.#queue.splice(at, 1);
          resolve();
        };
        this.#queue.push(wake);
        signal?.addEventListener('abort', leave, { once: true });
      });
      if (signal?.aborted && this.#free > 0) this.#queue.shift()?.();
      throwIfCancelled(signal);
    }
    this.#free--;
  }

  async #patiently(url: string, body: string, signal?: AbortSignal): Promise<Reply> {
    const { host, attempts = 5 } = this.#options;
    let limited = 0;
    for (let failed = 0; ; ) {
      await this.#held(signal);
      try {
        return await this.#once(url, body, signal);
      } catch (error) {
        throwIfCancelled(signal);
        if (!(error instanceof Passing)) throw error;
        const asked = error.seconds;
        if (error.limit) {
          if ((asked ?? 0) > LONGEST_WAIT_S || ++limited > MOST_LIMITS) throw error.told;
          const seconds = asked ?? this.#backOff(limited + 1);
          this.#hold(seconds, {
            reason: 'rate-limit',
            seconds: Math.ceil(seconds),
            message: `${host} limits requests: continuing in ${Math.ceil(seconds)} s.`,
          });
        } else {
          if (++failed >= attempts || (asked ?? 0) > LONGEST_WAIT_S) throw error.told;
          const seconds = asked ?? this.#backOff(failed);
          if (asked !== undefined) {
            this.#hold(seconds, {
              reason: 'retry',
              seconds,
              message: `${error.what}: continuing in ${seconds} s.`,
            });
          } else {
            this.#tell({ reason: 'retry', seconds, message: `${error.what}: trying again.` });
            await this.#sleep(seconds, signal);
            this.#tell(null);
          }
        }
      }
    }
  }

  /** One request. @throws Passing where trying again may help */
  async #once(url: string, body: string, signal?: AbortSignal): Promise<Reply> {
    const { key, host, timeoutMs = 120_000 } = this.#options;
    const own = new AbortController();
    const stop = () => own.abort();
    signal?.addEventListener('abort', stop, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      own.abort();
    }, timeoutMs);
    this.requests++;
    try {
      const began = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        headers: headersOf(key),
        body,
        redirect: 'manual',
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: own.signal,
      });
      // Browsers do not say where it leads, and give it the status 0.
      if (response.status === 0 || (response.status >= 300 && response.status < 400)) throw redirected(host);
      const text = await bounded(response, host);
      if (!response.ok) throw this.#refused(response, text);
      return { json: readJson(text, host), ms: performance.now() - began };
    } catch (error) {
      throwIfCancelled(signal);
      if (error instanceof Passing || error instanceof RankscopeError) throw error;
      if (late) {
        const what = `${host} did not answer within ${Math.round(timeoutMs / 1000)} s`;
        throw new Passing(
          what,
          new RankscopeError('network', `${what}. Try again, or ask for less at a time.`),
        );
      }
      if (isAbort(error)) throw error;
      throw new Passing(`${host} cannot be reached`, unreachable(host, error, key));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  #refused({ status, headers }: Response, text: string): Error {
    const { host, key } = this.#options;
    const told = refusalOf(status, text, host, key);
    const seconds = limitSeconds(headers);
    if (status === 429) return new Passing(`${host} limits requests`, told, seconds, true);
    if (status >= 500 || status === 408) return new Passing(`${host} answered ${status}`, told, seconds);
    return told;
  }

  /** Doubles from half a second up to half a minute; spread, so that requests do not come back all at once. */
  #backOff(times: number): number {
    const { random = Math.random } = this.#options;
    return Math.min(30, 2 ** (times - 2)) * (1 + random());
  }

  #hold(seconds: number, waiting: Waiting): void {
    const until = performance.now() + seconds * 1000;
    if (until <= this.#heldUntil) return;
    this.#heldUntil = until;
    this.#tell(waiting);
  }

  async #held(signal?: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    for (
      let left = this.#heldUntil - performance.now();
      left > 0;
      left = this.#heldUntil - performance.now()
    ) {
      await this.#sleep(left / 1000, signal);
      if (performance.now() >= this.#heldUntil) this.#tell(null);
    }
  }

  async #sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    try {
      await (this.#options.sleep ?? pause)(seconds * 1000, signal);
    } catch (error) {
      // Cancelled: nothing is waited for any more.
      this.#tell(null);
      throw error;
    }
  }

  #tell(waiting: Waiting | null): void {
    this.#options.onWait?.(waiting);
  }
}

export interface Reply {
  readonly json: unknown;
  /** From sending to the last byte, waits not counted. */
  readonly ms: number;
}

/** Something that may pass by itself. */
class Passing extends Error {
  readonly what: string;
  /** What people are told where it does not pass. */
  readonly told: RankscopeError;
  /** Wait that the service asks for. */
  readonly seconds?: number;
  readonly limit: boolean;
  constructor(what: string, told: RankscopeError, seconds?: number, limit = false) {
    super(what);
    this.what = what;
    this.told = told;
    this.seconds = seconds;
    this.limit = limit;
  }
}

function headersOf(key: string): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', Accept: 'application/json' };
  if (key.trim() !== '') headers.Authorization = `Bearer ${key.trim()}`;
  return headers;
}

/** The body, which must be of a sensible size. */
async function bounded(response: Response, host: string): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done || !value) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      void reader.cancel().catch(() => {});
      throw tooLong(host);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function readJson(text: string, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson(text, host);
  }
}
