import { useMemo } from 'react';
import type { Decision } from '../../../ranking/types.ts';
import { type Cell, openDecision } from '../../../state/inspector/inspected.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { contradicts } from '../words.ts';
import { AskAgain } from './AskAgain.tsx';
import { OrderFacts } from './OrderFacts.tsx';
import { PairLeaveOut } from './PairLeaveOut.tsx';
import { PairPassages } from './PairPassages.tsx';
import { PairStudent } from './PairStudent.tsx';
import { Panels } from './Panels.tsx';
import { ProbesPanel } from './ProbesPanel.tsx';
import { Reproduce } from './Reproduce.tsx';
import { SeenPrompts } from './SeenPrompts.tsx';
import '../decision.css';

interface Props {
  readonly run: ComparingRun;
  readonly cell: Cell;
}

/** One decision, opened: both orders, their numbers, their prompts exactly as the model saw them, and tools to ask more. */
export function OpenedDecision({ run, cell: { a, b } }: Props) {
  const passageAt = (position: number) => run.set.candidates[position]!.passage;
  const idOf = (position: number): string => passageAt(position).id;
  const forward = run.matrix.at(a, b)!;
  const backward = run.matrix.at(b, a);
  const { template } = run;
  return (
    <Dialog wide title="Decision" onClose={() => openDecision(null)}>
      <p className="decision-verdict">{verdict(run, { a, b }, idOf)}</p>
      {template && (
        <Panels
          panels={[
            {
              panel: 'again',
              title: 'Ask again',
              render: () => <AskAgain run={run} template={template} pair={[a, b]} />,
            },
            {
              panel: 'sentence',
              title: 'Which sentence decides',
              render: () => <PairLeaveOut run={run} template={template} pair={[a, b]} />,
            },
            {
              panel: 'student',
              title: 'Beside the student',
              render: () => <PairStudent run={run} pair={[a, b]} />,
            },
            {
              panel: 'probes',
              title: 'Probes',
              render: () => <ProbesPanel run={run} template={template} pair={[a, b]} />,
            },
          ]}
        />
      )}
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
      <PairPassages passages={[passageAt(a), passageAt(b)]} />
      <Prompts run={run} orders={backward ? [forward, backward] : [forward]} idOf={idOf} />
      <Reproduce run={run} pair={[a, b]} />
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

/** The prompts of the orders that were asked. */
function Prompts({
  run,
  orders,
  idOf,
}: {
  readonly run: ComparingRun;
  readonly orders: readonly Decision[];
  readonly idOf: (position: number) => string;
}) {
  const { template, set } = run;
  const asked = orders.map(({ a, b }) => `${a} ${b}`).join();
  const job = useMemo(
    () =>
      template && {
        template,
        questions: asked.split(',').map((pair) => ({
          query: set.query,
          passages: pair.split(' ').map((position) => set.candidates[Number(position)]!.passage),
        })),
      },
    [template, asked, set],
  );
  return (
    <SeenPrompts
      slot="teacher"
      run={run}
      job={job}
      titles={orders.map(({ a }) => `Prompt with ${idOf(a)} as A`)}
    />
  );
}
