import { useMemo, useState } from 'react';
import { chooseDuel, type DuelJudges, type DuelReason } from '../../analysis/duel.ts';
import { MOST_PAIRS, USUAL_PAIRS } from '../../state/duel.ts';
import type { ComparingRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { counted } from '../ui/numbers.ts';
import { reasonWords } from './words.ts';

/** What will happen, how many pairs, and by which rule they are chosen. */
export function DuelStart({
  run,
  judges,
  room,
  onBegin,
}: {
  readonly run: ComparingRun;
  readonly judges: DuelJudges;
  readonly room: number;
  readonly onBegin: (count: number) => void;
}) {
  const most = Math.min(room, MOST_PAIRS);
  const [wanted, setWanted] = useState(USUAL_PAIRS);
  const count = Math.min(wanted, most);
  // How many of each kind does not depend on the draw.
  const kinds = useMemo(() => countsOf(judges, count), [judges, count]);
  return (
    <form
      className="duel-text"
      onSubmit={(event) => {
        event.preventDefault();
        onBegin(count);
      }}
    >
      <h1 className="duel-query" dir="auto">
        {run.set.query.text}
      </h1>
      <p>
        Two passages at a time: say which one is more relevant to this query, before you see what the teacher
        and the student said. Which one comes first is drawn by lot.
      </p>
      <div className="duel-count">
        <NumberField label="Pairs" min={1} max={most} value={count} onChange={setWanted} />
        <Button kind="primary" type="submit">
          Begin
        </Button>
      </div>
      <p>
        Of the {counted(room, 'pair')} the teacher has decided, {count === room ? 'all' : 'these'}, in random
        order:
      </p>
      <ul className="duel-rule">
        {kinds.map(([reason, pairs]) => (
          <li key={reason}>
            <strong>{pairs}</strong> where {reasonWords[reason].rule}
          </li>
        ))}
      </ul>
    </form>
  );
}

function countsOf(judges: DuelJudges, count: number): [DuelReason, number][] {
  const pairs = chooseDuel(judges, count, 1);
  return (['parted', 'contradictory', 'narrow', 'easy'] as const)
    .map((reason): [DuelReason, number] => [reason, pairs.filter((one) => one.reason === reason).length])
    .filter(([, found]) => found > 0);
}
