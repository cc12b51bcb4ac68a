import { type KeyboardEvent, memo, useCallback, useMemo } from 'react';
import type { Bm25Params } from '../../../retrieval/types.ts';
import { type Grade, useGrades } from '../../../state/grades.ts';
import { follow } from '../../../state/inspector/followed.ts';
import type { ColumnId } from '../../../state/run/run.ts';
import type { Grades, Passage } from '../../../types.ts';
import * as links from '../links/link-store.ts';
import { MarkedText } from '../MarkedText.tsx';
import { openPassage } from '../open-passage.ts';
import { makeSnippet } from '../snippet.ts';
import { GradeChip } from './GradeChip.tsx';
import { Movement } from './Movement.tsx';
import { gradeKey, moveFocus } from './row-keys.ts';
import { ScoreBar } from './ScoreBar.tsx';
import type { Scale } from './scale.ts';
import './row.css';

interface Props {
  readonly column: ColumnId;
  readonly query: string;
  readonly terms: readonly string[];
  readonly params: Bm25Params;
  readonly passage: Passage;
  /** A recording's grades, which are only to be read; null: the page's own. */
  readonly judged: Grades | null;
  /** BM25 did not retrieve it: it fills the list up. */
  readonly filled: boolean;
  /** From 1, in this column. */
  readonly rank: number;
  /** From 1, in BM25. */
  readonly firstRank: number;
  readonly score: number | undefined;
  readonly scale: Scale;
  readonly decimals: number;
  /** The one row of the column that Tab reaches. */
  readonly tabStop: boolean;
}

/** One passage in one column. Focus it to grade it; Enter or a click opens it. */
export const PassageRow = memo(function PassageRow(props: Props) {
  const {
    column,
    query,
    terms,
    params,
    passage,
    judged,
    filled,
    rank,
    firstRank,
    score,
    scale,
    decimals,
    tabStop,
  } = props;
  const linked = links.useLinks((s) => links.linkedId(s) === passage.id);
  const own = useGrades((s) => s.gradeOf(query, passage.text));
  const grade = judged ? (judged.get(passage.id) ?? null) : own;
  const setGrade = useGrades((s) => s.setGrade);
  const onGrade = useCallback(
    (next: Grade | null) => setGrade(query, passage.text, next),
    [setGrade, query, passage.text],
  );
  const snippet = useMemo(() => makeSnippet(passage.text, terms, params), [passage.text, terms, params]);
  const title = useMemo(
    () => (passage.title ? makeSnippet(passage.title, terms, params) : null),
    [passage.title, terms, params],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const graded = gradeKey(event.key);
    if (graded !== undefined) {
      if (!judged) setGrade(query, passage.text, graded);
    } else if (event.key === 'Enter') openPassage(passage.id);
    else if (event.key.toLowerCase() === 'w') follow(passage.id);
    else if (!moveFocus(event.currentTarget, event.key)) return;
    event.preventDefault();
  };

  return (
    <li
      className="row"
      data-passage-id={passage.id}
      data-linked={linked || undefined}
      tabIndex={tabStop ? 0 : -1}
      aria-keyshortcuts="Enter W 0 1 2 3 Backspace"
      onKeyDown={onKeyDown}
      onClick={(event) => {
        // A drag over the text selects it and opens nothing.
        if (getSelection()?.type !== 'Range') openPassage(passage.id, event.currentTarget);
      }}
      onPointerEnter={(event) => event.pointerType === 'mouse' && links.hover(passage.id)}
      onPointerLeave={() => links.hover(null)}
    >
      <span className="row-rank">
        <span className="visually-hidden">Rank </span>
        {rank}
      </span>
      <div className="row-main">
        <div className="row-head">
          <span className="row-title" dir="auto">
            {title ? <MarkedText {...title} /> : <span className="mono">{passage.id}</span>}
          </span>
          {title && <span className="row-id mono">{passage.id}</span>}
          {column === 'bm25' ? (
            filled && <span className="row-chip">no shared words</span>
          ) : (
            <Movement from={filled ? null : firstRank} to={rank} />
          )}
          <GradeChip grade={grade} onGrade={judged ? undefined : onGrade} />
        </div>
        <p className="row-snippet" dir="auto">
          <MarkedText {...snippet} />
        </p>
        <ScoreBar score={score} scale={scale} decimals={decimals} />
      </div>
    </li>
  );
});
