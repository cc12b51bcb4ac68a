import { useMemo, useState } from 'react';
import { RECORDED_SAMPLES, type RecordedSample, sampleRecording } from '../../../state/learn/recordings.ts';
import { ScrollTable } from '../../inspector/decision/ScrollTable.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { Loaded } from '../frame/Loaded.tsx';
import { lessonHash, lessons, PAGES } from '../lessons.ts';
import { type RecordedQuery, recordedQuery } from '../recorded-query.ts';
import type { Exercise, ExerciseTable } from './exercise.ts';
import { recordedExercises } from './on-recording.ts';
import { textExercises } from './on-texts.ts';

const loads = Object.fromEntries(
  Object.keys(RECORDED_SAMPLES).map((id) => [
    id,
    () => sampleRecording(id as RecordedSample).then(recordedQuery),
  ]),
) as Readonly<Record<RecordedSample, () => Promise<RecordedQuery>>>;

/** `s` in the address names the sample that the figures come from. */
export function ExercisesPage({ params }: { readonly params: URLSearchParams }) {
  const [sample, setSample] = useState<RecordedSample>(() => {
    const asked = params.get('s') ?? '';
    return Object.hasOwn(RECORDED_SAMPLES, asked) ? (asked as RecordedSample) : 'town';
  });
  return (
    <Loaded load={loads[sample]} title={PAGES.exercises}>
      {(recorded) => <Sheet key={sample} recorded={recorded} sample={sample} onSample={setSample} />}
    </Loaded>
  );
}

interface Props {
  readonly recorded: RecordedQuery;
  readonly sample: RecordedSample;
  readonly onSample: (sample: RecordedSample) => void;
}

function Sheet({ recorded, sample, onSample }: Props) {
  const exercises = useMemo(() => {
    const all = [...textExercises(), ...recordedExercises(recorded)];
    return lessons.flatMap(({ id }) => all.filter(({ lesson }) => lesson === id));
  }, [recorded]);
  const [shown, setShown] = useState<ReadonlySet<number>>(new Set());
  const toggle = (i: number): void => {
    const next = new Set(shown);
    if (!next.delete(i)) next.add(i);
    setShown(next);
  };
  const all = shown.size === exercises.length;
  return (
    <main className="learn" aria-labelledby="learn-title">
      <div className="learn-page exercises">
        <p className="lesson-crumb">
          <a href="#/learn">Learn</a> · <a href={lessonHash('teaching')}>{PAGES.teaching}</a>
        </p>
        <h2 id="learn-title">{PAGES.exercises}</h2>
        <p>
          The figures are those of lesson 1 and of a recorded run: “{recorded.query}”, from{' '}
          {RECORDED_SAMPLES[sample]}
          {recorded.made && `, made in ${recorded.made}`}. Answers are worked out by the code of the
          Playground when they are shown.
        </p>
        <div className="learn-controls">
          <Field label="Figures from">
            {(ids) => (
              <select
                {...ids}
                className="input"
                value={sample}
                onChange={(event) => onSample(event.target.value as RecordedSample)}
              >
                {Object.entries(RECORDED_SAMPLES).map(([id, title]) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Button
            aria-pressed={all}
            onClick={() => setShown(all ? new Set() : new Set(exercises.map((_, i) => i)))}
          >
            {all ? 'Hide all answers' : 'Show all answers'}
          </Button>
          <Button onClick={() => print()}>{shown.size > 0 ? 'Print with answers' : 'Print'}</Button>
        </div>
        <ol className="exercise-list" aria-label="Exercises">
          {exercises.map((exercise, i) => (
            <li key={exercise.question}>
              <One exercise={exercise} number={i + 1} shown={shown.has(i)} onToggle={() => toggle(i)} />
            </li>
          ))}
        </ol>
      </div>
    </main>
  );
}

function One({
  exercise,
  number,
  shown,
  onToggle,
}: {
  readonly exercise: Exercise;
  readonly number: number;
  readonly shown: boolean;
  readonly onToggle: () => void;
}) {
  const lesson = lessons.findIndex(({ id }) => id === exercise.lesson);
  return (
    <>
      <p>
        <strong>{number}.</strong> {exercise.question}{' '}
        <a className="learn-facts" href={lessonHash(exercise.lesson)}>
          Lesson {lesson + 1}
        </a>
      </p>
      {exercise.table && <Figures table={exercise.table} />}
      <Button small className="exercise-answer-button" aria-expanded={shown} onClick={onToggle}>
        {shown ? `Hide answer ${number}` : `Show answer ${number}`}
      </Button>
      {shown && (
        <div className="exercise-answer" role="status">
          {exercise.answer().map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </>
  );
}

function Figures({ table: { caption, head, rows } }: { readonly table: ExerciseTable }) {
  return (
    <ScrollTable className="exercise-table" label={caption}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map((text, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
            <th key={i} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr key={first}>
            <th scope="row">{first}</th>
            {rest.map((text, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <td key={i}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
