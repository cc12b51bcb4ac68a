/** Queries by how much two rows differ on them. */

export interface Contrast {
  /** Of the query in the data. */
  readonly place: number;
  readonly own: number;
  readonly other: number;
  /** own − other */
  readonly difference: number;
}

/** Of the queries that both rows have: the largest difference of either sign first, equal ones as in the data; or as there. */
export function contrasts(
  own: ArrayLike<number>,
  other: ArrayLike<number>,
  order: 'contrast' | 'file',
): Contrast[] {
  const list: Contrast[] = [];
  for (let place = 0; place < own.length; place++) {
    const difference = own[place]! - other[place]!;
    if (!Number.isNaN(difference)) list.push({ place, own: own[place]!, other: other[place]!, difference });
  }
  if (order === 'contrast') list.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
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
