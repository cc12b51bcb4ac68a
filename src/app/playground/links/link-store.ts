/**
 * Which passage the user looks at, in whatever column, and a counter of layout changes that the
 * lines between the columns follow. View state: gone with the page.
 */
import { create } from 'zustand';

export interface LinkState {
  /** Id of the passage under the pointer. */
  readonly hovered: string | null;
  /** Id of the passage whose row has focus. */
  readonly focused: string | null;
}

export const useLinks = create<LinkState>()(() => ({ hovered: null, focused: null }));

/** The passage to highlight: the pointer goes before the focus. */
export const linkedId = (s: LinkState): string | null => s.hovered ?? s.focused;

export const hover = (id: string | null): void => useLinks.setState({ hovered: id });
export const focus = (id: string | null): void => useLinks.setState({ focused: id });

/** Counts changes of the rows' places. Of its own: every row watches the other store. */
export const useLayoutCount = create<{ readonly count: number }>()(() => ({ count: 0 }));

export const layoutChanged = (): void => useLayoutCount.setState((s) => ({ count: s.count + 1 }));
