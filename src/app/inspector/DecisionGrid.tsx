// biome-ignore-all lint/a11y/useSemanticElements: a table of ten thousand cells can only be drawn in part, so its parts are placed, not laid out.
// biome-ignore-all lint/a11y/useFocusableInteractive: headers are read with their cells; focus moves over cells.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import { type Cell, openDecision } from '../../state/inspector/inspected.ts';
import { contradicts, decisionInWords, probabilityOfA, shortProbability } from './words.ts';
import './grid.css';

interface Props {
  readonly matrix: DecisionMatrix;
  /** Changes with every decision: the matrix itself grows in place. */
  readonly version: number;
  /** Candidate positions in the order of rows and columns. */
  readonly order: readonly number[];
  /** Passage ids by candidate position. */
  readonly ids: readonly string[];
  /** Cells to be seen above others, as a * n + b. */
  readonly pointed: ReadonlySet<number> | null;
}

/** Nothing to press is smaller than this. */
const SMALL = 24;
const LARGE = 40;
/** Cells are large enough for their probability up to so many passages. */
const LARGE_UP_TO = 16;
const HEAD = 72;

/**
 * All ordered decisions: row asked as passage A, column as passage B. A grid of the ARIA practices: one Tab stop, arrows move,
 * Enter opens. Only what can be seen is in the document.
 */
export function DecisionGrid({ matrix, version, order, ids, pointed }: Props) {
  const n = order.length;
  const size = n <= LARGE_UP_TO ? LARGE : SMALL;
  const scroller = useRef<HTMLDivElement>(null);
  /** Place of the roving focus: row and column of the order, not candidate positions. */
  const [at, setAt] = useState<{ readonly row: number; readonly column: number }>({
    row: 0,
    column: Math.min(1, n - 1),
  });
  const here = { row: Math.min(at.row, n - 1), column: Math.min(at.column, n - 1) };
  const shared = {
    count: n,
    estimateSize: () => size,
    getScrollElement: () => scroller.current,
    overscan: 2,
  };
  const rows = useVirtualizer({ ...shared, scrollPaddingStart: HEAD, paddingStart: 0 });
  const columns = useVirtualizer({ ...shared, horizontal: true, scrollPaddingStart: HEAD });
  const seen = columns.getVirtualItems();
  const from = seen[0]?.index ?? 0;
  const to = (seen.at(-1)?.index ?? -1) + 1;
  const stamps = useStamps(matrix, version);

  const move = (row: number, column: number): void => {
    const next = { row: Math.max(0, Math.min(n - 1, row)), column: Math.max(0, Math.min(n - 1, column)) };
    setAt(next);
    rows.scrollToIndex(next.row);
    columns.scrollToIndex(next.column);
    // The cell may have to be drawn first.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => focusCell(scroller.current, next.row, next.column)),
    );
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const place = steps(
      event,
      here,
      n,
      Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / size) - 1),
    );
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    move(place.row, place.column);
  };
  const open = (cell: Cell, row: number, column: number): void => {
    setAt({ row, column });
    if (matrix.at(cell.a, cell.b)) openDecision(cell);
  };

  return (
    <div
      ref={scroller}
      className="decisions"
      role="grid"
      aria-label="Decisions"
      aria-rowcount={n + 1}
      aria-colcount={n + 1}
      aria-readonly="true"
      data-size={size === LARGE ? 'large' : 'small'}
      style={{ '--cell': `${size}px`, '--head': `${HEAD}px` } as React.CSSProperties}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <div
        className="decisions-all"
        role="presentation"
        style={{ width: columns.getTotalSize() + HEAD, height: rows.getTotalSize() + HEAD }}
      >
        <div className="decisions-heads" role="row" aria-rowindex={1}>
          <span className="decisions-corner" role="columnheader" aria-colindex={1}>
            <span>shown as A</span> <span>shown as B</span>
          </span>
          {seen.map(({ index, start }) => (
            <span
              key={order[index]}
              role="columnheader"
              aria-colindex={index + 2}
              className="decisions-column-head"
              style={{ left: start + HEAD }}
              title={ids[order[index]!]}
            >
              <span>{ids[order[index]!]}</span>
            </span>
          ))}
        </div>
        {rows.getVirtualItems().map(({ index, start }) => (
          <GridRow
            key={order[index]}
            matrix={matrix}
            stamp={stamps[order[index]!]!}
            row={index}
            top={start + HEAD}
            size={size}
            from={from}
            to={to}
            order={order}
            ids={ids}
            pointed={pointed}
            stop={here.row === index ? here.column : -1}
            onOpen={open}
          />
        ))}
      </div>
    </div>
  );
}

