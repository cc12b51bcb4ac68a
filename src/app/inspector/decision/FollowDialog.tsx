import { follow, useFollowed } from '../../../state/inspector/followed.ts';
import { comparingOf } from '../../../state/inspector/inspected.ts';
import { COLUMNS, type ComparingRun, columnOf, type PointwiseRun, useRun } from '../../../state/run/run.ts';
import { lazyPart, soon } from '../../ui/lazy-part.tsx';
import { MissingDialog } from '../../ui/MissingDialog.tsx';

const FollowedPassage = lazyPart(
  soon(() => import('./FollowedPassage.tsx').then((module) => module.FollowedPassage)),
  () => <MissingDialog title="Why here?" onClose={() => follow(null)} />,
);

/** "Why here?": a passage's games with the teacher, what the student said, and why the two give it different places. */
export function FollowDialog() {
  const id = useFollowed((s) => s.id);
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  if (id === null) return null;
  const state = { columns, runs };
  const set = COLUMNS.map((column) => columnOf(state, column).run?.set).find((one) =>
    one?.candidates.some(({ passage }) => passage.id === id),
  );
  if (!set) return null;
  const ofSet = <R extends ComparingRun | PointwiseRun>(run: R | null): R | null =>
    run?.set.candidates.some(({ passage }) => passage.id === id) ? run : null;
  const student = columnOf(state, 'student').run;
  return (
    <FollowedPassage
      key={id}
      id={id}
      teacher={ofSet(comparingOf(state))}
      student={ofSet(student?.kind === 'pointwise' ? student : null)}
    />
  );
}
