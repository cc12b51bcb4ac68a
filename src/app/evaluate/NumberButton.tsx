import type { ReactNode } from 'react';
import type { CellKeys } from './useCellKeys.ts';

interface Props {
  /** Id of the row. */
  readonly row: string;
  /** Of the cell in its row: keys go to the same one of other rows. */
  readonly cell: string;
  /** What it is, and what it leads to. */
  readonly says: string;
  readonly keys: CellKeys;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** Names a button among those of a table. */
export const cellName = (row: string, cell: string): string => `${row}|${cell}`;

/** A number of a table that leads to the queries it comes from. */
export function NumberButton({ row, cell, says, keys, onClick, children }: Props) {
  const name = cellName(row, cell);
  return (
    <button
      type="button"
      className="evaluate-number"
      data-cell={cell}
      tabIndex={keys.tabIndex(name)}
      aria-label={says}
      onFocus={() => keys.onFocus(name)}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
