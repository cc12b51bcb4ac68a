/**
 * A batch of prompts in runs of the model of bounded size. Rows of like length go together, and sizes
 * are rounded, so that there is little padding and few sizes to compile.
 */

export interface Chunk {
  /** Which prompts, the longest first. */
  readonly rows: readonly number[];
  /** Rows of the run: at least as many as there are prompts. */
  readonly height: number;
  /** Tokens of each row, padding included. */
  readonly length: number;
}

/** Lengths are padded to multiples of 16 up to 256, of 32 up to 512 and so on: little padding, few lengths. */
export function paddedLength(tokens: number): number {
  let step = 16;
  while (tokens > 16 * step) step *= 2;
  return Math.max(1, Math.ceil(tokens / step)) * step;
}

/**
 * What a run costs beyond its tokens, in tokens: gradients of all parameters are added up in each. More
 * than was measured (50 of FLAN-T5-small's), because fewer runs are also fewer sizes to compile.
 */
const RUN_COST = 128;

/**
 * Groups prompts by length, longest first, so that the work is least, padding included: a chunk ends
 * where shorter prompts are better off by themselves.
 * @param lengths tokens of each prompt
 * @param chunkTokens most tokens of a chunk, padding included; a prompt that is longer goes alone
 */
export function chunksOf(lengths: readonly number[], chunkTokens: number): Chunk[] {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const count = order.length;
  const padded = order.map((i) => paddedLength(lengths[i]!));
  /** Least work of the prompts from each place on, and how many rows its first chunk then has. */
  const work = new Float64Array(count + 1);
  const rowsAt = new Uint32Array(count);
  for (let from = count - 1; from >= 0; from--) {
    const length = padded[from]!;
    const most = Math.min(rowsWithin(length, chunkTokens), count - from);
    work[from] = Number.POSITIVE_INFINITY;
    for (let rows = 1; rows <= most; rows++) {
      const whole = powerFrom(rows) * length + RUN_COST + work[from + rows]!;
      if (whole > work[from]!) continue;
      work[from] = whole;
      rowsAt[from] = rows;
    }
  }
  const chunks: Chunk[] = [];
  for (let from = 0; from < count; from += rowsAt[from]!) {
    const rows = order.slice(from, from + rowsAt[from]!);
    chunks.push({ rows, height: powerFrom(rows.length), length: padded[from]! });
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
  return groups.map((group) => {
    const height = Math.min(roundedUp(group.rows.length), mostRows(group.length, chunkTokens));
    return { ...group, height };
  });
}

/** Tokens that are run, padding included. */
export const tokensOf = (chunks: readonly Chunk[]): number =>
  chunks.reduce((sum, { height, length }) => sum + height * length, 0);

/** Most rows of any chunk. */
export const mostRows = (length: number, chunkTokens: number) =>
  Math.max(1, Math.floor(chunkTokens / length));

/** Most rows of a chunk whose prompts are free to go elsewhere: a power of two. */
const rowsWithin = (length: number, chunkTokens: number) =>
  2 ** Math.floor(Math.log2(mostRows(length, chunkTokens)));

const powerFrom = (rows: number) => 2 ** Math.ceil(Math.log2(rows));

/** Lists cannot be parted to fit: 1 to 8 rows, 10, 12, 14, 16, 20 … 32, 40 … */
function roundedUp(rows: number): number {
  const step = Math.max(1, 2 ** (Math.floor(Math.log2(rows)) - 2));
  return Math.ceil(rows / step) * step;
}

/**
 * Ids and mask of a chunk, [height × length]. Rows beyond the prompts hold one padding token, which
 * their mask lets through: a row with nothing to attend to would be undefined.
 */
export function padChunk({ rows, height, length }: Chunk, prompts: readonly Int32Array[], padId: number) {
  const ids = new Int32Array(height * length).fill(padId);
  const mask = new Int32Array(height * length);
  for (let r = 0; r < height; r++) {
    const row = rows[r];
    const prompt = row === undefined ? Int32Array.of(padId) : prompts[row]!;
    ids.set(prompt, r * length);
    mask.fill(1, r * length, r * length + prompt.length);
  }
  return { ids, mask };
}
