/**
 * Requests for models. No cookies, no referrer, no header but `Range`: Authorization or If-Range would make the
 * browser ask the hub's CDN beforehand whether it may, and that is refused there.
 */
import { isAbort, messageOf, RankscopeError, throwIfCancelled } from '../errors.ts';
import { limitSeconds, pause, type Waiting } from '../waiting.ts';

export interface Patience {
  readonly signal?: AbortSignal;
  readonly onWait?: (waiting: Waiting | null) => void;
  /** Whether this machine has no network at all: then what has failed is not tried again by itself. */
  readonly offline?: () => boolean;
  /** Milliseconds; for tests. Rejects when the signal aborts. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Attempts at a list or a card, waits for a rate limit not counted. */
const ATTEMPTS = 4;
/** A limit that asks for more than this is an error for people, not a wait. */
export const LONGEST_WAIT_S = 330;
/** Where a limit does not say when it ends, or hides it from pages. */
const UNSAID_WAIT_S = 20;
const MOST_WAITS = 5;

/** @param start of the range that is asked for; 0: the whole file, without a range. @throws the browser's own error. */
export function ask(url: string, { start = 0, end, whole, signal }: AskOptions = {}): Promise<Response> {
  const range =
    start > 0 || end !== undefined || whole
      ? `bytes=${start}-${end === undefined ? '' : end - 1}`
      : undefined;
  return fetch(url, {
    headers: range === undefined ? {} : { Range: range },
    // Chromium keeps answers to ranges and hands them to requests for the whole file.
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal,
  });
}

export interface AskOptions {
  readonly start?: number;
  readonly end?: number;
  /** The whole file, but as a range: browsers then ask for it unpacked. */
  readonly whole?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * A small file or a list, with patience: waits where a rate limit says so, tries again where the server or the
 * connection failed.
 * @param what names what is asked for in messages, e.g. `The file list of google/flan-t5-small`.
 * @throws RankscopeError 'missing' (404 and refusals; details: status, code), 'network' or 'cancelled'.
 */
export async function askPatiently(
  url: string,
  what: string,
  patience: Patience = {},
  request = (signal?: AbortSignal) => ask(url, { signal }),
): Promise<Response> {
  const { signal, onWait, offline, sleep = pause } = patience;
  let limited = 0;
  for (let failed = 0; ; ) {
    throwIfCancelled(signal);
    let error: RankscopeError;
    let wait: Waiting;
    try {
      const response = await request(signal);
      if (response.ok) return response;
      error = refusal(response, what);
      void response.body?.cancel().catch(() => {});
      if (response.status === 429) {
        const seconds = limitSeconds(response.headers) ?? UNSAID_WAIT_S;
        if (seconds > LONGEST_WAIT_S || ++limited > MOST_WAITS) throw error;
        wait = limitedFor(seconds, url);
      } else {
        if (response.status < 500 || ++failed >= ATTEMPTS) throw error;
        wait = retryIn(failed, `${hostOf(url)} answered ${response.status}`);
      }
    } catch (caught) {
      throwIfCancelled(signal);
      if (caught instanceof RankscopeError || isAbort(caught)) throw caught;
      if (offline?.()) throw cutOff(url, what);
      if (++failed >= ATTEMPTS) throw unreachable(url, what, caught);
      wait = retryIn(failed, `${hostOf(url)} cannot be reached`);
    }
    onWait?.(wait);
    await sleep(wait.seconds * 1000, signal);
    onWait?.(null);
  }
}

/** The same as JSON. @throws RankscopeError also 'network' where a web page comes instead. */
export async function askJson(
  url: string,
  what: string,
  patience: Patience = {},
): Promise<{ readonly json: unknown; readonly headers: Response['headers'] }> {
  const response = await askPatiently(url, what, patience);
  const text = await response.text();
  try {
    return { json: JSON.parse(text), headers: response.headers };
  } catch {
    const found = /^\s*</.test(text) ? 'a web page' : 'something else';
    throw new RankscopeError(
      'network',
      `${what}: ${hostOf(url)} answered with ${found} instead of JSON. Check the address; a sign-in page of the network may stand in between.`,
      { url },
    );
  }
}

export function limitedFor(seconds: number, url: string): Waiting {
  const message = `${hostOf(url)} limits how much may be asked for: continuing in ${seconds} s.`;
  return { reason: 'rate-limit', seconds, message };
}

/** Doubles from one second, up to half a minute. */
export function retryIn(failed: number, what: string): Waiting {
  const seconds = Math.min(30, 2 ** (failed - 1));
  return { reason: 'retry', seconds, message: `${what}: trying again in ${seconds} s.` };
}

/** What a refusing answer means. */
export function refusal(response: Response, what: string): RankscopeError {
  const { status, headers, url } = response;
  const code = headers.get('x-error-code') ?? undefined;
  const details = { status, code, url };
  const gated = code === 'GatedRepo' || (status === 403 && code !== 'RepoNotFound');
  const because: Readonly<Record<number, string>> = {
    401: 'it does not exist, or is not public. Check the spelling',
    404: 'it does not exist there. Check the spelling',
    410: 'it has been taken away',
    429: 'too much was asked for in a short time. Try again in a few minutes',
  };
  const why = gated
    ? 'access is restricted. Its owner asks visitors to sign in and accept terms, which this page cannot do: download it yourself and open it with “Open folder or zip”'
    : (because[status] ?? `the server answered ${status}. Try again`);
  const missing = gated || status === 401 || status === 404 || status === 410;
  return new RankscopeError(
    missing ? 'missing' : 'network',
    `${what} cannot be had from ${hostOf(url)}: ${why}.`,
    {
      ...details,
      gated,
    },
  );
}

export function unreachable(url: string, what: string, error: unknown): RankscopeError {
  const reason = messageOf(error);
  return new RankscopeError(
    'network',
    `${what} cannot be had: ${hostOf(url)} cannot be reached, or does not let this page read from it (${reason}). Check the address and the connection.`,
    { url },
  );
}

function cutOff(url: string, what: string): RankscopeError {
  const message = `${what} cannot be had: this machine is offline. Connect it, and look again.`;
  return new RankscopeError('network', message, { url, offline: true });
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
