import { ScrollTable } from '../../inspector/decision/ScrollTable.tsx';
import { lessonHash, lessons, PAGES } from '../lessons.ts';
import { OwnLink } from './OwnLink.tsx';

/** What a lesson takes, and how to use it in a room, on paper and with one's own texts. */
export function TeachingPage() {
  const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
  return (
    <main className="learn" aria-labelledby="learn-title">
      <div className="learn-page">
        <p className="lesson-crumb">
          <a href="#/learn">Learn</a>
        </p>
        <h2 id="learn-title">{PAGES.teaching}</h2>
        <p>
          Seven lessons, {minutes} minutes for somebody who works alone and does the tasks. They build on each
          other as the table says; 1, 4 and 7 can be taught on their own. Nothing is installed, nobody signs
          in, and what students type stays in their browsers.
        </p>
        <ScrollTable className="teaching-table" label="What each lesson takes">
          <thead>
            <tr>
              <th scope="col">Lesson</th>
              <th scope="col">Minutes</th>
              <th scope="col">Prior knowledge</th>
              <th scope="col">Students learn to</th>
              <th scope="col">In a room</th>
            </tr>
          </thead>
          <tbody>
            {lessons.map(({ id, title, minutes: takes, before, goal }, i) => (
              <tr key={id}>
                <th scope="row">
                  <a href={lessonHash(id)}>
                    {i + 1}. {title}
                  </a>
                </th>
                <td>{takes}</td>
                <td>{before}</td>
                <td>{goal}</td>
                <td>
                  <a
                    href={lessonHash(id, new URLSearchParams({ present: 'figure' }))}
                    aria-label={`Present lesson ${i + 1}`}
                  >
                    Present
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
        <h3>In a room</h3>
        <p>
          “Present”, under the tasks of each lesson, shows text or figure in large type, made for a projector
          of 1280 × 720 and for larger ones; Escape leaves. Let the room vote on the question that each figure
          asks before you press an answer: people remember what they have guessed.
        </p>
        <h3>On paper</h3>
        <p>
          “Print” puts a lesson on one page, with its figure as it stands. The{' '}
          <a href={lessonHash('exercises')}>sheet of exercises</a> prints with or without its answers.
        </p>
        <h3>A lesson just as you left it</h3>
        <p>
          “Link”, under the tasks, copies an address that opens the lesson just as you see it: what was
          dragged, chosen, typed and shown is in it; the student trained in lesson 6 is not. It is made in the
          browser, and nothing is uploaded. For lesson 5, rank your own query and corpus in the{' '}
          <a href="#/">Playground</a> first (all pairs, up to 20 candidates), choose that run under “Decisions
          of”, and then press “Link”.
        </p>
        <section className="own-texts" aria-labelledby="own-texts">
          <h3 id="own-texts">Your own query and passages</h3>
          <OwnLink />
        </section>
      </div>
    </main>
  );
}
