/** Which passage's dialog is open: view state, gone with the page. */
import { create } from 'zustand';

interface OpenPassage {
  readonly id: string | null;
}

export const useOpenPassage = create<OpenPassage>()(() => ({ id: null }));

/** Opens the dialog of a passage; `row` (if given) gets focus first, so that closing leads back to it. */
export function openPassage(id: string, row?: HTMLElement): void {
  row?.focus({ preventScroll: true });
  useOpenPassage.setState({ id });
}

export const closePassage = (): void => useOpenPassage.setState({ id: null });
