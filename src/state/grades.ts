/**
 * Grades (0–3), kept per query and passage *text*, so that they stay with a passage whatever its
 * id or place. Sample grades and the user's own share one table; the user's win.
 */
import { create } from 'zustand';
import { textHash } from '../text-hash.ts';
import type { Sample } from './corpus/samples.ts';

export type Grade = 0 | 1 | 2 | 3;

export interface GradeEntry {
  /** null: the user took a sample's grade away (unjudged). */
  readonly grade: number | null;
  readonly from: 'sample' | 'user';
}

/** Hash of a query → hash of a passage text → grade. */
export type GradeTable = ReadonlyMap<string, ReadonlyMap<string, GradeEntry>>;

export interface GradesState {
  readonly table: GradeTable;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** null = unjudged. */
  gradeOf(query: string, passageText: string): number | null;
  setGrade(query: string, passageText: string, grade: Grade | null): void;
  undo(): void;
  redo(): void;
}

interface Edit {
  readonly query: string;
  readonly passage: string;
  readonly before: GradeEntry | undefined;
  readonly after: GradeEntry;
}

interface History {
  readonly past: readonly Edit[];
  readonly future: readonly Edit[];
}

const HISTORY = 200;

export const queryKey = (query: string): string => textHash(query.trim());
export const passageKey = (text: string): string => textHash(text);

/** A table with one entry set or (undefined) removed. */
function withEntry(
  table: GradeTable,
  query: string,
  passage: string,
  entry: GradeEntry | undefined,
): GradeTable {
  const row = new Map(table.get(query));
  if (entry) row.set(passage, entry);
  else row.delete(passage);
  return new Map(table).set(query, row);
}

export const useGrades = create<GradesState & History>()((set, get) => {
  const step = (from: 'past' | 'future', to: 'past' | 'future', pick: 'before' | 'after'): void => {
    const state = get();
    const edit = state[from].at(-1);
    if (!edit) return;
    const stacks = { past: state.past, future: state.future, [from]: state[from].slice(0, -1) };
    const next: History = { ...stacks, [to]: [...state[to], edit] };
    set({
      ...next,
      table: withEntry(state.table, edit.query, edit.passage, edit[pick]),
      canUndo: next.past.length > 0,
      canRedo: next.future.length > 0,
    });
  };
  return {
    table: new Map(),
    past: [],
    future: [],
    canUndo: false,
    canRedo: false,
    gradeOf: (query, text) => get().table.get(queryKey(query))?.get(passageKey(text))?.grade ?? null,
    setGrade: (query, text, grade) => {
      const { table, past } = get();
      const edit: Edit = {
        query: queryKey(query),
        passage: passageKey(text),
        before: table.get(queryKey(query))?.get(passageKey(text)),
        after: { grade, from: 'user' },
      };
      if ((edit.before?.grade ?? null) === grade) return;
      set({
        table: withEntry(table, edit.query, edit.passage, edit.after),
        past: [...past, edit].slice(-HISTORY),
        future: [],
        canUndo: true,
        canRedo: false,
      });
    },
    undo: () => step('past', 'future', 'before'),
    redo: () => step('future', 'past', 'after'),
  };
});

/** Adds a sample's judgments; what the user has graded stays. */
export function addSampleGrades(sample: Sample): void {
  const texts = new Map(sample.passages.map((p) => [p.id, passageKey(p.text)]));
  useGrades.setState((s) => {
    const table = new Map(s.table);
    for (const query of sample.queries) {
      const row = new Map(table.get(queryKey(query.text)));
      for (const [id, grade] of Object.entries(query.grades)) {
        const key = texts.get(id);
        if (key !== undefined && row.get(key)?.from !== 'user') row.set(key, { grade, from: 'sample' });
      }
      table.set(queryKey(query.text), row);
    }
    return { table };
  });
}