/** By candidate position, a number that changes with every decision of it in either role. */
function useStamps(matrix: DecisionMatrix, version: number): readonly number[] {
  return useMemo(() => {
    void version;
    const stamps = new Array<number>(matrix.n).fill(0);
    for (let a = 0; a < matrix.n; a++) {
      for (let b = 0; b < matrix.n; b++) {
        if (!matrix.table.has(a, b)) continue;
        stamps[a] = stamps[a]! + 1;
        stamps[b] = stamps[b]! + 1;
      }
    }
    return stamps;
  }, [matrix, version]);
}

interface RowProps {
  readonly matrix: DecisionMatrix;
  readonly stamp: number;
  readonly row: number;
  readonly top: number;
  readonly size: number;
  readonly from: number;
  readonly to: number;
  readonly order: readonly number[];
  readonly ids: readonly string[];
  readonly pointed: ReadonlySet<number> | null;
  readonly stop: number;
  readonly onOpen: (cell: Cell, row: number, column: number) => void;
}

const GridRow = memo(function GridRow({
  matrix,
  row,
  top,
  size,
  from,
  to,
  order,
  ids,
  pointed,
  stop,
  onOpen,
}: RowProps) {
  const a = order[row]!;
  const idOf = (position: number) => ids[position]!;
  const cells: React.ReactNode[] = [];
  for (let column = from; column < to; column++) {
    const b = order[column]!;
    const left = column * size + HEAD;
    const focus = stop === column ? 0 : -1;
    if (a === b) {
      cells.push(
        <span
          key={b}
          role="gridcell"
          aria-colindex={column + 2}
          aria-label={`${idOf(a)} is not compared with itself`}
          className="decision decision-self"
          style={{ left }}
          tabIndex={focus}
          data-row={row}
          data-column={column}
        />,
      );
      continue;
    }
    const decision = matrix.at(a, b);
    const words = decisionInWords(matrix, a, b, idOf);
    const p = decision && probabilityOfA(decision);
    cells.push(
      // biome-ignore lint/a11y/useKeyWithClickEvents: Enter and the space bar are the grid's.
      <span
        key={b}
        role="gridcell"
        aria-colindex={column + 2}
        aria-label={words}
        title={words}
        className="decision"
        style={{ left, '--p': p } as React.CSSProperties}
        tabIndex={focus}
        data-row={row}
        data-column={column}
        data-a={idOf(a)}
        data-b={idOf(b)}
        data-preference={decision?.preference}
        data-shade={p === undefined ? undefined : shadeOf(p)}
        data-contradictory={contradicts(matrix, a, b) ? 'true' : undefined}
        data-pointed={pointed ? pointed.has(a * matrix.n + b) : undefined}
        onClick={() => onOpen({ a, b }, row, column)}
      >
        {p !== undefined && size === LARGE && <span aria-hidden="true">{shortProbability(p)}</span>}
      </span>,
    );
  }
  return (
    <div className="decisions-row" role="row" aria-rowindex={row + 2} style={{ top }}>
      <span className="decisions-row-head" role="rowheader" aria-colindex={1} title={idOf(a)}>
        {idOf(a)}
      </span>
      {cells}
    </div>
  );
});

/** Which ink is read on a cell's colour with a contrast of 4.5, in both themes (grid.css): measured, not guessed. */
const shadeOf = (p: number): string => (p < 0.69 ? 'low' : p < 0.85 ? 'middle' : 'high');

/** Where a key leads, or undefined. Enter and the space bar press the focused cell. */
function steps(
  event: KeyboardEvent<HTMLElement>,
  { row, column }: { readonly row: number; readonly column: number },
  n: number,
  page: number,
): { readonly row: number; readonly column: number } | undefined {
  const far = event.ctrlKey || event.metaKey;
  switch (event.key) {
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
    case 'Enter':
    case ' ':
      event.preventDefault();
      (event.target as HTMLElement).click();
      return undefined;
    default:
      return undefined;
  }
}

function focusCell(grid: HTMLElement | null, row: number, column: number): void {
  grid
    ?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)
    ?.focus({ preventScroll: true });
}
