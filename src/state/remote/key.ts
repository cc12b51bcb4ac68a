/**
 * The keys of services, in this module alone: in no store, so that nothing that is kept, shared or shown can have one.
 */
const keys = new Map<string, string>();

/** For the worker that asks the service, and for what is remembered where the user wants that. '' for none. */
export const remoteKey = (id: string): string => keys.get(id) ?? '';

export function setRemoteKey(id: string, given: string): void {
  const key = given.trim();
  if (key === '') keys.delete(id);
  else keys.set(id, key);
}
