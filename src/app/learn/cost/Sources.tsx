import { useState } from 'react';
import { toErrorData } from '../../../errors.ts';
import { PRP } from '../../../ranking/presets.ts';
import type { QuestionsJob } from '../../../ranking/questions.ts';
import { askAs, cancelQuestions, useQuestionRuns } from '../../../state/inspector/question-runs.ts';
import { RECORDED_SAMPLES, type RecordedSample } from '../../../state/learn/recordings.ts';
import { needForLesson } from '../../../state/models/needed.ts';
import { useRun } from '../../../state/run/run.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { formatMs } from '../../ui/numbers.ts';
import type { View } from '../frame/lesson.ts';
import { type CostData, dataTitle, loadSample, ownData, ownQuery } from './data.ts';
import { type CostState, timeOf, withData } from './state.ts';

/** Whose decisions the figure shows. */
export function WhoseDecisions({ state, set }: Pick<View<CostState>, 'state' | 'set'>) {
  const { data } = state;
  const own = useRun(ownQuery);
  const [error, setError] = useState('');
  const choose = async (id: string): Promise<void> => {
    try {
      setError('');
      set(withData(state, id === 'own' ? ownData() : await loadSample(id as RecordedSample)));
    } catch (failure) {
      setError(toErrorData(failure).message);
    }
  };
  return (
    <div className="cost-source">
      <Field label="Decisions of" error={error || undefined}>
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={data.id}
            onChange={(event) => void choose(event.target.value)}
          >
            {Object.entries(RECORDED_SAMPLES).map(([id, title]) => (
              <option key={id} value={id}>
                {title} (recorded)
              </option>
            ))}
            {data.id === 'link' && <option value="link">{dataTitle(data)}</option>}
            {(own !== undefined || data.id === 'own') && (
              <option value="own">The Playground: {own ?? dataTitle(data)}</option>
            )}
          </select>
        )}
      </Field>
      <p>
        Query: <strong>{data.query.query}</strong>
      </p>
    </div>
  );
}

const KEY = 'learn cost';
/** Pairs that are asked to measure, in both orders. */
const PAIRS = 8;

/** The first neighbours of BM25's list, both orders of each pair. */
function job({ query, decisions }: CostData): QuestionsJob {
  const passages = query.candidates.map(({ passage }) => passage);
  const pairs = passages.slice(1, 1 + PAIRS).map((passage, i) => [passages[i]!, passage] as const);
  return {
    template: decisions.template ?? PRP,
    questions: pairs.flatMap(([a, b]) => [
      { query: { text: query.query }, passages: [a, b] },
      { query: { text: query.query }, passages: [b, a] },
    ]),
  };
}

/** What a call takes, whose figure that is, and the way to one's own. */
export function CallTimes({ state, set }: Pick<View<CostState>, 'state' | 'set'>) {
  const time = timeOf(state);
  const run = useQuestionRuns(({ runs }) => runs[KEY]);
  const measuring = run?.state === 'running';
  const measure = async (): Promise<void> => {
    needForLesson(['teacher']);
    const { state: end, answers, info } = await askAs(KEY, 'teacher', job(state.data));
    const times = answers.flatMap((answer) => (answer ? [answer.ms] : []));
    if (end !== 'done' || times.length === 0) return;
    const ms = times.reduce((sum, one) => sum + one, 0) / times.length;
    set({ measured: { ms, calls: times.length, measured: 'here', on: info?.name } });
  };
  return (
    <div className="cost-time">
      <p role="status">
        {measuring
          ? run.answered === 0
            ? 'Loading the teacher …'
            : `${run.answered} of ${run.job.questions.length} calls answered …`
          : sentence(time)}
        {run?.state === 'error' && ` Not measured: ${run.error}`}
      </p>
      {measuring ? (
        <Button small onClick={() => cancelQuestions(KEY)}>
          Cancel
        </Button>
      ) : (
        <Button small onClick={() => void measure()}>
          {time?.measured === 'here' ? 'Measure again' : 'Measure on this machine'}
        </Button>
      )}
    </div>
  );
}

function sentence(time: ReturnType<typeof timeOf>): string {
  if (!time) return 'Nobody has timed these calls.';
  const { ms, calls, measured, on } = time;
  const one = `A call takes ${formatMs(ms)}`;
  if (measured === 'here')
    return `${one} here: the mean of ${calls} calls${on ? ` of ${on}` : ''}, measured in this browser.`;
  return `${one}: the mean of ${calls} recorded calls${on ? `, made in ${on}` : ''}. That is not your machine.`;
}
