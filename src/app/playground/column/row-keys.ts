/** What keys mean on a focused row. */
import type { Grade } from '../../../state/grades.ts';

/** The grade a key sets; null takes it away; undefined: not a grade key. */
export function gradeKey(key: string): Grade | null | undefined {
  if (key === '0' || key === '1' || key === '2' || key === '3') return Number(key) as Grade;
  return key === 'Backspace' || key === 'Delete' ? null : undefined;
}

/** The lists of rows, left to right. */
function lists(row: HTMLElement): HTMLElement[] {
  return [...(row.closest('[data-columns]')?.querySelectorAll<HTMLElement>('[data-rows]') ?? [])];
}

/** The row that an arrow, Home or End leads to: up and down in a column, left and right to the same passage. */
function target(row: HTMLElement, key: string): Element | null | undefined {
  if (key === 'ArrowDown') return row.nextElementSibling;
  if (key === 'ArrowUp') return row.previousElementSibling;
  if (key === 'Home') return row.parentElement?.firstElementChild;
  if (key === 'End') return row.parentElement?.lastElementChild;
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return undefined;
  const all = lists(row);
  const from = all.indexOf(row.parentElement as HTMLElement);
  for (let at = from + step; at >= 0 && at < all.length; at += step) {
    const same = [...(all[at]?.children ?? [])].find(
      (other) => (other as HTMLElement).dataset.passageId === row.dataset.passageId,
    );
    if (same) return same;
  }
  return null;
}

/** Moves focus as a key asks; false when the key means nothing here. At an edge focus stays. */
export function moveFocus(row: HTMLElement, key: string): boolean {
  const to = target(row, key);
  if (to === undefined) return false;
  if (to instanceof HTMLElement) {
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  return true;
}
