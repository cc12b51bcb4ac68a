/** Where keys lead in the matrix, as in the grid of the ARIA practices. Places are rows and columns of the order shown. */

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface KeyPress {
  readonly key: string;
  /** Ctrl or ⌘. */
  readonly far: boolean;
  readonly alt?: boolean;
}

/** @param page rows that Page Up and Page Down go. @returns undefined where the key does not move */
export function placeAfter(
  { key, far, alt = false }: KeyPress,
  at: Place,
  n: number,
  page: number,
): Place | undefined {
  const to = alt ? undefined : moved(key, far, at, n, page);
  const within = (value: number): number => Math.max(0, Math.min(n - 1, value));
  return to && { row: within(to.row), column: within(to.column) };
}

function moved(key: string, far: boolean, { row, column }: Place, n: number, page: number) {
  switch (key) {
    case 'ArrowUp':
      return { row: far ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: far ? n - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: far ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: far ? n - 1 : column + 1 };
    case 'Home':
      return { row: far ? 0 : row, column: 0 };
    case 'End':
      return { row: far ? n - 1 : row, column: n - 1 };
    case 'PageUp':
      return { row: row - page, column };
    case 'PageDown':
      return { row: row + page, column };
    default:
      return undefined;
  }
}

/**
 * The next of the cells pointed at, row by row in the order shown, or the one before; from the last on to the first.
 * @param pointed cells as a * n + b, of candidate positions
 * @param at undefined: from the beginning
 */
export function nextPointed(
  pointed: ReadonlySet<number>,
  order: readonly number[],
  at: Place | undefined,
  step: 1 | -1,
): Place | undefined {
  const n = order.length;
  const placeOf = new Map(order.map((position, place) => [position, place]));
  const places = [...pointed].flatMap((cell) => {
    const row = placeOf.get(Math.floor(cell / n));
    const column = placeOf.get(cell % n);
    return row === undefined || column === undefined ? [] : [row * n + column];
  });
  if (places.length === 0) return undefined;
  places.sort((one, other) => (one - other) * step);
  const from = at ? at.row * n + at.column : step * Number.NEGATIVE_INFINITY;
  const next = places.find((place) => (place - from) * step > 0) ?? places[0]!;
  return { row: Math.floor(next / n), column: next % n };
}

/**
 * After which rows of the order a tier ends: all down to there are of better tiers than all below. In an order that
 * mixes tiers there is no such place.
 * @param tiers candidate positions, best tier first
 */
export function tierEnds(tiers: readonly (readonly number[])[], order: readonly number[]): number[] {
  const tierOf = new Map(tiers.flatMap((tier, index) => tier.map((position) => [position, index] as const)));
  const ends: number[] = [];
  const best = new Array<number>(order.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let i = order.length - 1; i >= 0; i--) best[i] = Math.min(best[i + 1]!, tierOf.get(order[i]!) ?? 0);
  let worst = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < order.length - 1; i++) {
    worst = Math.max(worst, tierOf.get(order[i]!) ?? 0);
    if (worst < best[i + 1]!) ends.push(i);
  }
  return ends;
}
