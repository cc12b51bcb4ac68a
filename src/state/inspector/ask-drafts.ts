/**
 * What "Ask again" edits: query, both passages and the wording of one pair, with undo and redo, and what was answered to each
 * try. By pair of a run, for as long as the page lives: closing the dialog loses nothing.
 */
import { create } from 'zustand';
import type { ScorerInfo } from '../../inference/scorer.ts';
import type { QuestionsJob, SingleAnswer } from '../../ranking/questions.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import { editTemplate } from '../../ranking/templates.ts';
import type { Passage } from '../../types.ts';
import type { ComparingRun } from '../run/run.ts';

export interface AskDraft {
  readonly query: string;
  /** Of the pair's two passages, in the order of their positions; a title only where the passage has one. */
  readonly titles: readonly [string | undefined, string | undefined];
  readonly texts: readonly [string, string];
  /** The template's text. */
  readonly wording: string;
}

/** One asking: what was asked, and both orders' answers. */
export interface AskTry {
  readonly draft: AskDraft;
  /** The first passage of the draft shown as A, then the second shown as A. */
  readonly answers: readonly [SingleAnswer, SingleAnswer];
  readonly info: ScorerInfo;
}

export interface AskDesk {
  readonly original: AskDraft;
  readonly draft: AskDraft;
  readonly past: readonly AskDraft[];
  readonly future: readonly AskDraft[];
  /** Oldest first. */
  readonly tries: readonly AskTry[];
  /** The field of the newest edit and when, so that typing is undone by the stretch and not by the letter. */
  readonly typing: { readonly field: string; readonly at: number } | null;
}

/** Edits of one field within so long of each other are one step of undo. */
const STRETCH_MS = 1000;
/** Steps that can be undone. */
const STEPS = 200;

export const newDesk = (original: AskDraft): AskDesk => ({
  original,
  draft: original,
  past: [],
  future: [],
  tries: [],
  typing: null,
});

/** @param now milliseconds on any clock */
export function edit(desk: AskDesk, draft: AskDraft, field: string, now: number): AskDesk {
  const { typing, past } = desk;
  const goesOn = typing?.field === field && now - typing.at < STRETCH_MS && past.length > 0;
  return {
    ...desk,
    draft,
    past: goesOn ? past : [...past, desk.draft].slice(-STEPS),
    future: [],
    typing: { field, at: now },
  };
}

export function undo(desk: AskDesk): AskDesk {
  const draft = desk.past.at(-1);
  if (!draft) return desk;
  return {
    ...desk,
    draft,
    past: desk.past.slice(0, -1),
    future: [desk.draft, ...desk.future],
    typing: null,
  };
}

export function redo(desk: AskDesk): AskDesk {
  const [draft, ...future] = desk.future;
  if (!draft) return desk;
  return { ...desk, draft, past: [...desk.past, desk.draft], future, typing: null };
}

export const isSameDraft = (one: AskDraft, other: AskDraft): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** A pair's draft before anything was edited. @param pair candidate positions */
export function draftOf({ set, template }: ComparingRun, pair: readonly [number, number]): AskDraft {
  const [one, other] = pair.map((position) => set.candidates[position]!.passage) as [Passage, Passage];
  return {
    query: set.query.text,
    titles: [one.title, other.title],
    texts: [one.text, other.text],
    wording: template?.text ?? '',
  };
}

/** The template with the draft's wording. */
export const draftTemplate = (template: PromptTemplate, { wording }: AskDraft): PromptTemplate =>
  editTemplate(template, { text: wording });

/** Both orders of a draft. */
export function draftJob(template: PromptTemplate, draft: AskDraft): QuestionsJob {
  const { titles, texts } = draft;
  const query = { text: draft.query };
  const one = { title: titles[0], text: texts[0] };
  const other = { title: titles[1], text: texts[1] };
  return {
    template: draftTemplate(template, draft),
    questions: [
      { query, passages: [one, other] },
      { query, passages: [other, one] },
    ],
  };
}

interface AskDrafts {
  readonly desks: Readonly<Record<string, AskDesk>>;
}

export const useAskDrafts = create<AskDrafts>()(() => ({ desks: {} }));

/** Changes the desk of a name; one that was never touched begins with `original`. */
export const changeDesk = (name: string, original: AskDraft, change: (desk: AskDesk) => AskDesk): void =>
  useAskDrafts.setState(({ desks }) => ({
    desks: { ...desks, [name]: change(desks[name] ?? newDesk(original)) },
  }));

/** The name of a pair, however it is shown: positions in ascending order belong to it. */
export function pairName(
  run: Pick<ComparingRun, 'id'>,
  a: number,
  b: number,
): { readonly name: string; readonly pair: readonly [number, number] } {
  const pair = a < b ? ([a, b] as const) : ([b, a] as const);
  return { name: `${run.id} ${pair.join(' ')}`, pair };
}
