import { useMemo } from 'react';
import { type Followed, followPassage, type Meeting, type Side } from '../../../analysis/follow.ts';
import { methodNamed } from '../../../ranking/methods/registry.ts';
import { follow } from '../../../state/inspector/followed.ts';
import { comparesPairs, openDecision } from '../../../state/inspector/inspected.ts';
import type { ComparingRun, PointwiseRun } from '../../../state/run/run.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted } from '../../ui/numbers.ts';
import { ordinal, pointsText, whyApart } from './apart.ts';
import { signedFigure } from './figures.ts';
import { ScrollTable } from './ScrollTable.tsx';
import { StudentSide } from './StudentSide.tsx';
import './follow.css';

interface Props {
  readonly id: string;
  readonly teacher: ComparingRun | null;
  readonly student: PointwiseRun | null;
}

const positionOf = (run: ComparingRun | PointwiseRun, id: string): number =>
  run.set.candidates.findIndex(({ passage }) => passage.id === id);

/** Its games, what the student said of it, and why the two differ. */
export function FollowedPassage({ id, teacher, student }: Props) {
  const position = teacher ? positionOf(teacher, id) : -1;
  // The matrix grows in place; the run is a new object with each batch.
  const followed = useMemo(
    () =>
      teacher &&
      comparesPairs(teacher) &&
      followPassage((a, b) => teacher.matrix.at(a, b), teacher.order, position),
    [teacher, position],
  );
  return (
    <Dialog wide title={`Why here? ${id}`} onClose={() => follow(null)}>
      {followed && teacher && student && student.set.id === teacher.set.id && (
        <p className="decision-verdict">{whyApart(followed, teacher, student)}</p>
      )}
      {followed && teacher ? (
        <Games followed={followed} run={teacher} id={id} />
      ) : (
        <p className="muted">
          {teacher && !comparesPairs(teacher)
            ? 'This teacher was shown several passages at once: there are no games of two. The Inspector lists its answers.'
            : 'The teacher has not compared this passage yet. Rank, and its games stand here.'}
        </p>
      )}
      <section className="follow-student" aria-label="Student">
        <h3>What the student said</h3>
        {student ? (
          <StudentSide run={student} positions={[positionOf(student, id)]} />
        ) : (
          <p className="muted">The student has not scored this passage yet.</p>
        )}
      </section>
    </Dialog>
  );
}

function Games({
  followed,
  run,
  id,
}: {
  readonly followed: Followed;
  readonly run: ComparingRun;
  readonly id: string;
}) {
  const { meetings, points, games, of, place, position } = followed;
  const upsets = meetings.filter(({ upset }) => upset).length;
  const idOf = (one: number): string => run.set.candidates[one]!.passage.id;
  const byPlace = methodNamed(run.method).byPlace;
  let sum = 0;
  return (
    <section className="follow-games" aria-label="Games">
      <h3>Its games</h3>
      <p>
        {ordinal(place)} of {run.order.length}: {pointsText(points)} of {counted(games, 'game')} won
        {games < of && `, ${of - games} of ${of} not asked`}.{' '}
        {byPlace
          ? 'This schedule ranks by the answers as it asks, not by Eq. 5; the sum is of the games that were asked.'
          : games < of
            ? `By Eq. 5 a game not asked counts one half: its score so far is ${pointsText(points + (of - games) / 2)}.`
            : `By Eq. 5 that sum is its score.`}{' '}
        {upsets > 0 ? `${counted(upsets, 'upset')}, first in the table.` : 'No upsets.'}
      </p>
      <ScrollTable label={`${id} against each other passage, upsets first`}>
        <thead>
          <tr>
            <th scope="col">Against</th>
            <th scope="col">{id} as A</th>
            <th scope="col">{id} as B</th>
            <th scope="col">Points</th>
            <th scope="col">Sum</th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {meetings.map((meeting) => {
            sum += meeting.points;
            const { opponent } = meeting;
            return (
              <tr key={opponent} data-upset={meeting.upset}>
                <th scope="row">
                  <span className="mono">{idOf(opponent)}</span>{' '}
                  <span className="muted">{ordinal(meeting.place)}</span>
                </th>
                <Game
                  side={meeting.asA}
                  name={`${id} as A, ${idOf(opponent)} as B`}
                  onOpen={() => openDecision({ a: position, b: opponent })}
                />
                <Game
                  side={meeting.asB}
                  name={`${idOf(opponent)} as A, ${id} as B`}
                  onOpen={() => openDecision({ a: opponent, b: position })}
                />
                <td>{pointsText(meeting.points)}</td>
                <td>{pointsText(sum)}</td>
                <td>{noteOf(meeting)}</td>
              </tr>
            );
          })}
        </tbody>
      </ScrollTable>
      <p className="muted">
        Each game opens its decision. In brackets: the logit difference in favour of {id}.
      </p>
    </section>
  );
}

function Game({
  side,
  name,
  onOpen,
}: {
  readonly side: Side | undefined;
  readonly name: string;
  readonly onOpen: () => void;
}) {
  if (!side) return <td className="muted">not asked</td>;
  const outcome = side.points === 1 ? 'won' : side.points === 0 ? 'lost' : 'equal';
  return (
    <td>
      <Button kind="link" small onClick={onOpen} title={name}>
        {outcome} ({signedFigure(side.margin)})<span className="visually-hidden">: {name}</span>
      </Button>
    </td>
  );
}

function noteOf({ upset, contradictory }: Meeting): string {
  if (upset === 'beat-higher') return 'upset: beat one ranked above';
  if (upset === 'lost-to-lower') return 'upset: lost to one ranked below';
  return contradictory ? 'the orders disagree' : '';
}
