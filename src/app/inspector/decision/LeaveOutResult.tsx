import type { Unit } from '../../../analysis/leave-out.ts';
import {
  type LeaveOutPlan,
  type LeaveOutReading,
  type LeftOut,
  strongest,
} from '../../../analysis/leave-out-plan.ts';
import type { Passage } from '../../../types.ts';
import { signedFigure } from './figures.ts';
import { ScrollTable } from './ScrollTable.tsx';
import './leave-out.css';

interface Props {
  readonly plan: LeaveOutPlan;
  readonly reading: LeaveOutReading;
  /** The order, or the mean of the orders, that colours the text. */
  readonly shown: LeftOut;
  readonly orderTitles: readonly string[];
  readonly passage: Passage;
  readonly unit: Unit;
  /** What moves, in a sentence. */
  readonly noun: string;
  /** Every question has been answered. */
  readonly whole: boolean;
  /** The model does not read all of the passage. */
  readonly cut: boolean;
}

/** Rows of the table of pieces. */
const ROWS = 200;

/** The text by how much each piece weighs, the strongest in a sentence, and whether the pieces explain the whole. */
export function LeaveOutResult(props: Props) {
  const { plan, reading, shown, orderTitles, passage, unit, noun, whole, cut } = props;
  const { weighed } = shown;
  const best = strongest(weighed);
  const most = best ? Math.abs(best.weight) : 0;
  return (
    <>
      <p className="leave-out-text" dir="auto">
        {passage.title && <strong>{passage.title} </strong>}
        {weighed.map(({ start, end, weight }) => {
          const text = plan.text.slice(start, end);
          const known = !Number.isNaN(weight);
          return (
            <span
              key={start}
              className="piece"
              data-toward={known ? towards(weight) : undefined}
              data-strength={known ? strengthOf(weight, most) : undefined}
              title={known ? signedFigure(weight) : undefined}
            >
              {text.trimEnd()}
              {unit === 'sentence' && known && <sup>{signedFigure(weight)}</sup>}
              {text.slice(text.trimEnd().length)}
            </span>
          );
        })}
        {cut && <span className="muted"> … the rest is cut: the model does not read it</span>}
      </p>
      {best && (
        <>
          <p className="leave-out-legend">
            <span className="piece" data-toward="for" data-strength="4">
              speaks for {passage.id}
            </span>
            <span className="piece" data-toward="against" data-strength="4">
              speaks against it
            </span>
            <span className="muted">
              The thicker the line, the farther {noun} moves without it; the thickest: {most.toFixed(2)}.
            </span>
          </p>
          <p role="status">
            {whole &&
              `Most depends on “${excerpt(plan.text.slice(best.start, best.end))}”: without it ${noun} for ${passage.id} goes from ${signedFigure(shown.whole)} to ${signedFigure(shown.whole - best.weight)}${turns(reading, best.start)}.`}
          </p>
          {whole && <SanityLine shown={shown} noun={noun} unit={unit} title={passage.title} />}
          <PieceTable plan={plan} reading={reading} orderTitles={orderTitles} />
        </>
      )}
    </>
  );
}

function SanityLine({
  shown: { whole, empty, sanity },
  noun,
  unit,
  title,
}: {
  readonly shown: LeftOut;
  readonly noun: string;
  readonly unit: Unit;
  readonly title: string | undefined;
}) {
  const pieces = unit === 'sentence' ? 'sentences' : 'words';
  return (
    <p className="muted">
      Sanity: with nothing left out {noun} is {signedFigure(whole)}, with everything {signedFigure(empty)}
      {title && ' (the title stays)'}: a move of {signedFigure(-sanity.all)}. The {pieces} one by one add up
      to {signedFigure(-sanity.sum)}
      {Math.abs(sanity.sum - sanity.all) <= 0.1 * Math.max(Math.abs(sanity.all), 0.1)
        ? ', nearly the same: they act alone.'
        : ': they do not act alone, so no single one explains the answer.'}
    </p>
  );
}

function PieceTable({
  plan,
  reading: { byOrder, mean },
  orderTitles,
}: Pick<Props, 'plan' | 'reading' | 'orderTitles'>) {
  const places = mean.weighed
    .map((piece, i) => ({ ...piece, i }))
    .filter(({ weight }) => !Number.isNaN(weight))
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, ROWS);
  return (
    <details className="leave-out-table">
      <summary>All pieces, the strongest first</summary>
      <ScrollTable label="Pieces by weight">
        <thead>
          <tr>
            <th scope="col">Left out</th>
            {byOrder.length > 1 &&
              orderTitles.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            <th scope="col">{byOrder.length > 1 ? 'Mean' : 'Weight'}</th>
          </tr>
        </thead>
        <tbody>
          {places.map(({ start, end, weight, i }) => (
            <tr key={start}>
              <th scope="row" dir="auto">
                {plan.text.slice(start, end)}
              </th>
              {byOrder.length > 1 &&
                byOrder.map(({ weighed }, order) => (
                  <td key={orderTitles[order]}>{signedFigure(weighed[i]!.weight)}</td>
                ))}
              <td>{signedFigure(weight)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </details>
  );
}

const towards = (weight: number): 'for' | 'against' | 'none' =>
  Math.abs(weight) < 0.005 ? 'none' : weight > 0 ? 'for' : 'against';

/** 0 to 4: quarters of the strongest piece's weight. */
const strengthOf = (weight: number, most: number): number =>
  Math.abs(weight) < 0.005 ? 0 : Math.max(1, Math.ceil((4 * Math.abs(weight)) / most));

const excerpt = (text: string): string => {
  const plain = text.trim();
  return plain.length <= 90 ? plain : `${plain.slice(0, 88).replace(/\S*$/u, '')}…`;
};

/** In how many orders the answer's sign turns without the piece. */
function turns({ byOrder }: LeaveOutReading, start: number): string {
  if (byOrder.length < 2) return '';
  const turned = byOrder.filter(({ whole, weighed }) => {
    const piece = weighed.find((one) => one.start === start)!;
    return Math.sign(whole) !== Math.sign(whole - piece.weight);
  }).length;
  if (turned === 0) return '; the winner stays in both orders';
  return `; the winner turns in ${turned === byOrder.length ? 'both orders' : 'one of the two orders'}`;
}
