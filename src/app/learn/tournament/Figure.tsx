import { useMemo } from 'react';
import { DecisionMatrix } from '../../../ranking/progress/decision-matrix.ts';
import { DecisionGrid } from '../../inspector/DecisionGrid.tsx';
import { Button } from '../../ui/Button.tsx';
import type { View } from '../frame/lesson.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { Points } from './Points.tsx';
import {
  choose,
  chosenInWords,
  decisionsOf,
  IDS,
  pressed,
  rankingOf,
  TABLE,
  type TournamentState,
} from './state.ts';
import { TournamentDrawing } from './TournamentDrawing.tsx';

const ROWS = IDS.map((_, i) => i);
const NO_ENDS: readonly number[] = [];
/** Nobody was asked: the table is made up. */
const FREE = { tokens: 0, ms: 0, cached: false, cuts: [] } as const;

export function Figure({ state, start, set }: View<TournamentState>) {
  const { table, chosen, first } = state;
  const veiled = first === undefined;
  const matrix = useMemo(() => {
    const made = new DecisionMatrix(IDS.length);
    made.put(decisionsOf(table).map((decision) => ({ ...decision, ...FREE })));
    return made;
  }, [table]);
  const ranking = rankingOf(state);
  const winner = rankingOf(start).order[0]!;
  return (
    <>
      <p>
        Six passages, p1 to p6 as BM25 found them, and thirty answers. <strong>The table is made up</strong>,
        and yours to change: press a cell. Its number is the chance that A, the row, is better; a notch marks
        a contradiction.
      </p>
      <div className="tournament-two">
        <div className="tournament-table">
          <DecisionGrid
            matrix={matrix}
            version={matrix.version}
            order={ROWS}
            ids={IDS}
            pointed={null}
            ends={NO_ENDS}
            onPress={({ a, b }) => set({ table: pressed(table, a, b) })}
          />
          <Button small disabled={table.join() === TABLE.join()} onClick={() => set({ table: TABLE })}>
            The first table
          </Button>
        </div>
        <div className="tournament-drawing">
          <TournamentDrawing state={state} onChoose={(index) => set({ chosen: choose(chosen, index) })} />
          <p role="status">{chosenInWords(state)}</p>
        </div>
      </div>
      {veiled ? (
        <Prediction
          question="Which passage gets the most points?"
          choices={IDS.map((id, i) => ({ value: String(i), label: id }))}
          onChoose={(guess) => set({ first: guess })}
        />
      ) : (
        <>
          {table === start.table && (
            <Revealed right={first === '' ? undefined : first === String(winner)}>
              {IDS[winner]} wins the most games
              {winner > 0 && `, though BM25 had it as low as place ${winner + 1}`}.
            </Revealed>
          )}
          <Points state={state} ranking={ranking} />
        </>
      )}
    </>
  );
}
