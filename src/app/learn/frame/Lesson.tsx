import { useEffect, useMemo, useState } from 'react';
import { useProgress } from '../../../state/learn/progress.ts';
import { FaultBoundary } from '../../fault/FaultBoundary.tsx';
import { CopyButton } from '../../playground/CopyButton.tsx';
import { Button } from '../../ui/Button.tsx';
import { type LessonFacts, lessonHash, lessons, PAGES } from '../lessons.ts';
import type { LessonParts } from './lesson.ts';
import { LeavePresenting, type Slide, slideOf } from './Presenting.tsx';
import { Tasks } from './Tasks.tsx';

interface Props<S> {
  readonly facts: LessonFacts;
  readonly parts: LessonParts<S>;
  readonly params: URLSearchParams;
}

const NONE: readonly string[] = [];

/** The frame of every lesson: text, figure, tasks that are checked in the figure, and the way back to the start. */
export function Lesson<S extends object>({ facts, parts, params }: Props<S>) {
  const { Text, Figure } = parts;
  const start = useMemo(() => parts.begin(params), [parts, params]);
  const [state, setState] = useState(start);
  const [hints, setHints] = useState<Readonly<Record<string, number>>>({});
  const [said, setSaid] = useState('');
  const [slide, show] = useState<Slide | undefined>(() => slideOf(params));
  /** What “Start again” took away. */
  const [before, setBefore] = useState<{ readonly state: S; readonly done: readonly string[] }>();
  const done = useProgress((s) => s.done[facts.id] ?? NONE);
  const finish = useProgress((s) => s.finish);
  const put = useProgress((s) => s.put);

  useEffect(() => {
    // What a link opens with, nobody has done.
    if (state === start) return;
    parts.tasks.forEach((task, i) => {
      if (done.includes(task.id) || !task.judge(state, start).done) return;
      finish(facts.id, task.id);
      setSaid(`Task ${i + 1} is done.`);
    });
  }, [state, start, parts, done, finish, facts.id]);

  const note = (change: Partial<S>): void => setState((now) => ({ ...now, ...change }));
  const set = (change: Partial<S>): void => {
    setBefore(undefined);
    note(change);
  };
  const startAgain = (): void => {
    setBefore({ state, done });
    setState(start);
    setHints({});
    put(facts.id, []);
    setSaid('The lesson starts again.');
  };
  const undo = (): void => {
    if (!before) return;
    setState(before.state);
    put(facts.id, before.done);
    setBefore(undefined);
    setSaid('All is as it was before.');
  };
  const hint = (): void => {
    const task = parts.tasks.find(({ id }) => !done.includes(id));
    if (!task) {
      setSaid('All tasks are done.');
      return;
    }
    const shown = Math.min((hints[task.id] ?? 0) + 1, task.hints.length);
    setHints({ ...hints, [task.id]: shown });
    setSaid(`Hint: ${task.hints[shown - 1]}`);
  };
  const view = { state, start, set, note };
  const at = lessons.indexOf(facts);
  const next = lessons[at + 1] ?? { id: 'system', title: PAGES.system };
  return (
    <main className="lesson" aria-labelledby="lesson-title" data-slide={slide}>
      <header className="lesson-head">
        <p className="lesson-crumb">
          <a href="#/learn">Learn</a> · lesson {at + 1} of {lessons.length} · about {facts.minutes} minutes
        </p>
        {/* The page's own head is away then. */}
        {slide && <h1 className="visually-hidden">Rankscope</h1>}
        <h2 id="lesson-title">{facts.title}</h2>
        {slide && <LeavePresenting slide={slide} onChange={show} />}
      </header>
      <div className="lesson-text">
        <Text {...view} />
      </div>
      <section className="lesson-figure" aria-label="Figure">
        <FaultBoundary part="The figure">
          <Figure {...view} />
        </FaultBoundary>
        <details className="lesson-words">
          <summary>What the figure shows now, in words</summary>
          {parts.inWords(state).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </details>
      </section>
      <div className="lesson-work">
        <Tasks tasks={parts.tasks} done={done} hints={hints} state={state} start={start} />
        <div className="lesson-buttons">
          <Button small onClick={hint}>
            Hint
          </Button>
          <Button small onClick={startAgain}>
            Start again
          </Button>
          {before && (
            <Button small kind="link" onClick={undo}>
              Undo
            </Button>
          )}
          <CopyButton
            name="Copy link to this state"
            text={new URL(lessonHash(facts.id, parts.link(state)), location.href).href}
            failed="The browser did not allow copying. The address above opens the lesson from its start."
          >
            Link
          </CopyButton>
          {!slide && (
            <>
              <Button small title="Large type, for a room" onClick={() => show('figure')}>
                Present
              </Button>
              <Button small title="One page, with the figure as it stands" onClick={() => print()}>
                Print
              </Button>
            </>
          )}
          <a
            className="lesson-next"
            href={lessonHash(next.id, slide && new URLSearchParams({ present: slide }))}
          >
            Next: {next.title}
          </a>
        </div>
        <p className="visually-hidden" role="status">
          {said}
        </p>
      </div>
    </main>
  );
}
