/** How much of the results' height the Inspector's drawer takes; kept like the theme. */
import { create } from 'zustand';
import { readLocal, type TextStore, writeLocal } from '../../storage/local.ts';

/** In hundredths of the results' height: at the most the columns still show their first row on a laptop. */
export const LEAST_DRAWER = 25;
export const MOST_DRAWER = 50;
const USUAL_DRAWER = 42;

const KEY = 'drawer';
const VERSION = 1;
let store: TextStore | undefined;

export const useDrawerSize = create<{ readonly percent: number }>()(() => ({ percent: USUAL_DRAWER }));

const within = (percent: number): number =>
  Math.round(Math.min(MOST_DRAWER, Math.max(LEAST_DRAWER, percent)));

/** @param percent of the results' height; undefined: the usual one. Kept within bounds. */
export function sizeDrawer(percent = USUAL_DRAWER): void {
  useDrawerSize.setState({ percent: within(percent) });
  if (store) writeLocal(store, KEY, VERSION, useDrawerSize.getState().percent);
}

/** Called once at the start. */
export function restoreDrawerSize(local: TextStore): void {
  store = local;
  const kept = readLocal(local, KEY, VERSION, (data) =>
    typeof data === 'number' && Number.isFinite(data) ? within(data) : undefined,
  );
  useDrawerSize.setState({ percent: kept.state === 'ok' ? kept.data : USUAL_DRAWER });
}
