import { GAIN_LABELS, gainOf } from '../../../evaluation/metrics.ts';
import { formatShare, formatSigned } from '../../ui/numbers.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { CurveChart } from '../frame/CurveChart.tsx';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { JudgedRows } from './JudgedRows.tsx';
import { type JudgingState, letterOf, measure, swapGains } from './state.ts';

const GAINS = [
  { value: 'linear', label: GAIN_LABELS.linear },
  { value: 'exponential', label: '2^grade − 1' },
] as const;

/** Rows with grades, and the measures they make. */
export function OneRanking({ state, start, set }: View<JudgingState>) {
  const veiled = state.swap === undefined;
  const now = measure(state);
  const { order } = start;
  const names = order.map(letterOf);
  const gains = swapGains({ ...start, gain: 'linear' });
  const more = gains.top > gains.lower ? 'top' : 'lower';
  const most = gainOf(3, state.gain);
  return (
    <>
      <p className="judging-query">
        Query: <strong>{state.query}</strong>
      </p>
      {veiled ? (
        <Prediction
          question="Two neighbours change places, the better one up. Where does nDCG@5 gain more?"
          choices={[
            { value: 'top', label: `${names[0]} and ${names[1]}, places 1 and 2` },
            { value: 'lower', label: `${names[2]} and ${names[3]}, places 3 and 4` },
          ]}
          onChoose={(swap) => set({ swap })}
        />
      ) : (
        <Revealed right={state.swap === '' ? undefined : state.swap === more}>
          Places 1 and 2: {formatSigned(gains.top)}. Places 3 and 4: {formatSigned(gains.lower)}. Try it: drag
          a row by its grip.
        </Revealed>
      )}
      <div className="judging-one">
        <JudgedRows state={state} set={set} veiled={veiled} />
        <div className="judging-side">
          {!veiled && (
            <dl className="judging-measures">
              <Measure name="DCG@5" value={fixed(now.dcg)} share={now.ideal > 0 ? now.dcg / now.ideal : 0} />
              <Measure name="Ideal DCG@5" value={fixed(now.ideal)} share={now.ideal > 0 ? 1 : 0} />
              <Measure name="nDCG@5" value={formatShare(now.ndcg)} share={now.ndcg} strong />
              <Measure name="MRR" value={formatShare(now.mrr)} share={now.mrr} />
              <Measure name="P@5" value={formatShare(now.precision)} share={now.precision} />
            </dl>
          )}
          <Segmented label="Gain" value={state.gain} options={GAINS} onChange={(gain) => set({ gain })} />
          <CurveChart
            factor="tf"
            title="Gain of a grade"
            label="What a grade is worth"
            x={{ low: -0.4, high: 3.2, ticks: [0, 1, 2, 3] }}
            y={{ low: most * -0.12, high: most * 1.12, ticks: [0, 1, 3, 7].filter((tick) => tick <= most) }}
            xTitle="grade"
            curve={(g) => (state.gain === 'linear' ? Math.max(0, g) : Math.max(0, 2 ** g - 1))}
            points={state.grades.flatMap((grade, i) =>
              grade === null
                ? []
                : [{ key: letterOf(i), x: grade, y: gainOf(grade, state.gain), label: letterOf(i) }],
            )}
          />
        </div>
      </div>
    </>
  );
}

function Measure({
  name,
  value,
  share,
  strong,
}: {
  readonly name: string;
  readonly value: string;
  readonly share: number;
  readonly strong?: boolean;
}) {
  return (
    <div data-strong={strong}>
      <dt>{name}</dt>
      <dd>
        <span className="judging-bar" aria-hidden="true">
          <span style={{ width: `${100 * share}%` }} />
        </span>
        <span>{value}</span>
      </dd>
    </div>
  );
}
