/** Keeps a key out of everything that people or files see: services like to repeat it in their errors. */

/** What keys look like that services repeat in part, e.g. `sk-abc…xyz`. */
const LIKE_A_KEY = /\b(?:sk|pk|key|gsk|hf|xai|co|jina|pa)[-_][\w*.…-]{6,}/gi;

/**
 * The text without the key, and without what looks like one.
 * @param key '' for none
 */
export function withoutKey(text: string, key: string): string {
  const bare = key.trim();
  const own = bare === '' ? text : text.replaceAll(bare, '•••');
  return own.replaceAll(/Bearer\s+\S+/gi, 'Bearer •••').replaceAll(LIKE_A_KEY, '•••');
}

/**
 * What is wrong with a key as a header's value; undefined where nothing is. The sentence does not repeat it.
 * A browser's own error would.
 */
export function keyProblem(key: string): string | undefined {
  // Line ends come with keys that are read from files.
  if (/^[\x21-\x7e]*$/.test(key.trim())) return undefined;
  return 'The key has characters that no key has (spaces, line breaks or letters outside ASCII). Copy it again.';
}
