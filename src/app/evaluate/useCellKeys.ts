import { type KeyboardEvent, useState } from 'react';

export interface CellKeys {
  readonly tabIndex: (name: string) => 0 | -1;
  readonly onFocus: (name: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/**
 * Buttons in a table's cells that are one stop of the Tab key; arrows, Home and End go from one to the other. A button has
 * its column in `data-cell`.
 * @param names of all buttons, the first one first
 */
export function useCellKeys(names: readonly string[]): CellKeys {
  const [focused, setCurrent] = useState<string | null>(null);
  const stop = focused !== null && names.includes(focused) ? focused : names[0];
  return {
    tabIndex: (name) => (name === stop ? 0 : -1),
    onFocus: setCurrent,
    onKeyDown(event) {
      const { key, altKey, ctrlKey, metaKey } = event;
      if (altKey || ctrlKey || metaKey || !(event.target instanceof HTMLButtonElement)) return;
      const to = buttonAfter(event.currentTarget, event.target, key);
      if (!to) return;
      event.preventDefault();
      to.focus();
    },
  };
}

/** Rows of buttons by the cells they are in; cells without one are passed over. */
function buttonAfter(
  table: HTMLElement,
  from: HTMLButtonElement,
  key: string,
): HTMLButtonElement | null | undefined {
  const rows = [...table.querySelectorAll('tbody tr')].map((row) => [
    ...row.querySelectorAll<HTMLButtonElement>('button[data-cell]'),
  ]);
  const at = rows.findIndex((row) => row.includes(from));
  const row = rows[at];
  if (!row) return undefined;
  const place = row.indexOf(from);
  switch (key) {
    case 'ArrowLeft':
      return row[place - 1];
    case 'ArrowRight':
      return row[place + 1];
    case 'Home':
      return row[0];
    case 'End':
      return row.at(-1);
    case 'ArrowUp':
      return sameColumn(rows.slice(0, at).reverse(), from);
    case 'ArrowDown':
      return sameColumn(rows.slice(at + 1), from);
    default:
      return undefined;
  }
}

const sameColumn = (
  rows: readonly (readonly HTMLButtonElement[])[],
  { dataset }: HTMLButtonElement,
): HTMLButtonElement | undefined => rows.flat().find((button) => button.dataset.cell === dataset.cell);
