/**
 * The key of the service, in this module alone: in no store, so that nothing that is kept, shared or shown can have it.
 */
let key = '';

/** For the worker that asks the service, and for what is remembered where the user wants that. */
export const remoteKey = (): string => key;

export function setRemoteKey(given: string): void {
  key = given.trim();
}
