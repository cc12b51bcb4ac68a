/**
 * Errors that people read. Each has a stable `code` (for tests and for the screen), a message that
 * says what happened and what to do, and `details` that survive structured clone, so that an error
 * crosses a worker as `{code, message, details}` and is rebuilt on the other side.
 */

export type ErrorCode =
  | 'bad-input' // a file or a text the user gave cannot be read as asked
  | 'bad-checkpoint' // a checkpoint folder is incomplete, altered or of an unknown shape
  | 'missing' // a file or model is not where it should be
  | 'network' // a request failed
  | 'cancelled' // the user (or a replaced job) ended it
  | 'storage' // there is no room, or writing is refused
  | 'device' // no device, device lost, out of memory
  | 'worker' // a worker died or does not answer
  | 'internal'; // a fault of ours

export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export class RankscopeError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'RankscopeError';
    this.code = code;
    this.details = details;
  }
}

/** Plain data for an error of any kind, fit for postMessage. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof RankscopeError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  if (isAbort(error)) return { code: 'cancelled', message: 'Cancelled.' };
  return { code: 'internal', message: messageOf(error) };
}

/** What an error of any kind says; of what is no error, its text. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The error that `toErrorData` described. */
export function fromErrorData(data: ErrorData): RankscopeError {
  return new RankscopeError(data.code, data.message, data.details);
}

/** True for the error that an aborted signal throws, and for our own 'cancelled'. */
export function isAbort(error: unknown): boolean {
  return (
    (error instanceof RankscopeError && error.code === 'cancelled') ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/** Throws 'cancelled' when the signal is aborted. Unlike throwIfAborted it always throws our error. */
export function throwIfCancelled(signal: { readonly aborted: boolean } | undefined): void {
  if (signal?.aborted) throw new RankscopeError('cancelled', 'Cancelled.');
}
