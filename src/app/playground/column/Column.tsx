import { type FocusEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { queryTerms } from '../../../retrieval/query.ts';
import { type ColumnId, useRun } from '../../../state/run.ts';
import { useSettings } from '../../../state/settings.ts';
import * as links from '../links/link-store.ts';
import { columnNames, scoreStyle, useShownAs } from '../methods.ts';
import { ColumnBody } from './ColumnBody.tsx';
import { ColumnHead } from './ColumnHead.tsx';
import { PassageRow } from './PassageRow.tsx';
import { ScoreAxis } from './ScoreBar.tsx';
import { makeScale } from './scale.ts';
import { useFlip } from './useFlip.ts';
import { useHeld } from './useHeld.ts';
import './column.css';

/**
 * One method's ranking. The list is in rank order in the DOM at all times; a new order waits while
 * somebody points at a row of this column or has focus in it.
 */
export function Column({ id }: { readonly id: ColumnId }) {
  const run = useRun((s) => s.columns[id]);
  const set = useSettings((s) => s.bm25);
  // The words that counted in this ranking, whatever has been set since.
  const params = run.bm25 ?? set;
  const method = useShownAs(id);
  const list = useRef<HTMLOListElement>(null);
  const [pointed, setPointed] = useState(false);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [stopId, setStopId] = useState<string | null>(null);

  const ranking = useMemo(() => ({ order: run.order, scores: run.scores }), [run.order, run.scores]);
  const { shown, waiting } = useHeld(ranking, pointed || focusedId !== null, run.candidates);
  useFlip(list, shown.order);
  // A focused row that goes away sends no blur: without this its column would hold its order for ever.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come and go with the order.
  useLayoutEffect(() => {
    if (focusedId !== null && !list.current?.contains(document.activeElement)) setFocusedId(null);
  }, [focusedId, shown.order, run.candidates]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: tells the lines whenever the rows' places change.
  useLayoutEffect(links.layoutChanged, [shown.order, run.candidates, run.state]);

  const terms = useMemo(() => queryTerms(run.query, params), [run.query, params]);
  const style = scoreStyle(run.method);
  const scale = useMemo(
    () =>
      makeScale(shown.scores, run.candidates.length > 1 ? style.full?.(run.candidates.length) : undefined),
    [shown.scores, run.candidates.length, style],
  );

  const stop = run.candidates.some((c) => c.passage.id === stopId)
    ? stopId
    : run.candidates[shown.order[0] ?? -1]?.passage.id;

  const onFocus = (event: FocusEvent<HTMLOListElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-passage-id]');
    const passageId = row?.dataset.passageId ?? null;
    setFocusedId(passageId);
    setStopId(passageId);
    links.focus(passageId);
  };

  return (
    <section
      className="column"
      aria-label={columnNames[id]}
      data-method={method}
      data-state={run.state}
      data-phase={run.phase ?? undefined}
      data-stale={run.stale ? 'true' : undefined}
      aria-busy={run.state === 'running'}
    >
      <div className="column-top">
        <ColumnHead id={id} run={run} waiting={waiting} />
        {shown.order.length > 0 && <ScoreAxis scale={scale} label={style.label} term={style.term} />}
      </div>
      <ColumnBody id={id} run={run} />
      <ol
        ref={list}
        className="rows"
        data-rows=""
        hidden={shown.order.length === 0}
        onFocus={onFocus}
        onBlur={(event) => {
          if (event.currentTarget.contains(event.relatedTarget)) return;
          setFocusedId(null);
          links.focus(null);
        }}
        onPointerEnter={(event) => setPointed(event.pointerType === 'mouse')}
        onPointerLeave={() => setPointed(false)}
      >
        {shown.order.map((at, i) => {
          const candidate = run.candidates[at];
          if (!candidate) return null;
          return (
            <PassageRow
              key={candidate.passage.id}
              column={id}
              query={run.query}
              terms={terms}
              params={params}
              passage={candidate.passage}
              rank={i + 1}
              firstRank={at + 1}
              score={shown.scores[i]}
              scale={scale}
              decimals={style.decimals}
              tabStop={candidate.passage.id === stop}
            />
          );
        })}
      </ol>
    </section>
  );
}
