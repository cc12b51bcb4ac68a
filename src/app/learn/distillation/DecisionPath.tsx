import { useMemo } from 'react';
import type { TaughtDecision, TaughtList } from '../../../workers/train-protocol.ts';
import type { Curve } from '../../models/chart/curve.ts';
import { LineChart } from '../../models/chart/LineChart.tsx';
import { fixed, ordinal } from '../frame/numbers.ts';
import type { FollowedList } from './follow.ts';
import type { PairLoss } from './pairs.ts';
import { nameOf } from './passage-title.ts';

interface Props {
  readonly list: TaughtList;
  readonly followed: FollowedList;
  readonly pair: PairLoss;
}

/** The stations of a pair, each with its numbers. */
export function DecisionPath({ list, followed, pair }: Props) {
  const { better, worse, lead, loss, pull } = pair;
  const { ranks, scores, before, parts, step, path } = followed;
  const [up, down] = [list.passages[better]!.id, list.passages[worse]!.id];
  const now = scores[better]! - scores[worse]!;
  const share = pull / parts.pairs.length;
  const curve = useMemo(
    (): Curve => ({
      title: `Lead of ${up} over ${down}`,
      series: ['Lead'],
      rows: path.map(([at, own]) => ({ step: at, values: [own[better]! - own[worse]!] })),
    }),
    [path, better, worse, up, down],
  );
  const asked = [answer(list, better, worse), answer(list, worse, better)];
  return (
    <div className="distil-path">
      <ol className="distil-stations">
        <li>
          <strong>The teacher</strong> is asked in both orders: {asked.join('; ')}. Over all pairs{' '}
          {nameOf(list, better)} is {ordinal(ranks[better]! - 1)}, {nameOf(list, worse)}{' '}
          {ordinal(ranks[worse]! - 1)}.
        </li>
        <li>
          <strong>The student</strong>
          {before ? ` before step ${step}` : ''}: {fixed((before ?? scores)[better]!)} for {up},{' '}
          {fixed((before ?? scores)[worse]!)} for {down}. The better one leads by {fixed(lead)}
          {lead < 0 && ': the wrong way round'}.
        </li>
        <li>
          <strong>Loss</strong> of this pair: log(1 + e<sup>{fixed(-lead)}</sup>) = {fixed(loss, 3)}.
        </li>
        <li>
          <strong>Gradient</strong>: it pulls {up} up and {down} down by {fixed(pull, 3)}; divided by the{' '}
          {parts.pairs.length} pairs, {fixed(share, 4)}. All pairs together pull {up}{' '}
          {direction(parts.gradient[better]!)} and {down} {direction(parts.gradient[worse]!)}.
        </li>
        <li>
          <strong>{before ? `After step ${step}` : 'Next'}</strong>:{' '}
          {before
            ? `${fixed(scores[better]!)} and ${fixed(scores[worse]!)}. The lead is ${fixed(now)}, ${change(now - lead)}.`
            : 'press Step, and see what becomes of the lead. A step learns from two questions; this one is not in each.'}
        </li>
      </ol>
      {path.length > 1 && <LineChart curve={curve} of="the student" />}
    </div>
  );
}

/** “p3 as A: A 1.20, B −0.40, so p3”. */
function answer({ decisions, passages }: TaughtList, a: number, b: number): string {
  const found = decisions.find((one: TaughtDecision) => one.a === a && one.b === b);
  if (!found) return `${passages[a]!.id} as A: not asked`;
  const { logitA, logitB, preference } = found;
  const winner = preference === 0.5 ? 'neither' : passages[preference === 1 ? a : b]!.id;
  return `with ${passages[a]!.id} as A it says A ${fixed(logitA)}, B ${fixed(logitB)}: ${winner}`;
}

const direction = (slope: number): string => `${slope > 0 ? 'down' : 'up'} by ${fixed(Math.abs(slope), 3)}`;

const change = (by: number): string =>
  Math.abs(by) < 0.005 ? 'hardly changed' : `${fixed(Math.abs(by))} ${by > 0 ? 'more' : 'less'} than before`;
