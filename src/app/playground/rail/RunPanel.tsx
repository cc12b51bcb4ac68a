import { useEffect, useRef } from 'react';
import { useCorpus } from '../../../state/corpus/corpus.ts';
import { useQuery } from '../../../state/corpus/query.ts';
import { useModels } from '../../../state/models/models.ts';
import { playground } from '../../../state/playground.ts';
import { type MethodEstimate, useEstimate } from '../../../state/readings/selectors.ts';
import { ownColumns, useRun } from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { focusField } from '../../ui/focus-field.ts';
import { counted, formatEstimate, formatNumber } from '../../ui/numbers.ts';
import { shortcutLabel } from '../../ui/platform.ts';
import { shownNames } from '../methods.ts';

/** What a run will cost, and the buttons that begin and end it. */
export function RunPanel() {
  const active = useRun((s) => s.active);
  useShowResults(active);
  const resumable = useRun(
    (s) => !s.active && Object.values(ownColumns(s).columns).some((column) => column.state === 'cancelled'),
  );
  return (
    <div className="run" data-tour="run">
      <Message />
      <Expectations />
      <Button
        kind="primary"
        className="run-rank"
        shortcut={shortcutLabel('↵')}
        keys="Control+Enter Meta+Enter"
        onClick={() => playground.rank()}
      >
        Rank
      </Button>
      <div className="run-more">
        <Button onClick={() => playground.race()} title="Rank with both models at the same time">
          Race
        </Button>
        {resumable && <Button onClick={() => playground.resume()}>Resume</Button>}
        <Button disabled={!active} shortcut="Esc" keys="Escape" onClick={() => playground.cancel()}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

/** Where the rankings lie below the inputs, a run that begins brings them into view. */
function useShowResults(active: boolean): void {
  const was = useRef(active);
  useEffect(() => {
    const begun = active && !was.current;
    was.current = active;
    if (begun && matchMedia('(max-width: 960px)').matches) {
      document.querySelector('.results')?.scrollIntoView({ block: 'start' });
    }
  }, [active]);
}

function Expectations() {
  const estimate = useEstimate();
  const slots = useModels((s) => s.slots);
  // The next run's, not the one that is shown.
  const base = useSettings((s) => s.studentMode === 'base');
  return (
    <dl className="expect">
      {(['student', 'teacher'] as const).map((slot) => (
        <div key={slot} data-method={slot === 'student' && base ? 'base' : slot}>
          <dt>{shownNames[slot === 'student' && base ? 'base' : slot]}</dt>
          <dd>{slots[slot].status === 'error' ? 'model not loaded' : <Expected {...estimate[slot]} />}</dd>
          <dd className="expect-state">
            {slots[slot].status === 'ready' ? 'ready' : slots[slot].status === 'loading' ? 'loading' : ''}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Calls still to be made and how long they take; what is cached needs none. Lines break between the parts. */
function Expected({ calls, toAsk, cached, upperBound, seconds }: MethodEstimate) {
  if (toAsk === 0 && calls > 0) return `${counted(calls, 'call')}, all cached`;
  return (
    <>
      {upperBound && 'up to '}
      {counted(toAsk, 'call')}
      {seconds !== null && (
        <>
          , <span className="expect-part">{formatEstimate(seconds)}</span>
        </>
      )}
      {cached > 0 && (
        <>
          , <span className="expect-part">{formatNumber(cached)} cached</span>
        </>
      )}
    </>
  );
}

/** What is missing before anything can be ranked; takes the user to where it is to be put in. */
function Message() {
  const message = useRun((s) => s.message);
  const query = useQuery((s) => s.text);
  const corpus = useCorpus((s) => s.fingerprint);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was missing has been changed.
  useEffect(() => {
    if (useRun.getState().message) playground.dismissMessage();
  }, [query, corpus]);
  useEffect(() => {
    if (!message?.focus) return;
    focusField(message.focus === 'query' ? 'Query' : 'Corpus');
  }, [message]);
  return (
    <div role="alert" className="run-message">
      {message && <p>{message.text}</p>}
    </div>
  );
}
