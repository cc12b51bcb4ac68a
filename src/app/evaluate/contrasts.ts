/** Queries by how much two rows differ on them. */

export interface Contrast {
  /** Of the query in the data. */
  readonly place: number;
  readonly own: number;
  /** NaN where the other row has none. */
  readonly other: number;
  /** own − other */
  readonly difference: number;
}

export const ORDERS = ['contrast', 'high', 'low', 'file'] as const;
export type ContrastOrder = (typeof ORDERS)[number];

/** Which queries: all that the row has, or those on which it is above, level with, below the other. */
export const PARTS = ['all', 'wins', 'ties', 'losses'] as const;
export type ContrastPart = (typeof PARTS)[number];

/** Values that differ by no more are equal: sums in another order round differently. */
const EQUAL = 1e-9;

const PART: Readonly<Record<ContrastPart, (difference: number) => boolean>> = {
  all: () => true,
  wins: (difference) => difference > EQUAL,
  ties: (difference) => Math.abs(difference) <= EQUAL,
  losses: (difference) => difference < -EQUAL,
};

/** NaN behind everything. */
const size = (value: number): number => (Number.isNaN(value) ? -1 : Math.abs(value));

/**
 * Of the queries that the row has: the largest difference to the other of either sign first, where it has none by their own
 * values; or by their own values; equal ones as in the data; or all as there.
 */
export function contrasts(
  own: ArrayLike<number>,
  other: ArrayLike<number>,
  order: ContrastOrder,
  part: ContrastPart = 'all',
): Contrast[] {
  const list: Contrast[] = [];
  for (let place = 0; place < own.length; place++) {
    const value = own[place]!;
    const beside = other[place] ?? Number.NaN;
    const difference = value - beside;
    if (!Number.isNaN(value) && PART[part](difference))
      list.push({ place, own: value, other: beside, difference });
  }
  if (order === 'high') list.sort((a, b) => b.own - a.own);
  else if (order === 'low') list.sort((a, b) => a.own - b.own);
  else if (order === 'contrast')
    list.sort(
      (a, b) => size(b.difference) - size(a.difference) || (size(b.difference) < 0 ? b.own - a.own : 0),
    );
  return list;
}

/** A row of the picture of costs. */
export interface CostPoint {
  readonly id: string;
  readonly name: string;
  readonly cost: number;
  readonly value: number;
}

/** Points that no other is better than in both: none costs less (or as much) and is as good. By cost, the lowest first. */
export function paretoFront(points: readonly CostPoint[]): CostPoint[] {
  const front: CostPoint[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const point of [...points].sort((a, b) => a.cost - b.cost || b.value - a.value)) {
    if (point.value <= best) continue;
    best = point.value;
    front.push(point);
  }
  return front;
}
