/** What a link that holds a recording (link.ts) has in its hash. */

const HASH = /^#recording=(.*)$/s;

/** The packed bytes that a hash holds; undefined where it is of no recording. @throws Error with a sentence */
export function linkedBytes(hash: string): Uint8Array | undefined {
  const payload = HASH.exec(hash)?.[1];
  if (payload === undefined) return undefined;
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  } catch {
    throw new Error('The link is damaged: a part of it is missing or was changed on its way.');
  }
}
