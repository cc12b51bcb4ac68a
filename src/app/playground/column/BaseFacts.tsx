import { useRef } from 'react';
import type { Comparison, RankerCard } from '../../../checkpoint/ranker-card.ts';
import { againstBase, verdict } from '../../../checkpoint/ranker-card-results.ts';
import { useModels } from '../../../state/models/models.ts';
import { Icon } from '../../ui/Icon.tsx';
import { counted, formatSigned } from '../../ui/numbers.ts';
import { Popover } from '../../ui/Popover.tsx';

/** What the base is, and how far the student's own card says that distillation has gone beyond it. */
export function BaseFacts() {
  const loaded = useModels((s) => s.slots.student.ready?.card);
  // While the base is shown, its checkpoint is the one in the slot: the student's card is the one seen before.
  const seen = useRef<RankerCard>(undefined);
  if (loaded?.role === 'student') seen.current = loaded;
  const card = seen.current;
  const [ndcg, tau] = [card && againstBase(card, 'ndcg@10'), card && againstBase(card, 'kendall-tau')];
  return (
    <Popover
      title="What the base is"
      label="Base: what it is"
      className="base-facts"
      trigger={<Icon name="info" size={14} />}
    >
      <h3>Base (not distilled)</h3>
      <p>
        The model before distillation, asked Yes or No about each passage. It takes as many calls as the
        student, so it is what the student has to beat.
      </p>
      {card && ndcg ? (
        <>
          <p>{inNdcg(ndcg)}</p>
          {tau && <p>{inTau(tau)}</p>}
          <p className="muted">
            From the card of {card.name}: {ndcg.set},{' '}
            {counted(ndcg.queries, 'held-out query', 'held-out queries')}, 95 % intervals.
          </p>
        </>
      ) : (
        <p className="muted">
          Whether the student ranks better is in its card, under Models, if it was measured.
        </p>
      )}
    </Popover>
  );
}

function inNdcg(one: Comparison): string {
  const clear = verdict(one);
  const stands =
    clear === 'not clear'
      ? 'In nDCG@10 the student is not measurably different from it'
      : `In nDCG@10 the student is measurably ${clear} than it`;
  return `${stands}: ${interval(one)}.`;
}

function inTau(one: Comparison): string {
  const clear = verdict(one);
  if (clear === 'not clear')
    return `Its order is not measurably nearer to the teacher’s: τ ${interval(one)}.`;
  const nearer = clear === 'higher' ? 'nearer to' : 'further from';
  return `Distillation brought its order ${nearer} the teacher’s: τ ${interval(one)}.`;
}

const interval = ({ mean, low, high }: Comparison): string =>
  `${formatSigned(mean)} (${formatSigned(low)} to ${formatSigned(high)})`;
