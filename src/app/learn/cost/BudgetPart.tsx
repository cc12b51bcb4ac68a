// biome-ignore-all lint/a11y/useSemanticElements: a drawing has no fieldset.
import { useMemo } from 'react';
import { SCHEDULE_IDS } from '../../../analysis/what-if.ts';
import { ScrollTable } from '../../inspector/decision/ScrollTable.tsx';
import { BudgetChart } from '../../inspector/what-if/BudgetChart.tsx';
import { figure, ruleTitle } from '../../inspector/what-if/rule-words.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { counted, formatEstimate, formatNumber } from '../../ui/numbers.ts';
import { Handle } from '../frame/Handle.tsx';
import type { View } from '../frame/lesson.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { allCalls, best, bought, type CostState, fullOrder, outcome, qualityOf, timeOf } from './state.ts';

/** Places of the orders that are shown, at least. */
const ROWS = 3;

/** A budget under the hand: quality against calls, and the orders that so many calls buy. */
export function BudgetPart({ state, start, set }: View<CostState>) {
  const { data, passes, top, budget, half } = state;
  const { ids } = data.query;
  const all = allCalls(ids.length);
  const quality = qualityOf(state);
  // The chart is drawn anew for other choices, not for an object of its own.
  const choices = useMemo(() => ({ passes, top }), [passes, top]);
  if (half === undefined) {
    return (
      <Prediction
        question={`You may make ${counted(budget, 'call')} of ${formatNumber(all)}, no more. Whose order is the best by ${quality.name} then?`}
        choices={SCHEDULE_IDS.map((id) => ({
          value: id,
          label: id === 'allPairs' ? 'All pairs, stopped there' : ruleTitle(id, choices),
        }))}
        onChoose={(guess) => set({ half: guess })}
      />
    );
  }
  const asFirst = { ...start, data };
  const won = best(asFirst);
  const ranked = bought(asFirst)
    .toSorted((a, b) => (quality.of(b.point) ?? 0) - (quality.of(a.point) ?? 0))
    .map(({ title, point }) => `${title} ${figure(quality.of(point))}`)
    .join('; ');
  const rows = bought(state);
  const full = fullOrder(state);
  const winners = best(state);
  const time = timeOf(state);
  return (
    <>
      {data === start.data && (
        <Revealed right={half === '' ? undefined : won.some((id) => id === half)}>
          For {counted(start.budget, 'call')}: {ranked}. Drag the line.
          {quality.graded && ' (nDCG@10 judges an order by people’s grades; 1 is the best there can be.)'}
        </Revealed>
      )}
      <div className="cost-chart">
        <BudgetChart
          courses={outcome(state).courses}
          cost="calls"
          measure={quality.name}
          graded={quality.graded}
          budget={budget}
          choices={choices}
          over={({ width, top: high, bottom, toX, fromX }) => (
            <svg width={width} height={bottom} role="group" aria-label="The budget on the axis of calls">
              <line className="cost-line" x1={toX(budget)} x2={toX(budget)} y1={high} y2={bottom} />
              <Handle
                label="Budget"
                x={toX(budget)}
                y={bottom}
                value={budget}
                min={0}
                max={all}
                step={1}
                text={`${formatNumber(budget)} of ${counted(all, 'call')}`}
                valueAt={(x) => fromX(x)}
                onChange={(next) => set({ budget: next })}
              />
            </svg>
          )}
        />
        <div className="cost-fields">
          <NumberField
            label="Top"
            value={top}
            min={1}
            max={ids.length}
            onChange={(next) => set({ top: next })}
          />
          <NumberField
            label="Passes"
            value={passes}
            min={1}
            max={ids.length - 1}
            onChange={(next) => set({ passes: next })}
          />
        </div>
      </div>
      <ScrollTable className="cost-table" label={`What ${formatNumber(budget)} calls buy`}>
        <thead>
          <tr>
            <th scope="col">{counted(budget, 'call')}</th>
            {rows.map(({ id, title }) => (
              <th key={id} scope="col" data-best={winners.includes(id)}>
                {title}
                {winners.includes(id) && <span className="cost-best">best</span>}
              </th>
            ))}
            <th scope="col">All {formatNumber(all)}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{quality.name}</th>
            {rows.map(({ id, point }) => (
              <td key={id}>{figure(quality.of(point))}</td>
            ))}
            <td>{figure(quality.of(outcome(state).courses[0]!.points.at(-1)!))}</td>
          </tr>
          <tr>
            <th scope="row">spent</th>
            {rows.map(({ id, point, done }) => (
              <td key={id}>
                {formatNumber(point.calls)}
                {done && ', done'}
              </td>
            ))}
            <td>{formatNumber(all)}</td>
          </tr>
          {time && (
            <tr>
              <th scope="row">time</th>
              {rows.map(({ id, point }) => (
                <td key={id}>{point.calls === 0 ? '–' : formatEstimate((point.calls * time.ms) / 1000)}</td>
              ))}
              <td>{formatEstimate((all * time.ms) / 1000)}</td>
            </tr>
          )}
          {ids.slice(0, Math.max(top, ROWS)).map((id, place) => (
            <tr key={id} data-top={place < top}>
              <th scope="row">{place + 1}</th>
              {rows.map(({ id: schedule, point }) => (
                <td key={schedule} data-right={point.order[place] === full[place]}>
                  {ids[point.order[place]!]}
                </td>
              ))}
              <td>{ids[full[place]!]}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </>
  );
}
