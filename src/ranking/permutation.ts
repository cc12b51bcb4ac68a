/** Reads an order of passages from what a model wrote, and repairs it as RankGPT's published code does. */

export interface ReadPermutation {
  /** Positions in what was shown, from 0, best first: each once. */
  readonly order: readonly number[];
  /** The answer left numbers out, repeated some or named others, and was repaired. */
  readonly malformed: boolean;
  /** Passages that it names. */
  readonly named: number;
}

/**
 * Every number in the text counts, whatever stands between; repeated ones and those of no passage are left out, and
 * passages that were not named follow in the order shown (RankGPT, `receive_permutation`).
 * @param shown how many passages were shown; they are numbered from 1
 * @param wanted `'best'`: one number is the whole answer that was asked for
 */
export function readPermutation(text: string, shown: number, wanted?: 'best'): ReadPermutation {
  const named = (text.match(/[0-9]+/g) ?? []).map((digits) => Number(digits) - 1);
  const found = [...new Set(named)].filter((position) => position >= 0 && position < shown);
  const rest = Array.from({ length: shown }, (_, i) => i).filter((position) => !found.includes(position));
  const complete = found.length === (wanted === 'best' ? 1 : shown);
  const malformed = !complete || named.length !== found.length;
  return { order: [...found, ...rest], malformed, named: found.length };
}
