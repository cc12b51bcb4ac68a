import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { columnNamed } from '../../evaluation/table/columns.ts';
import { columnOfRow } from '../../evaluation/table/table.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { evaluation } from '../../state/evaluate/evaluation.ts';
import { columnsOfRows } from '../../state/evaluate/open-query.ts';
import { rowId, SEPARATOR } from '../../state/evaluate/recipe.ts';
import { useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { Button } from '../ui/Button.tsx';
import { type ContrastOrder, type ContrastPart, contrasts, ORDERS, PARTS } from './contrasts.ts';
import { DifferencePicture } from './DifferencePicture.tsx';
import { differenceText, valueText } from './words.ts';

const ROW = 34;
/** Of what scrolls: a number of the table above leads there. */
export const QUERIES_ID = 'evaluate-queries';

/** Which queries are listed: of which row, in what, and which of them. */
export interface QueryView {
  /** Id of the row; null: the first method. */
  readonly row: string | null;
  /** Id of the column; null: what rows are compared in. */
  readonly column: string | null;
  readonly part: ContrastPart;
  readonly order: ContrastOrder;
}

/** Shows the queries of a number. */
export type OpenQueries = (view: Partial<QueryView>) => void;

export const FIRST_VIEW: QueryView = { row: null, column: null, part: 'all', order: 'contrast' };

const ORDER_WORDS: Readonly<Record<ContrastOrder, string>> = {
  contrast: 'Most contrasting first',
  high: 'Highest first',
  low: 'Lowest first',
  file: 'As in the data',
};

interface Props {
  readonly shown: ShownEvaluation;
  readonly view: QueryView;
  readonly onView: (change: Partial<QueryView>) => void;
}

/** A row query by query beside another; from each query to its decisions. */
export function Queries({ shown, view, onView }: Props) {
  const { rows, reference, table } = shown;
  const queries = useCollection((s) => s.summary?.queries) ?? [];
  const kind = useCollection((s) => s.summary?.kind);
  const judged = useCollection((s) => s.qrels.size > 0);
  const compared = useEvaluate((s) => s.shown.compared);
  const recipe = useEvaluate((s) => s.recipe);
  const [opening, setOpening] = useState(false);
  const a =
    rows.find(({ id }) => id === view.row) ??
    rows.find(({ id, kind: of }) => id !== reference && of === 'method') ??
    rows.find(({ id, kind: of }) => id !== reference && of !== 'ceiling');
  // Beside the row that others are compared with stands the first of the others.
  const b =
    a?.id === reference
      ? rows.find(({ id, kind: of }) => id !== reference && of !== 'ceiling')
      : rows.find(({ id }) => id === reference);
  const column = columnNamed(view.column ?? compared) ?? columnNamed(compared)!;
  const { part, order } = view;
  const list = useMemo(
    () => (a && b ? contrasts(columnOfRow(a, column.id), columnOfRow(b, column.id), order, part) : []),
    [a, b, column, order, part],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: list.length,
    estimateSize: () => ROW,
    getScrollElement: () => scroller.current,
    overscan: 8,
  });
  if (!a || !b || (!judged && column.group !== 'cost' && view.row === null)) return null;
  const specs = (recipe?.rows ?? []).filter((row) => [a.id, b.id].includes(rowId(row)));
  const canRank = kind !== 'runs';
  const canInspect = canRank && columnsOfRows(specs).teacher !== undefined;
  const open = async (place: number, hash: string) => {
    setOpening(true);
    const done = await evaluation.openQuery(place, [a.id, b.id]);
    setOpening(false);
    if (done) location.hash = hash;
  };
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const differences = list.filter(({ difference }) => !Number.isNaN(difference));
  const most = differences.reduce((max, { difference }) => Math.max(max, Math.abs(difference)), 0);
  const columns = [...table.columns, ...(table.columns.some(({ id }) => id === column.id) ? [] : [column])];
  return (
    <section className="evaluate-queries" aria-labelledby="evaluate-queries-title">
      <div className="evaluate-section-head">
        <h3 id="evaluate-queries-title">Queries</h3>
        <div className="evaluate-options">
          <Choice
            label="Row"
            value={a.id}
            of={rows.map(({ id, name }) => [id, name])}
            onChange={(row) => onView({ row })}
          />
          <span className="muted">beside {b.name}</span>
          <Choice
            label="In"
            value={column.id}
            of={columns.map(({ id, heading }) => [id, id === 'median' || id === 'p95' ? 'Seconds' : heading])}
            onChange={(id) => onView({ column: id })}
          />
          <Choice
            label="Only"
            value={part}
            of={PARTS.map((one) => [one, PART_WORDS[one]])}
            onChange={(one) => onView({ part: one as ContrastPart })}
          />
          <Choice
            label="Order"
            value={order}
            of={ORDERS.map((one) => [one, ORDER_WORDS[one]])}
            onChange={(one) => onView({ order: one as ContrastOrder })}
          />
        </div>
      </div>
      <DifferencePicture list={differences} a={a.name} b={b.name} column={column} />
      {list.length === 0 && (
        <p className="muted">
          {part === 'all' ? `${a.name} has no query with a value yet.` : 'There is no such query.'}
        </p>
      )}
      <section
        ref={scroller}
        id={QUERIES_ID}
        className="evaluate-query-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key.
        tabIndex={0}
        aria-label="Queries, scrolling"
      >
        <table className="table evaluate-query-table" aria-label="Queries" aria-rowcount={list.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">Query</th>
              {[a, b].map(({ id, name }) => (
                <th key={id} scope="col" className="figure" title={name}>
                  {name.split(SEPARATOR)[0]}
                </th>
              ))}
              <th scope="col" className="figure">
                Difference
              </th>
              {canRank && <th scope="col">Open in</th>}
            </tr>
          </thead>
          <tbody>
            <Spacer height={above} />
            {items.map(({ index }) => {
              const { place, own, other, difference } = list[index]!;
              const { id, text } = queries[place]!;
              const words = text === '' ? id : text;
              return (
                <tr key={id} aria-rowindex={index + 2} data-query-id={id}>
                  <th scope="row" className="evaluate-query" title={words}>
                    <span>{words}</span>
                  </th>
                  <td className="figure">{valueText(own, column.style)}</td>
                  <td className="figure">{valueText(Number.isNaN(other) ? null : other, column.style)}</td>
                  <td className="figure evaluate-difference">
                    {differenceText(difference, column.style)}
                    <Bar share={most === 0 || Number.isNaN(difference) ? 0 : difference / most} />
                  </td>
                  {canRank && (
                    <td className="evaluate-open-in">
                      <Button
                        kind="link"
                        small
                        disabled={opening}
                        aria-label={`Playground: ${words}`}
                        onClick={() => void open(place, '#/')}
                      >
                        Playground
                      </Button>
                      {canInspect && (
                        <Button
                          kind="link"
                          small
                          disabled={opening}
                          aria-label={`Inspector: ${words}`}
                          onClick={() => void open(place, '#/inspect')}
                        >
                          Inspector
                        </Button>
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
            <Spacer height={below} />
          </tbody>
        </table>
      </section>
    </section>
  );
}

const PART_WORDS: Readonly<Record<ContrastPart, string>> = {
  all: 'All',
  wins: 'Wins',
  ties: 'Ties',
  losses: 'Losses',
};

function Choice({
  label,
  value,
  of,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly of: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="evaluate-inline">
      <span>{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {of.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Room for the rows that are not drawn. */
function Spacer({ height }: { readonly height: number }) {
  return height > 0 ? (
    <tr style={{ height: `${height}px` }}>
      <td colSpan={5} />
    </tr>
  ) : null;
}

/** From −1 to 1, to the left and to the right of the middle. */
function Bar({ share }: { readonly share: number }) {
  const width = `${Math.abs(share) * 50}%`;
  return (
    <span className="evaluate-bar" aria-hidden="true">
      <span data-side={share < 0 ? 'left' : 'right'} style={{ width }} />
    </span>
  );
}
