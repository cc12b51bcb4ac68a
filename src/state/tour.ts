/** The tour of the Playground: offered on the first visit, never again once it was taken or skipped; Help begins it anew. */
import { create } from 'zustand';
import { readLocal, type TextStore, writeLocal } from '../storage/local.ts';

export interface TourState {
  /** Whether the first visit's offer stands. */
  readonly offered: boolean;
  /** Counted from 0; null while it does not run. */
  readonly step: number | null;
  start(): void;
  go(step: number): void;
  /** Ends it or turns it down: it is not offered again. */
  end(): void;
}

const KEY = 'tour';
const VERSION = 1;
let store: TextStore | undefined;

export const useTour = create<TourState>()((set) => {
  const seen = (step: number | null): void => {
    if (store) writeLocal(store, KEY, VERSION, 'seen');
    set({ offered: false, step });
  };
  return {
    offered: false,
    step: null,
    start: () => seen(0),
    go: (step) => set({ step }),
    end: () => seen(null),
  };
});

/** Called once at the start. */
export function restoreTour(local: TextStore): void {
  store = local;
  const seen = readLocal(local, KEY, VERSION, (data) => (data === 'seen' ? data : undefined));
  useTour.setState({ offered: seen.state !== 'ok', step: null });
}
