/** The question, and the questions that come with the chosen sample. */
import { create } from 'zustand';
import type { Query } from '../../types.ts';

export interface QueryState {
  readonly text: string;
  /** Queries of the chosen sample; empty for other corpora. */
  readonly suggestions: readonly Query[];
  /** In the user's own words: a sample that is chosen leaves them alone. */
  readonly own: boolean;
  /** A sample has been chosen and the user's own question was kept: worth a word. */
  readonly kept: boolean;
  /** Typed by the user. */
  setText(text: string): void;
  /** Taken from the suggestions. */
  choose(text: string): void;
  /** The user has chosen a sample; its questions are on their way. */
  sampleChosen(): void;
  /** The sample's questions are here: the first replaces one that came from another sample, or none. */
  offer(suggestions: readonly Query[]): void;
}

export const useQuery = create<QueryState>()((set) => ({
  text: '',
  suggestions: [],
  own: false,
  kept: false,
  setText: (text) => set({ text, own: text.trim() !== '', kept: false }),
  choose: (text) => set({ text, own: false, kept: false }),
  sampleChosen: () => set(({ own }) => ({ kept: own })),
  offer: (suggestions) =>
    set(({ text, own, kept }) => {
      const known = suggestions.some((query) => query.text === text);
      if (known) return { suggestions, own: false, kept: false };
      return own ? { suggestions, kept } : { suggestions, text: suggestions[0]?.text ?? text };
    }),
}));
