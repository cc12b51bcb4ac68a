import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { heading } from '../../evaluation/headings.ts';
import { valuesOfRow } from '../../evaluation/table/table.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { evaluation } from '../../state/evaluate/evaluation.ts';
import { columnsOfRows } from '../../state/evaluate/open-query.ts';
import { rowId, SEPARATOR } from '../../state/evaluate/recipe.ts';
import { useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { Button } from '../ui/Button.tsx';
import { formatShare, formatSigned } from '../ui/numbers.ts';
import { contrasts } from './contrasts.ts';
import { DifferencePicture } from './DifferencePicture.tsx';

const ROW = 34;

/** Two rows, query by query, the most contrasting first; from each to its decisions. */
export function Queries({ shown }: { readonly shown: ShownEvaluation }) {
  const { rows, reference } = shown;
  const queries = useCollection((s) => s.summary?.queries) ?? [];
  const kind = useCollection((s) => s.summary?.kind);
  const judged = useCollection((s) => s.qrels.size > 0);
  const compared = useEvaluate((s) => s.shown.compared);
  const recipe = useEvaluate((s) => s.recipe);
  const [chosen, setChosen] = useState<string | null>(null);
  const [order, setOrder] = useState<'contrast' | 'file'>('contrast');
  const [opening, setOpening] = useState(false);
  const others = rows.filter(({ id, kind: of }) => id !== reference && of !== 'ceiling');
  const a =
    others.find(({ id }) => id === chosen) ?? others.find(({ kind: of }) => of === 'method') ?? others[0];
  const b = rows.find(({ id }) => id === reference);
  const list = useMemo(
    () => (a && b ? contrasts(valuesOfRow(a, compared), valuesOfRow(b, compared), order) : []),
    [a, b, compared, order],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: list.length,
    estimateSize: () => ROW,
    getScrollElement: () => scroller.current,
    overscan: 8,
  });
  if (!a || !b || !judged) return null;
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
  const most = list.reduce((max, { difference }) => Math.max(max, Math.abs(difference)), 0);
  return (
    <section className="evaluate-queries" aria-labelledby="evaluate-queries-title">
      <div className="evaluate-section-head">
        <h3 id="evaluate-queries-title">Queries</h3>
        <div className="evaluate-options">
          <label className="evaluate-inline">
            <span>Row</span>
            <select className="input" value={a.id} onChange={(event) => setChosen(event.target.value)}>
              {others.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <span className="muted">against {b.name}</span>
          <label className="evaluate-inline">
            <span>Order</span>
            <select
              className="input"
              value={order}
              onChange={(event) => setOrder(event.target.value as typeof order)}
            >
              <option value="contrast">Most contrasting first</option>
              <option value="file">As in the data</option>
            </select>
          </label>
        </div>
      </div>
      <DifferencePicture list={list} a={a.name} b={b.name} measure={heading(compared)} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key. */}
      <section ref={scroller} className="evaluate-query-scroll" tabIndex={0} aria-label="Queries, scrolling">
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
                  <td className="figure">{formatShare(own)}</td>
                  <td className="figure">{formatShare(other)}</td>
                  <td className="figure evaluate-difference">
                    {formatSigned(difference)}
                    <Bar share={most === 0 ? 0 : difference / most} />
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
