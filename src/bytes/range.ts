/** Whether a range lies in a source, and a range as a source of its own. */
import { bad } from './byte-errors.ts';
import type { ByteSource } from './byte-source.ts';

/** @throws RankscopeError 'bad-checkpoint' for bytes that are not there */
export function checkRange(
  { name, size }: Pick<ByteSource, 'name' | 'size'>,
  start: number,
  end: number,
): void {
  if (start >= 0 && start <= end && end <= size) return;
  throw bad(name, `it ends before byte ${end}: the file is truncated or damaged`);
}

/** The bytes [start, start + size) of a source, as far as it has them; closing it closes nothing. */
export function partOf(source: ByteSource, start: number, size: number): ByteSource {
  const part = { name: source.name, size: Math.max(0, Math.min(size, source.size - start)) };
  const within = (from: number, to: number) => checkRange(part, from, to);
  return {
    ...part,
    async read(from, length) {
      within(from, from + length);
      return source.read(start + from, length);
    },
    async *pieces(from, to) {
      within(from, to);
      yield* source.pieces(start + from, start + to);
    },
    async close() {},
  };
}
