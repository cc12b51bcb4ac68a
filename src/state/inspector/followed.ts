/** The passage whose place is being explained ("why here?"): view state, gone with the page. */
import { create } from 'zustand';

interface FollowedState {
  /** Its id; null: none. */
  readonly id: string | null;
}

export const useFollowed = create<FollowedState>()(() => ({ id: null }));

export const follow = (id: string | null): void => useFollowed.setState({ id });
