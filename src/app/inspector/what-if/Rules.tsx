import { useState } from 'react';
import type { RuleOutcome, WhatIf } from '../../../analysis/what-if.ts';
import type { ReplayChoices } from '../../../ranking/schedules/choices.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';
import { OrderBeside } from './OrderBeside.tsx';
import { figure, movedIn, placesFrom, RULE_WORDS, ruleTitle } from './rule-words.ts';

interface Props {
  readonly result: WhatIf;
  readonly run: ComparingRun;
  readonly ids: readonly string[];
  readonly choices: ReplayChoices;
}

/** One row a rule; the chosen one's order stands beside the teacher's. */
export function Rules({ result, run, ids, choices }: Props) {
  const [chosenId, choose] = useState<RuleOutcome['id']>('copeland');
  const chosen = result.rules.find(({ id }) => id === chosenId)!;
  const graded = result.rules.some(({ ndcg }) => ndcg !== undefined);
  return (
    <section aria-label="Ask once, then change your mind">
      <h3>Ask once, then change your mind</h3>
      <div className="what-if-columns">
        <div className="what-if-scroll">
          <table className="table what-if-rules">
            <thead>
              <tr>
                <th scope="col">Rule or schedule</th>
                {graded && <th scope="col">nDCG@10</th>}
                <th scope="col">passages moved</th>
                <th scope="col">calls</th>
              </tr>
            </thead>
            <tbody>
              {result.rules.map((rule) => (
                <tr key={rule.id} data-rule={rule.id}>
                  <th scope="row">
                    <button
                      type="button"
                      className="what-if-rule"
                      aria-pressed={rule.id === chosenId}
                      onClick={() => choose(rule.id)}
                    >
                      {ruleTitle(rule.id, choices)}
                    </button>
                  </th>
                  {graded && <td>{figure(rule.ndcg)}</td>}
                  <td>{movedIn(placesFrom(rule.order, run.order))}</td>
                  <td>
                    {formatNumber(rule.calls)}
                    <Missing rule={rule} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className="what-if-chosen">
          <p>
            <strong>{ruleTitle(chosen.id, choices)}.</strong> {RULE_WORDS[chosen.id].sentence}
          </p>
          {chosen.id === 'bradleyTerry' && <Strengths result={result} ids={ids} />}
          {chosen.id === 'tiers' && <Tiers tiers={result.tiers} ids={ids} />}
          <OrderBeside
            title={`Order by ${ruleTitle(chosen.id, choices)}, beside the teacher’s`}
            name={ruleTitle(chosen.id, choices)}
            order={chosen.order}
            beside={run.order}
            ids={ids}
          />
        </div>
      </div>
    </section>
  );
}

function Missing({ rule: { id, missing } }: { readonly rule: RuleOutcome }) {
  if (missing === 0) return null;
  const replayed = id === 'heapsort' || id === 'sliding' || id === 'topk';
  return (
    <span className="muted">
      {replayed
        ? ', then a pair that was never asked: the order so far'
        : `, ${counted(missing, 'call')} missing`}
    </span>
  );
}

function Strengths({ result, ids }: { readonly result: WhatIf; readonly ids: readonly string[] }) {
  const { strengths, reach, order, orderEffect, orderEffectReach } = result.strengths;
  const most = Math.max(...strengths.map((value, i) => Math.abs(value) + (reach[i] || 0)), 1e-9);
  const share = (value: number) => 50 + (50 * value) / most;
  return (
    <>
      {orderEffect !== undefined && (
        <p>
          Order effect γ = {figure(orderEffect, 2)} ± {figure(orderEffectReach, 2)} logits:{' '}
          {Math.abs(orderEffect) < (orderEffectReach ?? 0)
            ? 'no advantage of either place can be told.'
            : orderEffect > 0
              ? 'the passage shown first is favoured.'
              : 'the passage shown second is favoured.'}
        </p>
      )}
      <table className="table what-if-strengths">
        <caption>Strengths in logits, with 95 % intervals</caption>
        <tbody>
          {order.map((index) => (
            <tr key={index}>
              <th scope="row">{ids[index]}</th>
              <td>
                {figure(strengths[index], 2)} ± {figure(reach[index], 2)}
              </td>
              <td aria-hidden="true" className="what-if-interval">
                <span
                  style={{
                    insetInlineStart: `${share(strengths[index]! - (reach[index] || 0))}%`,
                    inlineSize: `${(100 * (reach[index] || 0)) / most}%`,
                  }}
                />
                <i style={{ insetInlineStart: `${share(strengths[index]!)}%` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Tiers({
  tiers,
  ids,
}: {
  readonly tiers: readonly (readonly number[])[];
  readonly ids: readonly string[];
}) {
  return (
    <ol className="what-if-tiers" aria-label="Tiers, best first">
      {tiers.map((tier) => (
        <li key={tier.join()}>{tier.map((index) => ids[index]).join(', ')}</li>
      ))}
    </ol>
  );
}
