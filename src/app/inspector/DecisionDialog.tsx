import { useEffect, useMemo, useState } from 'react';
import type { SeenPrompt } from '../../inference/seen-prompt.ts';
import type { Decision } from '../../ranking/types.ts';
import { asking } from '../../state/inspector/asking.ts';
import { type Cell, openDecision, useInspectedRun, useInspector } from '../../state/inspector/inspected.ts';
import { useModels } from '../../state/models/models.ts';
import type { ComparingRun } from '../../state/run/run.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { PromptView } from './PromptView.tsx';
import { contradicts, probabilityOfA, shortProbability } from './words.ts';
import './decision.css';

/** One decision, opened: both orders, their numbers, and their prompts exactly as the model saw them. */
export function DecisionDialog() {
  const cell = useInspector((s) => s.opened);
  const run = useInspectedRun();
  if (!cell || !run?.matrix.at(cell.a, cell.b)) return null;
  return <Opened key={`${run.id} ${cell.a} ${cell.b}`} run={run} cell={cell} />;
}

function Opened({ run, cell: { a, b } }: { readonly run: ComparingRun; readonly cell: Cell }) {
  const idOf = (position: number): string => run.set.candidates[position]!.passage.id;
  const forward = run.matrix.at(a, b)!;
  const backward = run.matrix.at(b, a);
  return (
    <Dialog wide title="Decision" onClose={() => openDecision(null)}>
      <p className="decision-verdict">{verdict(run, { a, b }, idOf)}</p>
      <div className="decision-orders">
        <OrderFacts decision={forward} idOf={idOf} />
        {backward ? (
          <OrderFacts decision={backward} idOf={idOf} />
        ) : (
          <p className="muted">
            {idOf(b)} as A and {idOf(a)} as B was not asked.
          </p>
        )}
      </div>
      <Prompts run={run} orders={backward ? [forward, backward] : [forward]} idOf={idOf} />
    </Dialog>
  );
}

/** What both orders say together, in one sentence. */
function verdict(run: ComparingRun, { a, b }: Cell, idOf: (position: number) => string): string {
  const forward = run.matrix.at(a, b)!;
  const backward = run.matrix.at(b, a);
  const won = ({ a: first, b: second, preference }: Decision): string | undefined =>
    preference === 0.5 ? undefined : idOf(preference === 1 ? first : second);
  const winner = won(forward);
  if (!backward)
    return winner
      ? `${winner} is preferred, asked in one order.`
      : 'Both logits are equal, in the one order asked.';
  const other = won(backward);
  if (contradicts(run.matrix, a, b)) {
    return `The two orders do not agree: ${winner ?? 'neither'} is preferred with ${idOf(a)} first, ${other ?? 'neither'} with ${idOf(b)} first. They cancel out.`;
  }
  return winner ? `${winner} is preferred in both orders.` : 'Both logits are equal, in both orders.';
}

/** The numbers of one ordered call. */
function OrderFacts({
  decision,
  idOf,
}: {
  readonly decision: Decision;
  readonly idOf: (position: number) => string;
}) {
  const { a, b, logitA, logitB, preference, tokens, ms, cached } = decision;
  const p = probabilityOfA(decision);
  return (
    <section className="decision-order" aria-label={`${idOf(a)} as A, ${idOf(b)} as B`}>
      <h3>
        <span className="mono">{idOf(a)}</span> as A, <span className="mono">{idOf(b)}</span> as B
      </h3>
      <dl>
        <div>
          <dt>Preference (Eq. 4)</dt>
          <dd>
            {preference === 0.5 ? '½, equal' : preference === 1 ? `1, A: ${idOf(a)}` : `0, B: ${idOf(b)}`}
          </dd>
        </div>
        <div>
          <dt>P(A), P(B)</dt>
          <dd>
            {shortProbability(p)}, {shortProbability(1 - p)}
          </dd>
        </div>
        <div>
          <dt>Logits of A, B</dt>
          <dd>
            {logitA.toFixed(3)}, {logitB.toFixed(3)}
          </dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>{tokens}</dd>
        </div>
        <div>
          <dt>Time</dt>
          <dd>
            {ms.toFixed(1)} ms{' '}
            <span className="muted">
              {cached ? 'when it was asked; now from the cache' : 'its share of a batch'}
            </span>
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** The prompts of the orders, as the loaded model reads them; nothing while another one is loaded. */
function Prompts({
  run,
  orders,
  idOf,
}: {
  readonly run: ComparingRun;
  readonly orders: readonly Decision[];
  readonly idOf: (position: number) => string;
}) {
  const loaded = useModels((s) => s.slots.teacher.ready?.info.digest);
  const [seen, setSeen] = useState<readonly SeenPrompt[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { template, info, set } = run;
  const job = useMemo(
    () =>
      template && {
        template,
        questions: orders.map(({ a, b }) => ({
          query: set.query,
          passages: [set.candidates[a]!.passage, set.candidates[b]!.passage],
        })),
      },
    [template, orders, set],
  );
  const same = loaded !== undefined && loaded === info?.digest;
  useEffect(() => {
    if (!same || !job) return;
    let current = true;
    asking.see('teacher', job).then(
      (prompts) => current && setSeen(prompts),
      (reason: unknown) => current && setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      current = false;
    };
  }, [same, job]);
  if (error) return <p role="alert">{error}</p>;
  if (!same) {
    return (
      <p className="muted">
        {info
          ? `${info.name} made this decision and is not loaded now.`
          : 'The model that decided is not known.'}{' '}
        Its prompts are shown when it is.
      </p>
    );
  }
  if (!seen) return <p className="muted">Reading the prompts …</p>;
  return (
    <>
      {seen.map((prompt, i) => (
        <PromptView
          key={`${orders[i]!.a} ${orders[i]!.b}`}
          title={`Prompt with ${idOf(orders[i]!.a)} as A`}
          prompt={prompt}
          open={i === 0}
        />
      ))}
    </>
  );
}
