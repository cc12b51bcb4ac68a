/** What a session takes of memory: apart from the plan of a conversion, which builds graphs to know its figures. */

/** A worker with its runtime, before a session is made. */
const RUNTIME = 150 * 2 ** 20;
/** A session keeps what it was given, and what the runtime packs of it; measured in Chromium for int8 and q8. */
const SESSION_COPIES = 2.2;

/** Memory of a worker with a session of a scorer of so many bytes. */
export const sessionBytes = (scorer: number): number => RUNTIME + SESSION_COPIES * scorer;
