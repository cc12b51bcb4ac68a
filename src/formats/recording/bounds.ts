/** What a file of recordings may have at most. */

/** Bytes, unpacked: about 10,000 queries of 90 decisions each. */
export const MOST_BYTES = 256 * 1024 * 1024;

/** Candidates of a query: the page ranks half of that. */
export const MOST_CANDIDATES = 200;
