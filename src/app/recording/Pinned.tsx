import { useMemo, useState } from 'react';
import type { Differences } from '../../analysis/compare-runs.ts';
import { notify } from '../../state/notices.ts';
import { playground } from '../../state/playground.ts';
import {
  clearPins,
  comparePinned,
  type Pin,
  type PinnedComparison,
  pin,
  pinName,
  type RunCost,
  unpin,
  usePinned,
} from '../../state/recording/pinned.ts';
import { useRun } from '../../state/run/run.ts';
import { shownNames } from '../playground/methods.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { counted, formatMs, formatNumber, formatShare } from '../ui/numbers.ts';

/** Rows of a list that are shown. */
const MOST_ROWS = 12;

const useNothing = (): boolean =>
  useRun((s) => s.active || Object.values(s.columns).every(({ state }) => state === 'idle'));

/** Keeps what the columns show, to compare the next runs with it. */
export function PinButton() {
  const nothing = useNothing();
  return (
    <Button
      small
      disabled={nothing}
      title="Keep this run to compare the next ones with it"
      onClick={() => pin(playground.shared())}
    >
      Pin
    </Button>
  );
}

/** The pinned runs, each to be compared with what the columns show. */
export function PinnedRuns() {
  const pins = usePinned((s) => s.pins);
  const nothing = useNothing();
  const [compared, setCompared] = useState<Pin | null>(null);
  if (pins.length === 0) return null;
  return (
    <section className="pinned" aria-label="Pinned runs">
      <ul>
        {pins.map((one, i) => (
          <li key={one.id}>
            <span className="pinned-name" title={one.recording.query.text}>
              <strong>Pin {i + 1}</strong> “{one.recording.query.text}” · {pinName(one)}
            </span>
            <Button
              small
              disabled={nothing}
              aria-label={`Compare with pin ${i + 1}`}
              onClick={() => setCompared(one)}
            >
              Compare
            </Button>
            <Button small kind="quiet" aria-label={`Remove pin ${i + 1}`} onClick={() => unpin(one.id)}>
              <Icon name="close" />
            </Button>
          </li>
        ))}
      </ul>
      <Button
        small
        kind="link"
        aria-label="Clear pinned runs"
        onClick={() => {
          const run = clearPins();
          notify('info', `${counted(pins.length, 'pinned run')} cleared.`, { label: 'Undo', run });
        }}
      >
        Clear
      </Button>
      {compared && <CompareDialog pinned={compared} onClose={() => setCompared(null)} />}
    </section>
  );
}

function CompareDialog({ pinned, onClose }: { readonly pinned: Pin; readonly onClose: () => void }) {
  const compared = useMemo(() => comparePinned(pinned.recording, playground.shared()), [pinned]);
  const { query } = pinned.recording;
  return (
    <Dialog wide title="Pinned run and this one" onClose={onClose}>
      <p>
        <span className="muted">Query </span>
        {query.text}
      </p>
      {compared.length === 0 && (
        <p>
          They cannot be compared: the columns show another query, or no model’s run of the same kind. Rank
          the pinned query again, with another model, prompt or schedule.
        </p>
      )}
      {compared.map((one) => (
        <Compared key={one.column} {...one} />
      ))}
    </Dialog>
  );
}

function Compared({ column, before, after, sameQuestion, comparison }: PinnedComparison) {
  const { common, onlyBefore, onlyAfter, tau, top, moved, decisions, scores } = comparison;
  return (
    <section className="compared" aria-label={`${shownNames[column]} compared`}>
      <h3>{shownNames[column]}</h3>
      <table className="compared-cost">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Calls</th>
            <th scope="col">Cached</th>
            <th scope="col">Tokens</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          <Cost name="Pinned" {...before} />
          <Cost name="This one" {...after} />
        </tbody>
      </table>
      <p>
        {top.shared} of the top {top.size} are the same; {counted(moved.length, 'passage')} of {common}{' '}
        changed places
        {tau !== undefined && <> (Kendall’s τ {formatShare(tau)})</>}.
        {onlyBefore + onlyAfter > 0 &&
          ` ${counted(onlyBefore, 'passage')} only the pinned run had, ${onlyAfter} only this one.`}
      </p>
      {moved.length > 0 && (
        <ul className="compared-list">
          {moved.slice(0, MOST_ROWS).map(({ id, from, to }) => (
            <li key={id}>
              <span className="mono">{id}</span> {from} → {to} {to < from ? `▲${from - to}` : `▼${to - from}`}
            </li>
          ))}
          {moved.length > MOST_ROWS && <li className="muted">{moved.length - MOST_ROWS} more</li>}
        </ul>
      )}
      {decisions && (
        <>
          <p>
            <strong>{formatNumber(decisions.flips.length)}</strong> of{' '}
            {counted(decisions.both, 'ordered decision')} that both made flipped.
            <Shared {...decisions} />
            {sameQuestion &&
              decisions.shared < decisions.both &&
              ` Logit A − logit B differs by ${decisions.mean.toFixed(3)} on average, by ${decisions.largest.toFixed(3)} at most.`}
          </p>
          <ul className="compared-list">
            {decisions.flips.slice(0, MOST_ROWS).map(({ a, b, before: was, after: now }) => (
              <li key={`${a} ${b}`}>
                A <span className="mono">{a}</span>, B <span className="mono">{b}</span>: {winner(was)} (
                {signed(was)}) → {winner(now)} ({signed(now)})
              </li>
            ))}
            {decisions.flips.length > MOST_ROWS && (
              <li className="muted">{decisions.flips.length - MOST_ROWS} more, less sure</li>
            )}
          </ul>
        </>
      )}
      {column === 'teacher' && !decisions && (
        <p className="muted">
          No ordered decision between two passages is in both runs, so their orders alone can be compared.
        </p>
      )}
      {scores && sameQuestion && (
        <p>
          Scores of {counted(scores.both, 'passage')} differ by {scores.mean.toFixed(3)} on average, by{' '}
          {scores.largest.toFixed(3)} at most.
          <Shared {...scores} />
        </p>
      )}
      {!sameQuestion && (
        <p className="muted">The prompts differ, so scores and logits are not set against each other.</p>
      )}
    </section>
  );
}

/** What is one answer, looked up, says nothing of whether another would have been given. */
function Shared({ both, shared }: Differences) {
  if (shared === 0) return null;
  return shared === both
    ? ' All are the same answers, taken from the cache: nothing was asked twice.'
    : ` ${formatNumber(shared)} are the same answers, taken from the cache; ${formatNumber(both - shared)} were asked twice.`;
}

function Cost({
  name,
  what,
  cost,
}: {
  readonly name: string;
  readonly what: string;
  readonly cost: RunCost;
}) {
  return (
    <tr>
      <th scope="row">
        <strong>{name}</strong> {what}
      </th>
      <td>{formatNumber(cost.asked)}</td>
      <td>{formatNumber(cost.cached)}</td>
      <td>{formatNumber(cost.tokens)}</td>
      <td>{cost.seconds === null ? '–' : formatMs(cost.seconds * 1000)}</td>
    </tr>
  );
}

const winner = (over: number): string => (over > 0 ? 'A' : over < 0 ? 'B' : 'neither');
const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
