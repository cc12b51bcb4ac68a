import { useEffect, useMemo, useRef } from 'react';
import {
  type DuelAgreement,
  type DuelJudges,
  type DuelRow,
  type DuelVerdict,
  duelResult,
} from '../../analysis/duel.ts';
import { type Duel, dropDuel, MOST_PAIRS, undoAnswer } from '../../state/duel.ts';
import { openDecision } from '../../state/inspector/inspected.ts';
import { notify } from '../../state/notices.ts';
import type { ComparingRun } from '../../state/run/run.ts';
import { shownNames, useShownAs } from '../playground/methods.ts';
import { Button } from '../ui/Button.tsx';
import { counted, formatShare } from '../ui/numbers.ts';
import { duelNotes, duelSentence, reasonWords, sameWords } from './words.ts';

/** Pairs that are added at once. */
const MORE = 5;

/** People, teacher and student side by side, and where they part. */
export function DuelResults({
  run,
  judges,
  duel,
  room,
  onContinue,
  onMore,
}: {
  readonly run: ComparingRun;
  readonly judges: DuelJudges;
  readonly duel: Duel;
  readonly room: number;
  readonly onContinue: () => void;
  readonly onMore: (count: number) => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const shown = shownNames[useShownAs('student')];
  const student = shown.toLowerCase();
  const { key, pairs, answers } = duel;
  const result = useMemo(() => duelResult(judges, pairs, answers), [judges, pairs, answers]);
  const left = pairs.length - answers.length;
  const more = Math.min(MORE, room - pairs.length, MOST_PAIRS - pairs.length);
  const parted = result.rows.filter((row) => row.parted);
  const others = result.rows.filter((row) => !row.parted);
  const list = (rows: readonly DuelRow[]) => (
    <ul className="duel-rows">
      {rows.map((row) => (
        <Row
          key={`${row.pair.a} ${row.pair.b}`}
          run={run}
          row={row}
          student={result.peopleStudent ? shown : null}
        />
      ))}
    </ul>
  );
  return (
    <div className="duel-results">
      <h1 className="duel-query" dir="auto" ref={heading} tabIndex={-1}>
        {run.set.query.text}
      </h1>
      <p className="duel-sentence" role="status">
        {duelSentence(result, student)}
      </p>
      <div className="duel-table">
        <table>
          <caption className="visually-hidden">
            Agreement on {counted(result.answered, 'answered pair')}
          </caption>
          <thead>
            <tr>
              <th scope="col">{counted(result.answered, 'answered pair')}</th>
              <th scope="col">Same winner</th>
              <th scope="col">Kendall’s τ</th>
            </tr>
          </thead>
          <tbody>
            <Agreement names="People and teacher" agreement={result.peopleTeacher} />
            {result.peopleStudent && (
              <Agreement names={`People and ${student}`} agreement={result.peopleStudent} />
            )}
            {result.teacherStudent && (
              <Agreement names={`Teacher and ${student}`} agreement={result.teacherStudent} />
            )}
          </tbody>
        </table>
      </div>
      <p className="duel-notes">{duelNotes(result, student, room).join(' ')}</p>
      <div className="duel-actions">
        {left > 0 && (
          <Button kind="primary" onClick={onContinue}>
            Go on: {counted(left, 'pair')} left
          </Button>
        )}
        {left === 0 && more > 0 && <Button onClick={() => onMore(more)}>Add {counted(more, 'pair')}</Button>}
        {answers.length > 0 && left === 0 && (
          <Button onClick={() => undoAnswer(key)}>Undo the last answer</Button>
        )}
        <Button
          onClick={() => {
            const run = dropDuel(key);
            notify('info', `${counted(answers.length, 'answer')} of the duel cleared.`, {
              label: 'Undo',
              run,
            });
          }}
        >
          Start again
        </Button>
      </div>
      {parted.length > 0 && (
        <section aria-label="Where they differ">
          <h2>Where they differ ({parted.length})</h2>
          {list(parted)}
        </section>
      )}
      {others.length > 0 && (
        <details className="duel-others" open={parted.length === 0}>
          <summary>Where nobody disagrees ({others.length})</summary>
          {list(others)}
        </details>
      )}
    </div>
  );
}

function Agreement({ names, agreement }: { readonly names: string; readonly agreement: DuelAgreement }) {
  const { same, tau } = agreement;
  return (
    <tr>
      <th scope="row">{names}</th>
      <td>
        {sameWords(agreement)}
        <span className="duel-bar" aria-hidden="true">
          <span style={{ transform: `scaleX(${same.of === 0 ? 0 : same.share})` }} />
        </span>
      </td>
      <td>{tau === undefined ? '–' : formatShare(tau)}</td>
    </tr>
  );
}

function Row({
  run,
  row: { pair, people, teacher, student: said },
  student,
}: {
  readonly run: ComparingRun;
  readonly row: DuelRow;
  /** null: there is none. */
  readonly student: string | null;
}) {
  const { a, b, reason } = pair;
  const passageAt = (position: number) => run.set.candidates[position]!.passage;
  const [first, second] = [passageAt(a), passageAt(b)];
  // The order that was asked, where only one was.
  const cell = run.matrix.at(a, b) ? { a, b } : { a: b, b: a };
  const letter = (verdict: DuelVerdict): string =>
    verdict === undefined ? '–' : verdict === null ? 'tie' : verdict === a ? 'A' : 'B';
  return (
    <li className="duel-row">
      <div className="duel-row-passages">
        {([first, second] as const).map((passage, i) => (
          <p key={passage.id} dir="auto">
            <span className="duel-letter">{'AB'[i]}</span> {passage.title ?? passage.text}
          </p>
        ))}
      </div>
      <dl className="duel-verdicts">
        <Said who="People" letter={letter(people)} />
        <Said
          who="Teacher"
          method="teacher"
          letter={teacher === null && reason === 'contradictory' ? 'A and B' : letter(teacher)}
        />
        {student && <Said who={student} method={student.toLowerCase()} letter={letter(said)} />}
      </dl>
      <span className="duel-reason muted">{reasonWords[reason].pair}</span>
      <Button
        small
        aria-label={`Open decision: ${first.id} and ${second.id}`}
        onClick={() => openDecision(cell)}
      >
        Open decision
      </Button>
    </li>
  );
}

function Said({
  who,
  method,
  letter,
}: {
  readonly who: string;
  readonly method?: string;
  readonly letter: string;
}) {
  return (
    <div data-method={method}>
      <dt>{who}</dt>
      <dd>{letter}</dd>
    </div>
  );
}
