/**
 * When a column keeps the order it shows although a newer one is there: while somebody reads it. Pure,
 * so that it can be tested without a pointer.
 */
import type { CandidateSet, Column, Run } from '../../../state/run/run.ts';

/** A pointer that has not moved for this long is not being used to read: perhaps nobody is there. */
export const REST_MS = 1_500;

/** What is known of a reader of one column. */
export interface Attention {
  /** A mouse on the column's rows. */
  readonly pointer: 'away' | 'moving' | 'resting';
  /** Keyboard focus in a row. */
  readonly focused: boolean;
}

export const nobody: Attention = { pointer: 'away', focused: false };

/**
 * `moved`: a mouse moved on a row. `near`: elsewhere in the column, e.g. on its way to the button that
 * shows the new order. `rested`: not at all for REST_MS. `let-go`: the reader asked for the new order.
 */
export type AttentionEvent = 'moved' | 'near' | 'rested' | 'left' | 'focused' | 'blurred' | 'let-go';

/** The same object where an event changes nothing. */
export function attend(before: Attention, event: AttentionEvent): Attention {
  const { pointer, focused } = after(before, event);
  return pointer === before.pointer && focused === before.focused ? before : { pointer, focused };
}

function after({ pointer, focused }: Attention, event: AttentionEvent): Attention {
  const still = pointer === 'away' ? 'away' : 'resting';
  switch (event) {
    case 'moved':
      return { pointer: 'moving', focused };
    case 'near':
      return { pointer, focused };
    case 'rested':
      return { pointer: still, focused };
    case 'left':
      return { pointer: 'away', focused };
    case 'focused':
      return { pointer, focused: true };
    case 'blurred':
      return { pointer, focused: false };
    case 'let-go':
      return { pointer: still, focused: false };
  }
}

export const isReading = ({ pointer, focused }: Attention): boolean => pointer === 'moving' || focused;

/** What of a column decides whether its order may wait. */
export type Ranked = Pick<Column, 'state'> & {
  readonly run: (Pick<Run, 'order' | 'scores'> & { readonly set: Pick<CandidateSet, 'candidates'> }) | null;
};

/**
 * What a column shows next. The newest, unless somebody reads, the run goes on, and what is shown is
 * a ranking of the same candidates with scores in another order: there is nothing to read in BM25's
 * order before the first score, and a run that has ended has nothing to wait for. While the order
 * stays as it is, new scores are shown.
 */
export function nextShown<T extends Ranked>(shown: T, latest: T, reading: boolean): T {
  if (!reading || latest.state !== 'running' || !latest.run || !shown.run) return latest;
  const { order, scores, set } = shown.run;
  const keep =
    latest.run.set.candidates === set.candidates &&
    scores.some(Number.isFinite) &&
    latest.run.order.some((position, i) => position !== order[i]);
  return keep ? shown : latest;
}
