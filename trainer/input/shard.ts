/** `--shard i/n`: part i of n, in order, so that the parts' outputs one after the other are the whole's. */
import { usage } from '../cli/args.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** @throws RankscopeError 'bad-input' unless it is `i/n` with 1 ≤ i ≤ n */
export function readShard(command: string, text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match && index >= 1 && index <= of) return { index, of };
  throw usage(command, `--shard is “${text}”; it must be i/n, such as 1/4 to 4/4`);
}

/** Parts of all but equal length; together every item once. */
export function takeShard<T>(items: readonly T[], shard?: Shard): readonly T[] {
  if (!shard) return items;
  const edge = (i: number) => Math.floor((i * items.length) / shard.of);
  return items.slice(edge(shard.index - 1), edge(shard.index));
}
