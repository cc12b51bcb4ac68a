/** Messages that do not belong to a column: what happened and, where there is one, what to do. */
import { create } from 'zustand';

export type NoticeKind = 'info' | 'warning' | 'error';

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly message: string;
  readonly action?: NoticeAction;
}

export interface NoticesState {
  readonly notices: readonly Notice[];
  /** Adds a notice and returns its id. The same message twice is shown once, as the newest. */
  push(notice: Omit<Notice, 'id'>): number;
  dismiss(id: number): void;
}

/** Older notices make room: a flood of messages hides the page. */
const MAX_NOTICES = 5;
let nextId = 1;

export const useNotices = create<NoticesState>()((set) => ({
  notices: [],
  push: (notice) => {
    const id = nextId++;
    set((s) => ({
      notices: [...s.notices.filter((n) => n.message !== notice.message), { ...notice, id }].slice(
        -MAX_NOTICES,
      ),
    }));
    return id;
  },
  dismiss: (id) => set((s) => ({ notices: s.notices.filter((n) => n.id !== id) })),
}));

/** For code outside components. */
export function notify(kind: NoticeKind, message: string, action?: NoticeAction): number {
  return useNotices.getState().push({ kind, message, action });
}
