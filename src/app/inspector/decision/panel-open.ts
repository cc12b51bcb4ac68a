/** Which of the decision dialog's tools is open: view state that outlives the dialog. */
import { create } from 'zustand';

export type Panel = 'again' | 'sentence' | 'student' | 'probes';

interface Panels {
  readonly open: Panel | null;
}

export const usePanels = create<Panels>()(() => ({ open: null }));

export const togglePanel = (panel: Panel): void =>
  usePanels.setState(({ open }) => ({ open: open === panel ? null : panel }));
