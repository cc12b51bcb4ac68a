import { type FocusEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { queryTerms } from '../../../retrieval/query.ts';
import { useModels } from '../../../state/models/models.ts';
import { useReplay } from '../../../state/recording/replay.ts';
import { type ColumnId, candidatesOf, isRecorded, useColumn } from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import * as links from '../links/link-store.ts';
import { columnNames, scoreStyle, useShownAs } from '../methods.ts';
import { ColumnBody } from './ColumnBody.tsx';
import { ColumnHead } from './ColumnHead.tsx';
import { PassageRow } from './PassageRow.tsx';
import { ScoreAxis } from './ScoreBar.tsx';
import { makeScale } from './scale.ts';
import { useFlip } from './useFlip.ts';
import { useShown } from './useShown.ts';
import './column.css';

const UNRANKED = { order: [], scores: [] } as const;

/**
 * One method's ranking. The list is in rank order in the DOM at all times; a new order waits while
 * somebody reads this one (hold.ts).
 */
export function Column({ id }: { readonly id: ColumnId }) {
  const column = useColumn(id);
  const set = useSettings((s) => s.bm25);
  // The words that counted in this ranking, whatever has been set since.
  const params = column.run?.set.firstStage?.bm25 ?? set;
  const method = useShownAs(id);
  const list = useRef<HTMLOListElement>(null);
  const [stopId, setStopId] = useState<string | null>(null);

  const { shown, waiting, reader, onSection } = useShown(column, list);
  const candidates = candidatesOf(shown);
  const { order, scores } = shown.run ?? UNRANKED;
  const query = shown.run?.set.query.text ?? '';
  useFlip(list, order);
  // biome-ignore lint/correctness/useExhaustiveDependencies: tells the lines whenever the rows' places change.
  useLayoutEffect(links.layoutChanged, [order, candidates, column.state]);

  const loaded = useModels((s) => (id === 'bm25' ? undefined : s.slots[id].ready?.info));
  const recorded = isRecorded(column.run);
  // Whose figures a recording's are it says itself; what is loaded here has nothing to do with them.
  const info = (column.run?.kind === 'first-stage' ? null : column.run?.info) ?? (recorded ? null : loaded);
  const replaying = useReplay((s) => s.at !== null);
  const terms = useMemo(() => queryTerms(query, params), [query, params]);
  const style = scoreStyle(shown.run);
  const { min, max } = useMemo(
    () => makeScale(scores, candidates.length > 1 ? style.full?.(candidates.length) : undefined),
    [scores, candidates.length, style],
  );
  // The same object while its ends stay: rows whose score stays too are then not rendered again.
  const scale = useMemo(() => ({ min, max }), [min, max]);

  const stop = candidates.some((c) => c.passage.id === stopId)
    ? stopId
    : candidates[order[0] ?? -1]?.passage.id;

  const onFocus = (event: FocusEvent<HTMLOListElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-passage-id]');
    const passageId = row?.dataset.passageId ?? null;
    // Focus that a click left behind is not a sign of a reader; where the pointer is tells more.
    if (event.target.matches(':focus-visible')) reader('focused');
    setStopId(passageId);
    links.focus(passageId);
  };
  const onShowNewest = (byKey: boolean) => {
    // Before focus goes back to a row, where it holds again what is shown then.
    flushSync(() => reader('let-go'));
    if (byKey) list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  };

  return (
    <section
      className="column"
      aria-label={columnNames[id]}
      data-tour={id}
      data-method={method}
      data-state={column.state}
      data-phase={column.phase ?? undefined}
      data-device={info?.service === undefined ? info?.device : undefined}
      data-dtype={info?.service === undefined ? info?.dtype : undefined}
      data-service={info?.service}
      data-stale={column.stale ? 'true' : undefined}
      data-replay={replaying ? 'true' : undefined}
      aria-busy={column.state === 'running'}
      {...onSection}
    >
      <div className="column-top">
        <ColumnHead id={id} column={column} shown={shown} onShowNewest={waiting ? onShowNewest : undefined} />
        {order.length > 0 && <ScoreAxis scale={scale} label={style.label} term={style.term} />}
      </div>
      <ColumnBody id={id} column={column} />
      <ol
        ref={list}
        className="rows"
        data-rows=""
        hidden={order.length === 0}
        onFocus={onFocus}
        onKeyDown={() => reader('focused')}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) links.focus(null);
        }}
      >
        {order.map((at, i) => {
          const candidate = candidates[at];
          if (!candidate) return null;
          return (
            <PassageRow
              key={candidate.passage.id}
              column={id}
              query={query}
              terms={terms}
              params={params}
              passage={candidate.passage}
              judged={shown.run?.set.recorded?.grades ?? null}
              filled={candidate.filled ?? false}
              rank={i + 1}
              firstRank={at + 1}
              score={scores[i]}
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
