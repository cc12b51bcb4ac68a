/** Bytes of one piece of a source; a multiple of every element size, so that no number is split between two. */
export const PIECE = 8 * 2 ** 20;
