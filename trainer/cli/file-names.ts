/** Names for files out of names for people, and out of everything a result depends on. */
import { createHash } from 'node:crypto';

/** No white space, no slashes. */
export const slug = (text: string) => text.replace(/[^\w.@-]+/g, '_');

/** Twelve characters for a file's name. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
