// biome-ignore-all lint/a11y/useSemanticElements: a table of ten thousand cells can only be drawn in part, so its parts are placed, not laid out.
// biome-ignore-all lint/a11y/useFocusableInteractive: headers are read with their cells; focus moves over cells.
/** What the matrix is drawn of: heads, rows of cells, lines of tiers. */
import { memo } from 'react';
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import { DecisionCell, OwnCell } from './DecisionCell.tsx';

/** Nothing to press is smaller than this. */
export const SMALL = 24;
export const LARGE = 40;
/** Cells are large enough for their probability up to so many passages. */
export const LARGE_UP_TO = 16;
/** Width of the row heads, height of the column heads. */
export const HEAD = 72;

/** Lines after the last row and column of each tier: the facts name the tiers in words. */
export const TierLines = memo(function TierLines({
  ends,
  size,
  length,
}: {
  readonly ends: readonly number[];
  readonly size: number;
  readonly length: number;
}) {
  return ends.flatMap((end) => {
    const at = HEAD + (end + 1) * size - 1.5;
    return [
      <span
        key={`row ${end}`}
        className="tier-line"
        aria-hidden="true"
        style={{ top: at, left: HEAD, width: length, height: 2 }}
      />,
      <span
        key={`column ${end}`}
        className="tier-line"
        aria-hidden="true"
        style={{ left: at, top: HEAD, height: length, width: 2 }}
      />,
    ];
  });
});

/** What all rows show alike. */
export interface RowsShow {
  readonly order: readonly number[];
  /** Places of the columns that are drawn. */
  readonly columns: readonly number[];
  readonly pointed: ReadonlySet<number> | null;
  /** Candidates with such cells in their row. */
  readonly pointedRows: ReadonlySet<number>;
}

export const ColumnHeads = memo(function ColumnHeads({
  columns,
  order,
  ids,
  size,
}: {
  /** Places of the columns that are drawn. */
  readonly columns: readonly number[];
  readonly order: readonly number[];
  readonly ids: readonly string[];
  readonly size: number;
}) {
  return columns.map((column) => {
    const id = ids[order[column]!];
    return (
      <span
        key={column}
        role="columnheader"
        aria-colindex={column + 2}
        className="decisions-column-head"
        style={{ left: HEAD + column * size }}
        title={id}
      >
        <span>{id}</span>
      </span>
    );
  });
});

interface RowProps {
  readonly matrix: DecisionMatrix;
  /** The row is drawn anew when this changes. */
  readonly stamp: number;
  readonly row: number;
  readonly size: number;
  /** Colours and marks are in the picture below. */
  readonly painted: boolean;
  readonly ids: readonly string[];
  /** Column of the Tab stop; -1: in another row. */
  readonly stop: number;
}

interface GridRowProps extends RowProps {
  /** The passage's id, which does not wait for its cells. */
  readonly id: string;
  readonly top: number;
  /** What its cells show; undefined: none yet. */
  readonly show: RowsShow | undefined;
}

export const GridRow = memo(function GridRow({ id, top, show, ...cells }: GridRowProps) {
  const { row } = cells;
  return (
    <div className="decisions-row" role="row" aria-rowindex={row + 2} style={{ top }}>
      <span className="decisions-row-head" role="rowheader" aria-colindex={1} title={id}>
        {id}
      </span>
      {show && (
        <RowCells
          {...cells}
          columns={show.columns}
          order={show.order}
          pointed={show.pointedRows.has(show.order[row]!) ? show.pointed : null}
        />
      )}
    </div>
  );
});

interface CellsProps extends RowProps {
  readonly columns: readonly number[];
  readonly order: readonly number[];
  readonly pointed: ReadonlySet<number> | null;
}

/** Cells are kept by place, not by passage: another order changes what they say and moves none of them. */
const RowCells = memo(function RowCells(props: CellsProps) {
  const { matrix, row, size, painted, columns, order, ids, pointed, stop } = props;
  const a = order[row]!;
  return columns.map((column) => {
    const b = order[column]!;
    const left = HEAD + column * size;
    if (a === b) {
      return <OwnCell key={column} id={ids[a]!} place={row} left={left} stop={stop === column} />;
    }
    return (
      <DecisionCell
        key={column}
        a={ids[a]!}
        b={ids[b]!}
        decision={matrix.at(a, b)}
        other={matrix.at(b, a)}
        row={row}
        column={column}
        left={left}
        large={size === LARGE}
        painted={painted}
        stop={stop === column}
        pointed={pointed?.has(a * matrix.n + b) ?? false}
      />
    );
  });
});
