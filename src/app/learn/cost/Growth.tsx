import { NumberField } from '../../ui/NumberField.tsx';
import { counted, formatEstimate, formatNumber } from '../../ui/numbers.ts';
import type { View } from '../frame/lesson.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { CallSquare } from './CallSquare.tsx';
import { allCalls, type CostState, growth, N, timeOf } from './state.ts';

/** The square under the hand, and what other ways of asking would take for as many passages. */
export function Growth({ state, set }: View<CostState>) {
  const { n, passes, twice } = state;
  const veiled = twice === undefined;
  const time = timeOf(state);
  const rows = growth(n, passes);
  const most = rows.at(-1)!.calls;
  const [few, many] = [allCalls(N.start), allCalls(2 * N.start)];
  return (
    <>
      {veiled ? (
        <Prediction
          question={`${N.start} passages, every pair in both orders: ${few} calls. And twice as many passages?`}
          choices={[
            { value: 'double', label: `${2 * few}` },
            { value: 'square', label: `${many}` },
            { value: 'cube', label: `${8 * few}` },
          ]}
          onChoose={(guess) => set({ twice: guess })}
        />
      ) : (
        <Revealed right={twice === '' ? undefined : twice === 'square'}>
          {2 * N.start} × {2 * N.start - 1} = {many}: more than four times as many. Drag the corner of the
          square.
        </Revealed>
      )}
      <div className="cost-two">
        <CallSquare n={n} onChange={veiled ? undefined : (next) => set({ n: next })} />
        {!veiled && (
          <div className="cost-side">
            <p className="cost-product" role="status">
              <strong>{formatNumber(n)}</strong> passages · {formatNumber(n)} × {formatNumber(n - 1)} ={' '}
              <strong>{formatNumber(most)}</strong> calls
            </p>
            <ul className="cost-bars">
              {rows.map(({ name, calls, most: upTo }) => (
                <li key={name}>
                  <span>{name}</span>
                  <span className="cost-bar" aria-hidden="true">
                    <span style={{ width: `${(100 * calls) / most}%` }} />
                  </span>
                  <span>
                    {upTo && 'at most '}
                    <strong>{formatNumber(calls)}</strong>
                    {time && ` · ${formatEstimate((calls * time.ms) / 1000)}`}
                  </span>
                </li>
              ))}
            </ul>
            <div className="cost-field">
              <NumberField
                label="Passes of the window"
                value={passes}
                min={1}
                max={state.data.query.candidates.length - 1}
                onChange={(next) => set({ passes: next })}
              />
            </div>
            <p className="muted">
              Exact top k depends on the judge: at worst it needs all pairs. Papers rerank 100 passages for a
              query: {counted(allCalls(100), 'call')}
              {time && `, ${formatEstimate((allCalls(100) * time.ms) / 1000)}`}.
            </p>
          </div>
        )}
      </div>
    </>
  );
}
