import { useState } from 'react';
import { withinBudget } from '../../../analysis/budget.ts';
import { type CoursePoint, SCHEDULE_IDS, type ScheduleId, type WhatIf } from '../../../analysis/what-if.ts';
import type { ReplayChoices } from '../../../ranking/schedules/choices.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { BudgetChart, type Cost } from './BudgetChart.tsx';
import { OrderBeside } from './OrderBeside.tsx';
import { figure, ruleTitle, SCHEDULE_TITLES } from './rule-words.ts';

interface Props {
  readonly result: WhatIf;
  readonly ids: readonly string[];
  readonly choices: ReplayChoices;
}

/** A budget of calls under the hand: what each schedule has by then, all from the same decisions. */
export function Budget({ result, ids, choices }: Props) {
  const all = ids.length * (ids.length - 1);
  const [budget, setBudget] = useState(Math.round(all / 2));
  const [cost, setCost] = useState<Cost>('calls');
  const [id, choose] = useState<ScheduleId>('topk');
  const calls = Math.min(budget, all);
  const graded = result.courses.some(({ points }) => points.some(({ ndcg }) => ndcg !== undefined));
  const measure = graded ? 'nDCG@10' : 'τ to all decisions';
  const qualityOf = (point: CoursePoint) => (graded ? point.ndcg : point.tau);
  const bought = result.courses.map((course) => ({
    course,
    point: withinBudget(course.points, calls) as CoursePoint,
  }));
  const full = result.rules[0]!.order;
  const chosen = bought.find(({ course }) => course.id === id)!;
  return (
    <section aria-label="A budget of calls">
      <h3>A budget of calls</h3>
      <div className="what-if-bar">
        <label className="what-if-slider">
          Calls
          <input
            type="range"
            min={0}
            max={all}
            step={1}
            value={calls}
            aria-valuetext={`${formatNumber(calls)} of ${counted(all, 'call')}`}
            onChange={(event) => setBudget(Number(event.target.value))}
          />
          <output>
            {formatNumber(calls)} of {formatNumber(all)}
          </output>
        </label>
        <Segmented<Cost>
          label="Count the cost in"
          value={cost}
          options={[
            { value: 'calls', label: 'Calls' },
            { value: 'batches', label: 'Batches of 16' },
            { value: 'seconds', label: 'Seconds' },
          ]}
          onChange={setCost}
        />
      </div>
      <div className="what-if-columns">
        <div>
          <BudgetChart
            courses={result.courses}
            cost={cost}
            measure={measure}
            graded={graded}
            budget={calls}
            choices={choices}
          />
          <div className="what-if-scroll">
            <table className="table" aria-label={`What ${formatNumber(calls)} calls buy`}>
              <thead>
                <tr>
                  <th scope="col">Schedule</th>
                  <th scope="col">{measure}</th>
                  <th scope="col">calls</th>
                  <th scope="col">batches</th>
                  <th scope="col">seconds</th>
                </tr>
              </thead>
              <tbody>
                {bought.map(({ course, point }) => (
                  <tr key={course.id} data-schedule={course.id}>
                    <th scope="row">{ruleTitle(course.id, choices)}</th>
                    <td>{figure(qualityOf(point))}</td>
                    <td>
                      {formatNumber(point.calls)}
                      {point === course.points.at(-1) && (
                        <span className="muted">{course.complete ? ', done' : ', then an open pair'}</span>
                      )}
                    </td>
                    <td>{formatNumber(point.batches)}</td>
                    <td>{figure(point.seconds, 2)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="muted what-if-note">
            Seconds are each call’s share of its batch as it was measured when it was asked, added up; a
            schedule that asks two calls at a time would fill its batches worse than that.
          </p>
        </div>
        <div className="what-if-chosen">
          <Segmented<ScheduleId>
            label="Order bought by"
            value={id}
            options={SCHEDULE_IDS.map((value) => ({ value, label: SCHEDULE_TITLES[value] }))}
            onChange={choose}
          />
          <OrderBeside
            title={`Order that ${formatNumber(calls)} calls buy, beside that of all decisions`}
            name={ruleTitle(id, choices)}
            order={chosen.point.order}
            beside={full}
            besideName="All decisions"
            ids={ids}
          />
        </div>
      </div>
    </section>
  );
}
