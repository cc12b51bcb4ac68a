import { useEffect, useRef } from 'react';
import { useQuery } from '../../state/corpus/query.ts';
import { playground } from '../../state/playground.ts';
import { repeatRun, setPresenting, usePresent } from '../../state/present.ts';
import { useVerdict } from '../../state/readings/selectors.ts';
import { pause, play, useReplay } from '../../state/recording/replay.ts';
import { COLUMNS, type ColumnId, candidatesOf, modelRunOf, useColumn, useRun } from '../../state/run/run.ts';
import { DuelButton } from '../duel/DuelButton.tsx';
import { Movement } from '../playground/column/Movement.tsx';
import { Stopwatch } from '../playground/column/Stopwatch.tsx';
import { columnNames, shownNames, useShownAs } from '../playground/methods.ts';
import { Button } from '../ui/Button.tsx';
import { formatMs, formatNumber } from '../ui/numbers.ts';
import { presentSentence } from './sentence.ts';
import './present.css';

/** Passages of each ranking that are shown: what can be read from the back of a room. */
const ROWS = 5;
const REPEATS = 5;

/** The race on a projector: both clocks, the top of each ranking, and at the end one sentence. */
export function Presentation() {
  const start = useRef<HTMLButtonElement>(null);
  const recorded = useRun((s) => s.aside !== null);
  const active = useRun((s) => s.active);
  const playing = useReplay((s) => s.playing);
  const replaying = useReplay((s) => s.at !== null);
  const left = usePresent((s) => s.repeatsLeft);
  const shown = useRun((s) => s.runs[s.columns.bm25.shows ?? '']?.set.query.text);
  const asked = useQuery((s) => s.text);
  useEffect(() => start.current?.focus(), []);
  return (
    <main className="present">
      <header className="present-head">
        <h1 className="present-query">{shown ?? asked}</h1>
        {recorded && <strong className="recording-mark">{replaying ? 'Replay' : 'Recording'}</strong>}
        {recorded ? (
          <Button ref={start} kind="primary" onClick={() => (playing ? pause() : play())}>
            {playing ? 'Pause' : 'Replay'}
          </Button>
        ) : (
          <>
            <Button ref={start} kind="primary" disabled={active} onClick={() => playground.race()}>
              Race
            </Button>
            <Button
              disabled={active}
              title="Ask everything afresh, one model after the other, and show median and range of the times"
              onClick={() => repeatRun(REPEATS)}
            >
              {left > 0 ? `${REPEATS - left + 1} of ${REPEATS}` : `Repeat × ${REPEATS}`}
            </Button>
            <Button disabled={!active} onClick={() => playground.cancel()}>
              Cancel
            </Button>
          </>
        )}
        <DuelButton large />
        <Button shortcut="Esc" keys="Escape" onClick={() => setPresenting(false)}>
          Leave
        </Button>
      </header>
      <div className="present-lanes">
        <Lane id="student" />
        <Lane id="teacher" />
      </div>
      <div className="present-columns">
        {COLUMNS.map((id) => (
          <Top key={id} id={id} />
        ))}
      </div>
      <p className="present-end" role="status">
        {!active && <End recorded={recorded} />}
      </p>
    </main>
  );
}

/** A model's clock, and how far it has come. */
function Lane({ id }: { readonly id: 'student' | 'teacher' }) {
  const column = useColumn(id);
  const method = useShownAs(id);
  const run = modelRunOf(column);
  const answered = run ? run.asked + run.cached : 0;
  const planned = column.state === 'done' ? answered : (run?.planned?.calls ?? 0);
  return (
    <div className="present-lane" data-method={method}>
      <span className="present-name">{shownNames[method]}</span>
      <span className="present-track">
        <span style={{ transform: `scaleX(${planned > 0 ? Math.min(1, answered / planned) : 0})` }} />
      </span>
      <span className="present-calls">
        {planned > 0 ? `${formatNumber(answered)} of ${formatNumber(planned)} calls` : ''}
      </span>
      <span className="present-clock">
        <Stopwatch column={column} />
      </span>
    </div>
  );
}

/** The first passages of a ranking; the region is that of the column. */
function Top({ id }: { readonly id: ColumnId }) {
  const column = useColumn(id);
  const method = useShownAs(id);
  const replaying = useReplay((s) => s.at !== null);
  const candidates = candidatesOf(column);
  const order = column.run?.order ?? [];
  return (
    <section
      className="present-column"
      aria-label={columnNames[id]}
      data-method={method}
      data-state={column.state}
      data-phase={column.phase ?? undefined}
      data-replay={replaying ? 'true' : undefined}
    >
      <h2>{shownNames[method]}</h2>
      {column.error && <p className="present-error">{column.error.message}</p>}
      <ol>
        {order.map((at, i) => {
          const candidate = candidates[at];
          if (!candidate) return null;
          const { passage, filled } = candidate;
          return (
            <li key={passage.id} data-passage-id={passage.id} hidden={i >= ROWS}>
              <span className="present-rank">{i + 1}</span>
              <span className="present-title">{passage.title ?? passage.text}</span>
              {id !== 'bm25' && <Movement from={filled ? null : at + 1} to={i + 1} />}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function End({ recorded }: { readonly recorded: boolean }) {
  const verdict = useVerdict();
  if (!verdict) return null;
  const { range, speed } = verdict;
  return (
    <>
      {recorded && 'As recorded: '}
      {presentSentence(verdict)}
      {range && speed.kind === 'ratio' && !recorded && (
        <span className="present-range">
          {' '}
          Median of {range.runs} runs: {time(range.median.student)} ({between(range.student)}) against{' '}
          {time(range.median.teacher)} ({between(range.teacher)}).
        </span>
      )}
    </>
  );
}

const time = (seconds: number): string => formatMs(seconds * 1000);
const between = ([low, high]: readonly [number, number]): string => `${time(low)} to ${time(high)}`;
