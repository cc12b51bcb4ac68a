import { useState } from 'react';
import { type DoneTasks, useProgress } from '../../state/learn/progress.ts';
import { Button } from '../ui/Button.tsx';
import { counted } from '../ui/numbers.ts';
import { type LessonFacts, lessonHash, lessons } from './lessons.ts';

/** The seven lessons, what each takes and gives, and how far the reader is. */
export function LessonList() {
  const done = useProgress((s) => s.done);
  const clear = useProgress((s) => s.clear);
  const restore = useProgress((s) => s.restore);
  const [cleared, setCleared] = useState<DoneTasks>();
  const some = Object.values(done).some(({ length }) => length > 0);
  return (
    <main className="learn" aria-labelledby="learn-title">
      <div className="learn-page">
        <h2 id="learn-title">Learn</h2>
        <p>
          How a search engine puts texts in order, in seven lessons. Each is a page of text beside a figure
          that you work with: it is computed here, by the code and the models of the Playground. (Until a
          model has loaded, its recorded answers stand in, and are marked.) Before a figure answers, it asks
          what you expect.
        </p>
        <ol className="learn-list">
          {lessons.map((lesson, i) => (
            <li key={lesson.id} data-planned={lesson.planned !== undefined}>
              <span className="learn-number" aria-hidden="true">
                {i + 1}
              </span>
              <div>
                <a href={lessonHash(lesson.id)}>{lesson.title}</a>
                <p>{lesson.goal}</p>
                <p className="learn-facts">{factsOf(lesson, done[lesson.id]?.length ?? 0)}</p>
              </div>
            </li>
          ))}
        </ol>
        <p className="learn-progress">
          What you have done is kept in this browser only.{' '}
          {some && (
            <Button
              small
              onClick={() => {
                setCleared(done);
                clear();
              }}
            >
              Clear progress
            </Button>
          )}
          {!some && cleared && (
            <Button
              small
              onClick={() => {
                restore(cleared);
                setCleared(undefined);
              }}
            >
              Undo
            </Button>
          )}
        </p>
      </div>
    </main>
  );
}

function factsOf({ minutes, before, planned }: LessonFacts, done: number): string {
  const facts = `${minutes} minutes · Before it: ${before.replace(/\.$/, '').toLowerCase()}`;
  if (planned) return `Not written yet · ${facts}`;
  return done === 0 ? facts : `${facts} · ${counted(done, 'task')} done`;
}
