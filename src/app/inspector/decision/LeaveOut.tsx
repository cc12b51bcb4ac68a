import { useEffect, useMemo, useRef, useState } from 'react';
import type { Unit } from '../../../analysis/leave-out.ts';
import { type LeftOut, planLeaveOut, readLeaveOut } from '../../../analysis/leave-out-plan.ts';
import type { QuestionsJob } from '../../../ranking/questions.ts';
import type { PromptTemplate } from '../../../ranking/template.ts';
import { askAs, isWhole, useQuestionRuns } from '../../../state/inspector/question-runs.ts';
import { type ModelRun, useRun } from '../../../state/run/run.ts';
import type { Passage, Query } from '../../../types.ts';
import type { ScorerSlot } from '../../../workers/types.ts';
import { Button } from '../../ui/Button.tsx';
import { counted, formatEstimate } from '../../ui/numbers.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { AskedProgress } from './AskedProgress.tsx';
import { AnswererNote, DeciderNote } from './Decider.tsx';
import { LeaveOutResult } from './LeaveOutResult.tsx';

/** What an answer says for the passage that is taken apart. */
export interface Measure {
  readonly id: string;
  /** On a button. */
  readonly title: string;
  /** In a sentence: `the logit difference`. */
  readonly noun: string;
  /** @param numbers logits of the labels, or log-probabilities of a likelihood's tokens */
  readonly of: (numbers: readonly number[], target: number, order: number) => number;
}

interface Props {
  /** Names what is taken apart, among all that is asked in the page. */
  readonly name: string;
  readonly slot: ScorerSlot;
  readonly run: Pick<ModelRun, 'info' | 'callMs' | 'asked' | 'cached'>;
  readonly template: PromptTemplate;
  readonly query: Query;
  readonly passages: readonly Passage[];
  /** Sentences are asked about as soon as they are looked at, where that is quick. */
  readonly atOnce?: boolean;
  /** The passage that is taken apart at first. */
  readonly first?: number;
  /** Permutations of positions in `passages`. */
  readonly orders: readonly (readonly number[])[];
  /** How an order is called, on a button. */
  readonly orderTitles: readonly string[];
  readonly measures: readonly Measure[];
  /** UTF-16 units that the model reads of each passage's text; undefined: all. */
  readonly seen: readonly (number | undefined)[];
}

/** Longer than this nobody is kept waiting unasked. */
const AT_ONCE_SECONDS = 10;

/** Leaves out sentences, or words, one at a time, and colours the text by how far the answer moves. */
export function LeaveOut(props: Props) {
  const {
    name,
    slot,
    run,
    template,
    query,
    passages,
    first = 0,
    atOnce = false,
    orders,
    orderTitles,
    measures,
    seen,
  } = props;
  const [target, setTarget] = useState(first);
  const [unit, setUnit] = useState<Unit>('sentence');
  const [view, setView] = useState('mean');
  const [measureId, setMeasure] = useState(measures[0]!.id);
  const measure = measures.find(({ id }) => id === measureId) ?? measures[0]!;
  const passage = passages[target]!;
  const ranking = useRun((s) => s.active);
  // Beside a recording a model answers only when it is told to.
  const recording = useRun((s) => s.aside !== null);
  const plan = useMemo(
    () => planLeaveOut({ query, passages, target, unit, orders, seen: seen[target] }),
    [query, passages, target, unit, orders, seen],
  );
  const key = `leave out ${name} ${passage.id} ${unit}`;
  const asked = useQuestionRuns((s) => s.runs[key]);
  const reading = useMemo(
    () => readLeaveOut(plan, asked?.answers ?? [], (numbers, order) => measure.of(numbers, target, order)),
    [plan, asked, measure, target],
  );
  const shown: LeftOut = reading.byOrder[Number(view)] ?? reading.mean;
  const calls = plan.questions.length;
  const answersBefore = run.asked + run.cached;
  const seconds = answersBefore > 0 ? (calls * run.callMs) / answersBefore / 1000 : undefined;
  const begin = (): void => {
    const job: QuestionsJob = { template, questions: plan.questions };
    void askAs(key, slot, job);
  };
  const byItself =
    atOnce &&
    unit === 'sentence' &&
    asked === undefined &&
    !ranking &&
    !recording &&
    seconds !== undefined &&
    seconds <= AT_ONCE_SECONDS;
  const latest = useRef(begin);
  latest.current = begin;
  useEffect(() => {
    if (byItself) latest.current();
  }, [byItself]);
  const noun = unit === 'sentence' ? 'sentences' : 'words';
  return (
    <div className="leave-out">
      <DeciderNote slot={slot} run={run} />
      <div className="leave-out-choices">
        {passages.length > 1 && (
          <Segmented
            label="Passage"
            value={String(target)}
            options={passages.map(({ id }, i) => ({ value: String(i), label: id }))}
            onChange={(value) => setTarget(Number(value))}
          />
        )}
        <Segmented<Unit>
          label="Leave out"
          value={unit}
          options={[
            { value: 'sentence', label: 'Sentences' },
            { value: 'word', label: 'Words' },
          ]}
          onChange={setUnit}
        />
        {measures.length > 1 && (
          <Segmented
            label="Watch"
            value={measure.id}
            options={measures.map(({ id, title }) => ({ value: id, label: title }))}
            onChange={setMeasure}
          />
        )}
        {orders.length > 1 && (
          <Segmented
            label="Order shown"
            value={view}
            options={[
              { value: 'mean', label: 'Both orders' },
              ...orderTitles.map((label, i) => ({ value: String(i), label })),
            ]}
            onChange={setView}
          />
        )}
      </div>
      {asked?.state !== 'running' && (
        <div className="leave-out-begin">
          <Button kind={asked ? 'plain' : 'primary'} onClick={begin}>
            {asked === undefined
              ? `Leave out ${noun} one at a time`
              : isWhole(asked)
                ? 'Ask all again'
                : 'Go on'}
          </Button>
          {!isWhole(asked) && (
            <span className="muted">
              {counted(calls, 'call')}
              {seconds !== undefined && `, ${formatEstimate(seconds)} at the run’s pace`}
            </span>
          )}
        </div>
      )}
      <AskedProgress name={key} run={asked} />
      <AnswererNote by={asked?.info} run={run} />
      <LeaveOutResult
        plan={plan}
        reading={reading}
        shown={shown}
        orderTitles={orderTitles}
        passage={passage}
        unit={unit}
        noun={measure.noun}
        whole={isWhole(asked)}
        cut={plan.text.length < passage.text.length}
      />
    </div>
  );
}
