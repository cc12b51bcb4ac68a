// biome-ignore-all lint/a11y/useSemanticElements: a table of ten thousand cells can only be drawn in part, so its parts are placed, not laid out.
// biome-ignore-all lint/a11y/useFocusableInteractive: headers are read with their cells; focus moves over cells.
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import { type Cell, openDecision } from '../../state/inspector/inspected.ts';
import { useForcedColours } from '../ui/useForcedColours.ts';
import { CellPicture } from './CellPicture.tsx';
import {
  ColumnHeads,
  GridRow,
  HEAD,
  LARGE,
  LARGE_UP_TO,
  type RowsShow,
  SMALL,
  TierLines,
} from './GridParts.tsx';
import { focusCell, placeOf, useFocusAfterDialog, usePointedFocus } from './grid-focus.ts';
import { nextPointed, type Place, placeAfter } from './grid-moves.ts';
import type { Stretch } from './paint-cells.ts';
import { useRowByRow } from './row-by-row.ts';
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
  /** Rows of the order after which a tier ends. */
  readonly ends: readonly number[];
  /** What a click or Enter does with an answered cell; the Inspector's opens its dialog. */
  readonly onPress?: (cell: Cell) => void;
}

/** Rows and columns that are drawn beyond those in sight. */
const AROUND = 2;

/**
 * All ordered decisions: row asked as passage A, column as passage B. A grid of the ARIA practices: one Tab stop, arrows
 * move, Enter opens; N and P go over the cells that a fact points at. Only what can be seen is in the document, and the
 * cell that has the focus. A large matrix is painted (CellPicture) and shows every change in the next frame; its elements,
 * which have words and places, follow some rows a frame.
 */
