/**
 * A batch of prompts in runs of the model of bounded size. Rows of like length go together, and sizes
 * are rounded, so that there is little padding and few sizes to compile.
 */
import { padRows } from '../training/prompts.ts';

export interface Chunk {
  /** Which prompts, the longest first. */
  readonly rows: readonly number[];
  /** Rows of the run: at least as many as there are prompts. */
  readonly height: number;
  /** Tokens of each row, padding included. */
  readonly length: number;
}

/** Lengths are padded to multiples of this. */
export const LENGTH_STEP = 16;

export const paddedLength = (tokens: number) => Math.max(1, Math.ceil(tokens / LENGTH_STEP)) * LENGTH_STEP;

/**
 * Groups prompts by length, longest first; where lengths are equal, in order.
 * @param lengths tokens of each prompt
 * @param chunkTokens most tokens of a chunk, padding included; a prompt that is longer goes alone
 */
export function chunksOf(lengths: readonly number[], chunkTokens: number): Chunk[] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const chunks: Chunk[] = [];
  for (let from = 0; from < order.length; ) {
    const length = paddedLength(lengths[order[from]!]!);
    const rows = order.slice(from, from + mostRows(length, chunkTokens));
    chunks.push({ rows, height: roundedUp(rows.length), length });
    from += rows.length;
  }
  return chunks;
}

/** A chunk of whole lists, list by list and each in its order. */
export interface Group extends Chunk {
  readonly lists: readonly number[];
}

/**
 * Puts whole lists together, those with long prompts first.
 * @param lists lengths of each list's prompts
 * @returns undefined where a list does not fit into a chunk
 */
export function groupsOf(lists: readonly (readonly number[])[], chunkTokens: number): Group[] | undefined {
  let count = 0;
  const rowsOf = lists.map((prompts) => prompts.map(() => count++));
  const lengths = lists.map((prompts) => paddedLength(Math.max(1, ...prompts)));
  const order = lists.map((_, l) => l).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const groups: { lists: number[]; rows: number[]; length: number }[] = [];
  for (const l of order) {
    const rows = rowsOf[l]!;
    if (rows.length > mostRows(lengths[l]!, chunkTokens)) return undefined;
    const last = groups.at(-1);
    if (last && last.rows.length + rows.length <= mostRows(last.length, chunkTokens)) {
      last.lists.push(l);
      last.rows.push(...rows);
    } else groups.push({ lists: [l], rows: [...rows], length: lengths[l]! });
  }
  return groups.map((group) => ({ ...group, height: roundedUp(group.rows.length) }));
}

/** Tokens that are run, padding included. */
export const tokensOf = (chunks: readonly Chunk[]): number =>
  chunks.reduce((sum, { height, length }) => sum + height * length, 0);

/** Rows of a full chunk. */
export function mostRows(length: number, chunkTokens: number): number {
  const most = Math.max(1, Math.floor(chunkTokens / length));
  return most - (most % grain(most));
}

/** The next number of rows that is compiled: 1 to 8, 10, 12, 14, 16, 20 … 32, 40 …: at most a sixth more. */
function roundedUp(rows: number): number {
  const step = grain(rows);
  return Math.ceil(rows / step) * step;
}

/** Three binary digits count: 2 for 8 to 15, 4 for 16 to 31 … */
const grain = (rows: number) => Math.max(1, 2 ** (Math.floor(Math.log2(rows)) - 2));

/**
 * Ids and mask of a chunk, [height × length]. Rows beyond the prompts hold one padding token, which
 * their mask lets through: a row with nothing to attend to would be undefined.
 */
export function padChunk({ rows, height }: Chunk, prompts: readonly Int32Array[], padId: number) {
  const filler = Int32Array.of(padId);
  const all = Array.from({ length: height }, (_, r) => (r < rows.length ? prompts[rows[r]!]! : filler));
  return padRows(all, LENGTH_STEP);
}
