/** A name that nothing else has, e.g. for a run or a tab. Not crypto.randomUUID: over plain http there is none. */
export const randomName = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
