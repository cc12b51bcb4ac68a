import { useCallback } from 'react';
import { Stepper } from '../../inspector/what-if/Stepper.tsx';
import { STEPPED, type Stepped } from '../../inspector/what-if/stepped.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { ordinal } from '../frame/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { AskedCells } from './AskedCells.tsx';
import { allCalls, asked, type CostState, ending, fullOrder, missed, outcome, titled } from './state.ts';

/** A schedule on the decisions, comparison by comparison; the calls that it makes; what it misses. */
export function Steps({ state, start, set }: View<CostState>) {
  const { data, which, at, passes, carried } = state;
  const { ids } = data.query;
  const full = fullOrder(state);
  const leader = full[0]!;
  const go = useCallback((next: number) => set({ at: next }), [set]);
  if (carried === undefined) {
    return (
      <Prediction
        question={`All ${allCalls(ids.length)} calls put ${titled(data, leader)} first; BM25 has it ${ordinal(leader)}. One pass of the window goes up the list and carries the better of two along. Will it bring ${ids[leader]} to the top?`}
        choices={[
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]}
        onChoose={(guess) => set({ carried: guess })}
      />
    );
  }
  const first = ending({ ...start, data, passes: 1, which: 'sliding' }).order[0]!;
  const { before, now } = asked(state);
  const { order } = ending(state);
  return (
    <>
      {data === start.data && (
        <Revealed right={carried === '' ? undefined : carried === (first === leader ? 'yes' : 'no')}>
          After one pass {ids[first]} is first. Step through to see why.
        </Revealed>
      )}
      <div className="cost-steps" data-which={which}>
        <Stepper course={outcome(state).steps[which]} ids={ids} at={at} onStep={go} key={which}>
          <Segmented<Stepped>
            label="Schedule to step through"
            value={which}
            options={STEPPED.toReversed()}
            onChange={(next) => set({ which: next, at: 0 })}
          />
          {which === 'sliding' && (
            <div className="cost-field">
              <NumberField
                label="Passes"
                value={passes}
                min={1}
                max={ids.length - 1}
                onChange={(next) => set({ passes: next, at: 0 })}
              />
            </div>
          )}
        </Stepper>
        <div className="cost-missed">
          <div>
            <AskedCells ids={ids} before={before} now={now} />
            <p className="muted">
              Calls made: row as A, column as B, in BM25’s order. What stays empty is never asked.
            </p>
          </div>
          <div>
            <p>{missed(state)}</p>
            <ol className="cost-ends">
              {order.map((index, place) => (
                <li key={index} data-right={full[place] === index}>
                  {ids[index]}
                  {full[place] !== index && <span> not {ids[full[place]!]}</span>}
                </li>
              ))}
            </ol>
          </div>
        </div>
      </div>
    </>
  );
}
