/**
 * What has to be asked to find which sentence or word decides: the passage whole, empty, and without each piece, in every order
 * in which its question can be asked; and what the answers say. For a pair both orders, for a pointwise prompt one.
 */
import type { SingleAnswer, SingleQuestion } from '../ranking/questions.ts';
import {
  type Piece,
  piecesOf,
  type Sanity,
  sanityOf,
  type Unit,
  type Weighed,
  weigh,
  without,
} from './leave-out.ts';
import { askVariants, type MeasureAnswer, type VariantsSubject, variantReader } from './variants.ts';

export interface LeaveOutSubject extends VariantsSubject {
  readonly unit: Unit;
  /** UTF-16 units of the target's text that the model reads; what is behind them is not asked about. Absent: all. */
  readonly seen?: number;
}

export interface LeaveOutPlan {
  /** The target's text as far as the model reads it; a title is never left out. */
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly orders: number;
  /** Whole, empty, then without each piece; in each of them all orders. */
  readonly questions: readonly SingleQuestion[];
}

export function planLeaveOut({ unit, seen, ...subject }: LeaveOutSubject): LeaveOutPlan {
  const whole = subject.passages[subject.target]!.text;
  const text = seen === undefined ? whole : whole.slice(0, seen);
  const pieces = piecesOf(text, unit);
  const texts = [text, '', ...pieces.map((piece) => without(text, piece))];
  return { text, pieces, orders: subject.orders.length, questions: askVariants(subject, texts) };
}

/** What leaving out says in one order, or in the mean of all of them. NaN where something was not answered yet. */
export interface LeftOut {
  readonly whole: number;
  readonly empty: number;
  readonly weighed: readonly Weighed[];
  readonly sanity: Sanity;
}

export interface LeaveOutReading {
  readonly byOrder: readonly LeftOut[];
  readonly mean: LeftOut;
}

/**
 * Reads the answers to a plan.
 * @param answers by position in the plan's questions
 */
export function readLeaveOut(
  { pieces, orders }: LeaveOutPlan,
  answers: readonly (SingleAnswer | undefined)[],
  measure: MeasureAnswer,
): LeaveOutReading {
  const at = variantReader(orders, answers, measure);
  const read = (value: (variant: number) => number): LeftOut => {
    const [whole, empty] = [value(0), value(1)];
    const weighed = weigh(
      pieces,
      whole,
      pieces.map((_, i) => value(i + 2)),
    );
    return { whole, empty, weighed, sanity: sanityOf(weighed, whole, empty) };
  };
  const all = Array.from({ length: orders }, (_, order) => order);
  return {
    byOrder: all.map((order) => read((variant) => at(variant, order))),
    mean: read((variant) => all.reduce((sum, order) => sum + at(variant, order), 0) / orders),
  };
}

/** The piece whose absence moves the answer most, either way; undefined where none was answered. */
export function strongest(weighed: readonly Weighed[]): Weighed | undefined {
  return weighed
    .filter(({ weight }) => !Number.isNaN(weight))
    .reduce<Weighed | undefined>(
      (best, piece) => (best && Math.abs(best.weight) >= Math.abs(piece.weight) ? best : piece),
      undefined,
    );
}
