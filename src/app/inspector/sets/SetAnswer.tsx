import { useMemo, useState } from 'react';
import { labelsOf } from '../../../ranking/template.ts';
import type { Comparison, Listing } from '../../../ranking/types.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { plainFigure } from '../decision/figures.ts';
import { ScrollTable } from '../decision/ScrollTable.tsx';
import { SeenPrompts } from '../decision/SeenPrompts.tsx';
import { isUnreadable } from './words.ts';

export type ShownAnswer = Comparison | Listing;

interface Props {
  readonly answer: ShownAnswer;
  readonly run: ComparingRun;
  readonly number: number;
}

/** One answer: a line that says what came of it; opened, the logits or the text, and the prompt. */
export function SetAnswer({ answer, run, number }: Props) {
  const [open, setOpen] = useState(false);
  const idOf = (position: number): string => run.set.candidates[position]!.passage.id;
  const ids = (positions: readonly number[]): string => positions.map(idOf).join(', ');
  const came = 'winner' in answer ? idOf(answer.winner) : ids(answer.order);
  return (
    <li>
      <details className="set-answer" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="mono">{ids(answer.shown)}</span> {'winner' in answer ? '→ best: ' : '→ '}
          <strong className="mono">{came}</strong>
          {'malformed' in answer && answer.malformed && (
            <span className="set-mark">{isUnreadable(answer) ? ' unreadable' : ' repaired'}</span>
          )}
          {answer.cached && <span className="muted"> · known before</span>}
        </summary>
        {open && <Opened answer={answer} run={run} number={number} />}
      </details>
    </li>
  );
}

function Opened({ answer, run, number }: Props) {
  const { template, set } = run;
  const job = useMemo(
    () =>
      template && {
        template,
        questions: [
          { query: set.query, passages: answer.shown.map((position) => set.candidates[position]!.passage) },
        ],
      },
    [template, set, answer],
  );
  const titles = useMemo(() => [`Prompt of answer ${number}`], [number]);
  return (
    <div className="set-opened">
      {'winner' in answer ? <Logits answer={answer} run={run} /> : <Written answer={answer} run={run} />}
      <p className="muted">{answer.tokens} tokens read</p>
      <SeenPrompts slot="teacher" run={run} job={job} titles={titles} />
    </div>
  );
}

function Logits({ answer, run }: { readonly answer: Comparison; readonly run: ComparingRun }) {
  const { shown, logits, winner } = answer;
  const labels = run.template ? labelsOf(run.template) : [];
  if (!logits) return <p>The best was read from what the model wrote; logits are not known.</p>;
  const most = Math.max(...logits);
  const sum = logits.reduce((all, logit) => all + Math.exp(logit - most), 0);
  return (
    <ScrollTable label="Passages shown, with the logits of their labels">
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Passage</th>
          <th scope="col">Logit</th>
          <th scope="col">Share among the labels</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((position, i) => (
          <tr key={position} data-best={position === winner}>
            <th scope="row">{labels[i] ?? i + 1}</th>
            <td className="mono">{run.set.candidates[position]!.passage.id}</td>
            <td>{plainFigure(logits[i]!, 3)}</td>
            <td>{plainFigure(Math.exp(logits[i]! - most) / sum, 3)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Written({ answer, run }: { readonly answer: Listing; readonly run: ComparingRun }) {
  const { shown, order, text, malformed } = answer;
  const number = (position: number): string => `[${shown.indexOf(position) + 1}]`;
  return (
    <>
      {text !== undefined && (
        <p>
          The prompt asks for text. The model wrote: <q className="mono set-text">{text}</q>
          {text.trim() === '' && ' (nothing)'}
        </p>
      )}
      <p>
        {isUnreadable(answer)
          ? 'It names no passage, so they stay in the order shown: '
          : malformed
            ? 'Repaired, that is '
            : 'That is '}
        {order.map((position, i) => (
          <span key={position}>
            {i > 0 && ' > '}
            {number(position)} <span className="mono">{run.set.candidates[position]!.passage.id}</span>
          </span>
        ))}
        .
      </p>
    </>
  );
}
