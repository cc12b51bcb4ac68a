import { studentOf } from '../../../state/inspector/inspected.ts';
import { type ComparingRun, useRun } from '../../../state/run/run.ts';
import { pairApart } from './apart.ts';
import { StudentSide } from './StudentSide.tsx';

/** Teacher and student on one pair: what each says, and whether they put it in the same order. */
export function PairStudent({
  run,
  pair: [a, b],
}: {
  readonly run: ComparingRun;
  readonly pair: readonly [number, number];
}) {
  const columns = useRun((s) => s.columns);
  const runs = useRun((s) => s.runs);
  const student = studentOf({ columns, runs }, run.set.id);
  if (!student) {
    return (
      <p className="muted">The student has not ranked these passages. Rank, and its answers stand here.</p>
    );
  }
  const idOf = (position: number): string => run.set.candidates[position]!.passage.id;
  return (
    <>
      <p role="status">{pairApart(run, student, [a, b], [idOf(a), idOf(b)])}</p>
      <StudentSide run={student} positions={[a, b]} />
    </>
  );
}
