import { type LessonFacts, lessons } from './lessons.ts';

/** A lesson that is planned: what it will show, and that it is not there. */
export function Unwritten({ facts }: { readonly facts: LessonFacts }) {
  return (
    <main className="learn" aria-labelledby="learn-title">
      <div className="learn-page">
        <p className="lesson-crumb">
          <a href="#/learn">Learn</a> · lesson {lessons.indexOf(facts) + 1} of {lessons.length}
        </p>
        <h2 id="learn-title">{facts.title}</h2>
        <p>
          <strong>This lesson is not written yet.</strong>
        </p>
        <h3>What it will show</h3>
        <p>{facts.planned?.shows}</p>
        <h3>What it needs</h3>
        <p>{facts.planned?.needs}</p>
        <h3>What you will be able to do</h3>
        <p>{facts.goal}</p>
      </div>
    </main>
  );
}
