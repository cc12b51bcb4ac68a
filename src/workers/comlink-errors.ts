/**
 * Errors on their way between a worker and the page. Comlink's own handler keeps message and stack
 * but drops everything else; ours sends `{code, message, details}` (src/errors.ts) and rebuilds a
 * RankscopeError on the other side, so that `error.code` means the same in both.
 */
import * as Comlink from 'comlink';
import { type ErrorData, fromErrorData, toErrorData } from '../errors.ts';

interface Thrown {
  readonly value: unknown;
}

let installed = false;

/**
 * Replaces comlink's handler of thrown values. Call it once in every worker *and* in the page,
 * before the first call; further calls do nothing.
 */
export function installErrorTransfer(): void {
  if (installed) return;
  const own = Comlink.transferHandlers.get('throw');
  if (!own) throw new Error('comlink has no "throw" handler to replace: was it updated?');
  const handler: Comlink.TransferHandler<Thrown, ErrorData> = {
    // Only comlink can tell a thrown value from a returned one: the marker is its private symbol.
    canHandle: (value): value is Thrown => own.canHandle(value),
    serialize: ({ value }) => [cloneable(toErrorData(value)), []],
    deserialize: (data) => {
      throw fromErrorData(data);
    },
  };
  Comlink.transferHandlers.set('throw', handler as Comlink.TransferHandler<unknown, unknown>);
  installed = true;
}

/** Details that cannot be cloned (a function, a session) must not cost us the message. */
function cloneable(data: ErrorData): ErrorData {
  try {
    structuredClone(data.details);
    return data;
  } catch {
    return { code: data.code, message: data.message };
  }
}
