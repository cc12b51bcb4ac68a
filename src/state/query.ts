/** The question, and the questions that come with the chosen sample. */
import { create } from 'zustand';
import type { Query } from '../types.ts';

export interface QueryState {
  readonly text: string;
  /** Queries of the chosen sample; empty for other corpora. */
  readonly suggestions: readonly Query[];
  setText(text: string): void;
}

export const useQuery = create<QueryState>()((set) => ({
  text: '',
  suggestions: [],
  setText: (text) => set({ text }),
}));
