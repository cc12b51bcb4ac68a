interface Props {
  readonly ids: readonly string[];
  readonly before: ReadonlySet<number>;
  readonly now: ReadonlySet<number>;
}

const CELL = 14;

/** The square again, passage by passage: which calls a schedule has made, and which it never will. */
export function AskedCells({ ids, before, now }: Props) {
  const n = ids.length;
  const cells = ids.flatMap((_, a) => ids.flatMap((_, b) => (a === b ? [] : [{ a, b, cell: a * n + b }])));
  return (
    <svg
      className="cost-asked"
      viewBox={`0 0 ${n * CELL} ${n * CELL}`}
      role="img"
      aria-label={`${before.size} of ${cells.length} calls made before this step, ${now.size} in it`}
    >
      {cells.map(({ a, b, cell }) => (
        <rect
          key={cell}
          data-asked={now.has(cell) ? 'now' : before.has(cell) ? 'before' : undefined}
          x={b * CELL + 1}
          y={a * CELL + 1}
          width={CELL - 2}
          height={CELL - 2}
          rx={2}
        />
      ))}
    </svg>
  );
}
