import { useEffect, useRef, useState } from 'react';
import { readAddress } from '../../../remote/address.ts';
import { playground } from '../../../state/playground.ts';
import {
  useCurrentQuerySet,
  useExpectedSet,
  useJudgedQueries,
  useSetTable,
} from '../../../state/query-set/selectors.ts';
import type { QuerySetState } from '../../../state/query-set/store.ts';
import { serviceNamed, useRemote } from '../../../state/remote/remote.ts';
import { ASK_ABOVE_SECONDS } from '../../../state/run/estimate.ts';
import { useSettings } from '../../../state/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted, formatEstimate } from '../../ui/numbers.ts';
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
  const [asking, setAsking] = useState(false);
  const queries = set.queries.length || judged.length;
  const expected = useExpectedSet(judged.length);
  const host = useTeacherHost();
  if (judged.length === 0) return null;
  const running = set.state === 'running';
  const some = set.progress.queriesDone > 0;
  const begin = () => {
    setAsking(false);
    setShown(true);
    playground.rankAll();
  };
  // What has been ranked as it is set now is kept, and takes no time.
  const fresh = set.state === 'idle' || set.stale;
  const long = fresh && ((expected.seconds ?? 0) > ASK_ABOVE_SECONDS || host !== undefined);
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
            if (long) setAsking(true);
            else begin();
          }}
        >
          All queries of this sample
        </Button>
        <p className="all-queries-status">{statusText(set, queries, expected)}</p>
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
      {asking && <LongSet expected={expected} onClose={() => setAsking(false)} onBegin={begin} />}
    </section>
  );
}

/** Where the Teacher's calls go; undefined where no service is asked. */
function useTeacherHost(): string | undefined {
  const teacher = useSettings((s) => s.models.teacher);
  const endpoint = useRemote((s) => serviceNamed(teacher, s)?.endpoint);
  return endpoint === undefined ? undefined : readAddress(endpoint).host;
}

interface LongSetProps {
  readonly expected: ReturnType<typeof useExpectedSet>;
  readonly onClose: () => void;
  readonly onBegin: () => void;
}

/** Asked, as before a single run, where it will take longer than a minute. */
function LongSet({ expected: { calls, seconds }, onClose, onBegin }: LongSetProps) {
  const host = useTeacherHost();
  return (
    <Dialog
      title={host === undefined ? 'This will take a while' : `Ask ${host}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="primary" onClick={onBegin}>
            Rank all anyway
          </Button>
        </>
      }
    >
      {host !== undefined && (
        <p>
          The teacher’s calls go to <strong>{host}</strong>, with all queries and their candidates, at your
          cost.
        </p>
      )}
      <p>
        Up to {counted(calls, 'call')}
        {seconds !== null && `, ${formatEstimate(seconds)} at the speed measured on this machine`}. You can
        cancel at any time; what has been ranked, in earlier runs too, is not asked again.
      </p>
      <p className="muted">Fewer candidates, or heapsort instead of all pairs, take less time.</p>
    </Dialog>
  );
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
