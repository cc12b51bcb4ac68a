/**
 * Watches the three columns through every change of the page, so that a test can say what was true
 * all the time and not only when it looked.
 */
import type { Page } from '@playwright/test';
import type { Method, State } from './app.ts';

export interface Seen {
  readonly method: Method;
  readonly state: State;
  readonly phase: string | null;
  /** States of all columns at the same moment, `Student:running/scoring`. */
  readonly all: readonly string[];
}

export interface Watched {
  readonly seen: readonly Seen[];
  /** Lists that were not in rank order, had a passage twice, or lacked one. */
  readonly faults: readonly string[];
}

/** Begins with the next page load. */
export async function watchColumns(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = { seen: [] as unknown[], faults: [] as string[] };
    Object.assign(window, { watched });
    const last = new Map<string, string>();
    const look = (): void => {
      const columns = [...document.querySelectorAll<HTMLElement>('section[data-state]')];
      const all = columns.map((c) => `${c.ariaLabel}:${c.dataset.state}/${c.dataset.phase ?? ''}`);
      for (const column of columns) {
        const method = column.ariaLabel ?? '';
        const { state, phase = null } = column.dataset;
        if (last.get(method) !== `${state}/${phase}`) {
          last.set(method, `${state}/${phase}`);
          watched.seen.push({ method, state, phase, all });
        }
        const items = [...column.querySelectorAll('li')];
        const ranks = items.map((item) => Number(/^Rank (\d+)/.exec(item.textContent ?? '')?.[1]));
        const ids = new Set(items.map((item) => item.dataset.passageId));
        if (ranks.some((rank, i) => rank !== i + 1)) watched.faults.push(`${method} ranks ${ranks}`);
        if (ids.size !== items.length) watched.faults.push(`${method} repeats an id`);
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  });
}

export function watched(page: Page): Promise<Watched> {
  return page.evaluate(() => (window as unknown as { watched: Watched }).watched);
}

/** `idle`, `running/queued`, … of one column, in the order in which they came. */
export const course = ({ seen }: Watched, method: Method): string[] =>
  seen.filter((s) => s.method === method).map((s) => (s.phase ? `${s.state}/${s.phase}` : s.state));