export function DecisionGrid({ matrix, version, order, ids, pointed, ends, onPress = openDecision }: Props) {
  const n = order.length;
  const size = n <= LARGE_UP_TO ? LARGE : SMALL;
  const scroller = useRef<HTMLDivElement>(null);
  /** Place of the roving focus. */
  const [at, setAt] = useState<Place>({ row: 0, column: Math.min(1, n - 1) });
  const here = { row: Math.min(at.row, n - 1), column: Math.min(at.column, n - 1) };
  const shared = {
    count: n,
    estimateSize: () => size,
    getScrollElement: () => scroller.current,
    overscan: AROUND,
    paddingStart: HEAD,
    scrollPaddingStart: HEAD,
  };
  const rows = useVirtualizer({ ...shared, rangeExtractor: (range) => withOne(range, here.row) });
  const columns = useVirtualizer({
    ...shared,
    horizontal: true,
    rangeExtractor: (range) => withOne(range, here.column),
  });
  const seen = columns.getVirtualItems();
  // One array for as long as the same columns are seen: rows are drawn anew by it.
  const drawn = seen.map(({ index }) => index).join();
  const columnsDrawn = useMemo(() => (drawn === '' ? [] : drawn.split(',').map(Number)), [drawn]);
  const forced = useForcedColours();
  const painted = size === SMALL && !forced;
  const rowItems = rows.getVirtualItems();
  const whatRowsShow = useMemo(
    (): RowsShow => ({
      order,
      columns: columnsDrawn,
      pointed,
      // A row without any is left as it is.
      pointedRows: new Set([...(pointed ?? [])].map((cell) => Math.floor(cell / matrix.n))),
    }),
    [order, columnsDrawn, pointed, matrix.n],
  );
  const shown = useRowByRow(
    whatRowsShow,
    rowItems.map(({ index }) => index),
    here.row,
    !painted,
  );

  /** A cell that wants the focus as soon as it is drawn. */
  const wanted = useRef<Place | null>(null);
  useLayoutEffect(() => {
    if (wanted.current && focusCell(scroller.current, wanted.current)) wanted.current = null;
  });
  const move = (next: Place): void => {
    wanted.current = next;
    setAt(next);
    rows.scrollToIndex(next.row);
    columns.scrollToIndex(next.column);
  };
  useFocusAfterDialog(scroller, here);
  usePointedFocus(move, order);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const far = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD) / size) - 1);
    const next =
      pointed && !far && (event.key === 'n' || event.key === 'p')
        ? nextPointed(pointed, order, here, event.key === 'n' ? 1 : -1)
        : placeAfter({ key: event.key, far, alt: event.altKey }, here, n, page);
    const press = !far && (event.key === 'Enter' || event.key === ' ');
    if (!next && !press) return;
    event.preventDefault();
    event.stopPropagation();
    if (next) move(next);
    else open(here);
  };
  const open = ({ row, column }: Place): void => {
    const cell = { a: order[row]!, b: order[column]! };
    if (cell.a !== cell.b && matrix.at(cell.a, cell.b)) onPress(cell);
  };
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const place = placeOf(event.target);
    if (!place) return;
    setAt(place);
    open(place);
  };
  const onFocus = (event: FocusEvent<HTMLElement>): void => {
    const place = placeOf(event.target);
    if (place && (place.row !== here.row || place.column !== here.column)) setAt(place);
  };

  // A title on each of a thousand cells costs more than one on the cell that is hovered.
  const onPointerOver = ({ target }: PointerEvent<HTMLElement>): void => {
    const cell = painted && target instanceof Element ? target.closest('[data-row]') : null;
    cell?.setAttribute('title', cell.getAttribute('aria-label') ?? '');
  };
  const onPointerOut = ({ target }: PointerEvent<HTMLElement>): void => {
    if (painted && target instanceof Element) target.closest('[data-row]')?.removeAttribute('title');
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
      data-pointing={(pointed !== null && !painted) || undefined}
      data-painted={painted || undefined}
      aria-busy={shown.busy || undefined}
      style={{ '--cell': `${size}px`, '--head': `${HEAD}px` } as CSSProperties}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={onFocus}
      onPointerOver={onPointerOver}
      onPointerOut={onPointerOut}
      tabIndex={-1}
    >
      <div
        className="decisions-all"
        role="presentation"
        style={{ width: columns.getTotalSize(), height: rows.getTotalSize() }}
      >
        <div className="decisions-heads" role="row" aria-rowindex={1}>
          <span className="decisions-corner" role="columnheader" aria-colindex={1}>
            <span>shown as A</span> <span>shown as B</span>
          </span>
          <ColumnHeads columns={columnsDrawn} order={order} ids={ids} size={size} />
        </div>
        {painted && seen.length > 0 && rowItems.length > 0 && (
          <CellPicture
            matrix={matrix}
            version={version}
            order={order}
            pointed={pointed}
            rows={inSight(rows.range, n)}
            columns={inSight(columns.range, n)}
            size={size}
            left={HEAD + inSight(columns.range, n).first * size}
            top={HEAD + inSight(rows.range, n).first * size}
          />
        )}
        {rowItems.map(({ index, start }) => {
          const show = shown.of(index);
          return (
            <GridRow
              key={index}
              matrix={matrix}
              id={ids[order[index]!]!}
              show={show}
              stamp={show ? matrix.stamps[show.order[index]!]! : 0}
              row={index}
              top={start}
              size={size}
              painted={painted}
              ids={ids}
              stop={here.row === index ? here.column : -1}
            />
          );
        })}
        <TierLines ends={ends} size={size} length={n * size} />
      </div>
    </div>
  );
}

/** What can be seen, and one more: what has the focus stays in the document. */
function withOne(range: Range, one: number): number[] {
  const seen = defaultRangeExtractor(range);
  if (seen.length === 0 || seen.includes(one)) return seen;
  return one < seen[0]! ? [one, ...seen] : [...seen, one];
}

/** The stretch that is painted: what can be seen and a little around it, as elements are. */
function inSight(
  range: { readonly startIndex: number; readonly endIndex: number } | null,
  n: number,
): Stretch {
  if (!range) return { first: 0, count: 0 };
  const first = Math.max(0, range.startIndex - AROUND);
  return { first, count: Math.min(n - 1, range.endIndex + AROUND) + 1 - first };
}
