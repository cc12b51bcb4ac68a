// biome-ignore-all lint/a11y/useSemanticElements: a table of ten thousand cells can only be drawn in part, so its parts are placed, not laid out.
// biome-ignore-all lint/a11y/useFocusableInteractive: headers are read with their cells; focus moves over cells.
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import { type Cell, openDecision, useInspector } from '../../state/inspector/inspected.ts';
import { CellPicture } from './CellPicture.tsx';
import { DecisionCell, OwnCell } from './DecisionCell.tsx';
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

/** Nothing to press is smaller than this. */
const SMALL = 24;
const LARGE = 40;
/** Cells are large enough for their probability up to so many passages. */
const LARGE_UP_TO = 16;
const HEAD = 72;
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

function placeOf(target: EventTarget): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : undefined;
}

function focusCell(grid: HTMLElement | null, { row, column }: Place): boolean {
  const cell = grid?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`);
  cell?.focus({ preventScroll: true });
  return cell != null;
}

/** A dialog gives the focus back to the cell itself; one that was drawn anew meanwhile gets it here. */
function useFocusAfterDialog(grid: React.RefObject<HTMLElement | null>, here: Place): void {
  const opened = useInspector((s) => s.opened !== null);
  const latest = useRef(here);
  latest.current = here;
  const wasOpened = useRef(opened);
  useEffect(() => {
    const closed = wasOpened.current && !opened;
    wasOpened.current = opened;
    if (closed && (document.activeElement ?? document.body) === document.body) {
      focusCell(grid.current, latest.current);
    }
  }, [opened, grid]);
}

/** Goes to the cell that a button beside the grid asks for. */
function usePointedFocus(move: (place: Place) => void, order: readonly number[]): void {
  const wanted = useInspector((s) => s.wanted);
  const done = useRef(wanted);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is followed once, in the order that is shown then.
  useEffect(() => {
    if (!wanted || wanted === done.current) return;
    done.current = wanted;
    const [row, column] = [order.indexOf(wanted.a), order.indexOf(wanted.b)];
    if (row >= 0 && column >= 0) move({ row, column });
  }, [wanted]);
}

/** Lines after the last row and column of each tier: the facts name the tiers in words. */
const TierLines = memo(function TierLines({
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
interface RowsShow {
  readonly order: readonly number[];
  /** Places of the columns that are drawn. */
  readonly columns: readonly number[];
  readonly pointed: ReadonlySet<number> | null;
  /** Candidates with such cells in their row. */
  readonly pointedRows: ReadonlySet<number>;
}

const ColumnHeads = memo(function ColumnHeads({
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

const GridRow = memo(function GridRow({ id, top, show, ...cells }: GridRowProps) {
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

/** The stretch that is painted: what can be seen and a little around it, as elements are. */
function inSight(
  range: { readonly startIndex: number; readonly endIndex: number } | null,
  n: number,
): Stretch {
  if (!range) return { first: 0, count: 0 };
  const first = Math.max(0, range.startIndex - AROUND);
  return { first, count: Math.min(n - 1, range.endIndex + AROUND) + 1 - first };
}

/** Where people choose all colours themselves a picture would keep its own: cells then have theirs. */
function useForcedColours(): boolean {
  return useSyncExternalStore(onForcedColours, () => forcedColours().matches);
}

const forcedColours = () => matchMedia('(forced-colors: active)');

function onForcedColours(changed: () => void): () => void {
  const query = forcedColours();
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
