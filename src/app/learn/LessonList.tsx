import { useState } from 'react';
import { type DoneTasks, useProgress } from '../../state/learn/progress.ts';
import { Button } from '../ui/Button.tsx';
import { counted } from '../ui/numbers.ts';
import { type LearnPageId, type LessonFacts, lessonHash, lessons, PAGES } from './lessons.ts';

/** The seven lessons, what each takes and gives, and how far the reader is. */
export function LessonList() {
  const done = useProgress((s) => s.done);
  const clear = useProgress((s) => s.clear);
  const restore = useProgress((s) => s.restore);
  const [cleared, setCleared] = useState<DoneTasks>();
  const some = Object.values(done).some(({ length }) => length > 0);
  return (
    <div className="learn">
      <div className="learn-page">
        <main className="learn-main" aria-labelledby="learn-title">
          <h2 id="learn-title">Learn</h2>
          <p>
            How a search engine puts texts in order, in seven lessons. Each is a page of text beside a figure
            that you work with: it is computed here, by the code and the models of the Playground. (Until a
            model has loaded, its recorded answers stand in, and are marked.) Before a figure answers, it asks
            what you expect.
          </p>
          <ol className="learn-list">
            {lessons.map((lesson, i) => (
              <li key={lesson.id}>
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
        </main>
        <nav className="learn-more" aria-label="Beside the lessons">
          {(Object.keys(PAGES) as LearnPageId[]).map((page) => (
            <p key={page}>
              <a href={lessonHash(page)}>{PAGES[page]}</a>
              <span className="learn-facts"> {MORE[page]}</span>
            </p>
          ))}
        </nav>
      </div>
    </div>
  );
}

const MORE: Readonly<Record<LearnPageId, string>> = {
  system: 'After the lessons: what happens from a query to a ranking, and where to read on.',
  teaching: 'What each lesson takes, large type for a room, links with your own passages.',
  exercises: 'One sheet for print; its answers are computed when you ask for them.',
};

function factsOf({ minutes, before }: LessonFacts, done: number): string {
  const facts = `${minutes} minutes · Prerequisites: ${before.replace(/\.$/, '').toLowerCase()}`;
  return done === 0 ? facts : `${facts} · ${counted(done, 'task')} done`;
}
