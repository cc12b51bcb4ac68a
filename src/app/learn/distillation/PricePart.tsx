import { useId } from 'react';
import { useTraining } from '../../../state/learn/training.ts';
import { counted, formatMs, formatNumber } from '../../ui/numbers.ts';
import { CurveChart } from '../frame/CurveChart.tsx';
import type { View } from '../frame/lesson.ts';
import { PAPER, PAPER_ROWS } from './paper.ts';
import { type Price, priceOf } from './price.ts';
import { type DistillationState, SERVE } from './state.ts';

/** What labels and training cost, what each question saves, and when that is even; the paper's table beside it. */
export function PricePart({ state, set }: View<DistillationState>) {
  const opened = useTraining((s) => s.opened);
  const { run, serve } = state;
  const id = useId();
  const price =
    opened &&
    priceOf(
      {
        pairs: opened.pairs,
        points: opened.points,
        labelCalls: opened.lists.reduce((sum, { decisions }) => sum + decisions.length, 0),
        trainSeconds: run.points.reduce((sum, { seconds }) => sum + seconds, 0),
      },
      serve,
    );
  return (
    <div className="distil-price">
      <div>
        <div className="distil-slider">
          <label htmlFor={id}>Passages to rank for each question</label>
          <input
            id={id}
            type="range"
            min={SERVE.min}
            max={SERVE.max}
            value={serve}
            onChange={(event) => set({ serve: Number(event.target.value) })}
          />
          <output htmlFor={id}>{serve}</output>
        </div>
        {price ? (
          <Measured price={price} steps={run.points.length} />
        ) : (
          <p>
            The teacher needs {formatNumber(serve * (serve - 1))} calls a question, the student {serve}. How
            many seconds that is on this machine is measured with the first training: press{' '}
            <strong>Train</strong> below.
          </p>
        )}
      </div>
      <PaperTable />
    </div>
  );
}

const seconds = (value: number): string => formatMs(1000 * value);

function Measured({ price, steps }: { readonly price: Price; readonly steps: number }) {
  const { labelSeconds, trainSeconds, teacher, student, breakEven } = price;
  const begun = labelSeconds + trainSeconds;
  const questions = breakEven === undefined ? 20 : Math.max(4, Math.ceil(1.8 * breakEven));
  const most = Math.max(begun + questions * student.seconds, questions * teacher.seconds);
  const tick = nice(most / 2);
  return (
    <>
      <dl className="distil-costs">
        <dt>Labels of the teacher</dt>
        <dd>{seconds(labelSeconds)}</dd>
        <dt>Training, {counted(steps, 'step')}</dt>
        <dd>{seconds(trainSeconds)}</dd>
        <dt>Teacher, a question ({counted(teacher.calls, 'call')})</dt>
        <dd>{seconds(teacher.seconds)}</dd>
        <dt>Student, a question ({counted(student.calls, 'call')})</dt>
        <dd>{seconds(student.seconds)}</dd>
      </dl>
      <p role="status">
        {breakEven === undefined ? (
          'With so few passages the student saves nothing.'
        ) : (
          <>
            After <strong>{counted(breakEven, 'question')}</strong> the student has paid for its labels and
            its training, by seconds that were measured on this machine.
          </>
        )}
      </p>
      <CurveChart
        title="Seconds spent on the whole"
        label={`Seconds over questions: the student begins with ${seconds(begun)} and is even after ${breakEven ?? 'no number of'} questions`}
        x={{ low: 0, high: questions, ticks: [0, Math.floor(questions / 2), questions] }}
        y={{ low: 0, high: most, ticks: [0, tick, 2 * tick] }}
        xTitle="questions asked"
        curve={(x) => begun + x * student.seconds}
        points={[
          {
            key: 'student',
            x: 0.92 * questions,
            y: begun + 0.92 * questions * student.seconds,
            label: 'Student',
          },
          { key: 'teacher', x: 0.62 * questions, y: 0.62 * questions * teacher.seconds, label: 'Teacher' },
        ]}
      >
        {({ toX, toY }) => (
          <path
            className="distil-teacher-line"
            d={`M${toX(0)} ${toY(0)}L${toX(questions)} ${toY(questions * teacher.seconds)}`}
          />
        )}
      </CurveChart>
    </>
  );
}

/** To one digit, downwards. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return Number((Math.floor(value / power) * power).toPrecision(2));
}

function PaperTable() {
  return (
    <div className="distil-paper">
      <h3>In the paper</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls on a narrow screen and must be reachable by key. */}
      <section className="table-scroll" tabIndex={0} aria-label="Table 1 of the paper, in part">
        <table>
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col" className="distil-text">
                FLAN-T5
              </th>
              <th scope="col">s / query</th>
              <th scope="col">DL19</th>
              <th scope="col">DL20</th>
            </tr>
          </thead>
          <tbody>
            {PAPER_ROWS.map(({ method, model, secondsPerQuery, dl19, dl20 }) => (
              <tr key={`${method} ${model}`} data-ours={method === 'Instruction distillation'}>
                <th scope="row">{method}</th>
                <td className="distil-text">{model}</td>
                <td>{secondsPerQuery}</td>
                <td>{dl19}</td>
                <td>{dl20}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="muted">
        nDCG@10 (times 100) of BM25’s first 100 passages, re-ranked. {PAPER}, Table 1. There the student
        learnt from the teacher’s order for 10,000 queries.
      </p>
    </div>
  );
}
