import { useEffect, useRef, useState } from 'react';
import { playground } from '../../../state/playground.ts';
import {
  useCurrentQuerySet,
  useExpectedSet,
  useJudgedQueries,
  useSetTable,
} from '../../../state/query-set/selectors.ts';
import type { QuerySetState } from '../../../state/query-set/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { PerQuery } from './PerQuery.tsx';
import { SetSummary } from './SetSummary.tsx';
import { statusText } from './words.ts';
import './query-set.css';

/** All judged queries of the sample, by every method: one query is an anecdote. */
export function AllQueries() {
  const judged = useJudgedQueries();
  const set = useCurrentQuerySet();
  const [shown, setShown] = useState(true);
  if (judged.length === 0) return null;
  const running = set.state === 'running';
  const some = set.progress.queriesDone > 0;
  return (
    <section
      className="all-queries"
      aria-label="All queries"
      data-state={set.state}
      data-phase={set.phase ?? undefined}
      data-stale={set.stale ? 'true' : undefined}
      aria-busy={running}
    >
      <div className="all-queries-line">
        <Button
          small
          aria-disabled={running || undefined}
          onClick={() => {
            if (running) return;
            setShown(true);
            playground.rankAll();
          }}
        >
          All queries of this sample
        </Button>
        <Status set={set} queries={set.queries.length || judged.length} />
        {running && (
          <Button small aria-label="Cancel all queries" onClick={() => playground.cancelAll()}>
            Cancel
          </Button>
        )}
        {(set.state === 'cancelled' || set.state === 'error') && (
          <Button small aria-label="Resume all queries" onClick={() => playground.rankAll()}>
            {set.state === 'error' ? 'Retry' : 'Resume'}
          </Button>
        )}
        {some && (
          <Button kind="link" small aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide results' : 'Show results'}
          </Button>
        )}
      </div>
      {running && (
        <Progress
          label="All queries"
          value={set.progress.planned > 0 ? set.progress.answered / set.progress.planned : undefined}
        />
      )}
      {some && shown && <Results set={set} />}
      <Announcement set={set} />
    </section>
  );
}

function Status({ set, queries }: { readonly set: QuerySetState; readonly queries: number }) {
  const expected = useExpectedSet(queries);
  return <p className="all-queries-status">{statusText(set, queries, expected)}</p>;
}

function Results({ set }: { readonly set: QuerySetState }) {
  const table = useSetTable(set);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself and must be reachable by key.
    <section className="all-queries-results" tabIndex={0} aria-label="Results of all queries">
      <SetSummary table={table} k={set.k} of={set.queries.length} />
      <PerQuery table={table} methods={set.methods} />
    </section>
  );
}

/** Tells assistive technology that the set has begun and ended, and nothing in between. */
function Announcement({ set }: { readonly set: QuerySetState }) {
  const was = useRef(set.state);
  const [text, setText] = useState('');
  useEffect(() => {
    if (was.current === set.state) return;
    was.current = set.state;
    const queries = set.queries.length;
    setText(
      set.state === 'running'
        ? 'Ranking all queries.'
        : statusText(set, queries, { calls: 0, seconds: null }),
    );
  }, [set]);
  return (
    <p className="visually-hidden" role="status">
      {text}
    </p>
  );
}
