/** Shape inference for the ops of ops.ts, over dimensions that may be symbols. */
import type { Dim } from './graph.ts';

export const showDims = (dims: readonly Dim[]) => `[${dims.join(', ')}]`;

/** Numpy-style broadcast of two shapes. Throws when they cannot be broadcast. */
export function broadcast(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) out.push(x);
    else if (x === 1) out.push(y);
    else throw new RangeError(`cannot broadcast ${showDims(a)} with ${showDims(b)}`);
  }
  return out;
}

/** Shape of a matrix product with broadcast leading dimensions (both of rank 2 or more). */
export function matmulDims(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const inner = a[a.length - 1];
  if (a.length < 2 || b.length < 2 || inner !== b[b.length - 2]) {
    throw new RangeError(`cannot multiply ${showDims(a)} by ${showDims(b)}`);
  }
  return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a[a.length - 2]!, b[b.length - 1]!];
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank) throw new RangeError(`axis ${axis} is outside rank ${rank}`);
  return positive;
}

/** Axes along which `from` was broadcast to reach `to` (positions in `to`). */
export function broadcastAxes(from: readonly Dim[], to: readonly Dim[]): number[] {
  const shift = to.length - from.length;
  return to.flatMap((dim, axis) => {
    const own = axis < shift ? undefined : from[axis - shift];
    return own === undefined || (own === 1 && dim !== 1) ? [axis] : [];
  });
}
