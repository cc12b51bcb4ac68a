/**
 * From a template, a query and passages to the prompt a scorer reads. Passages are cut by words
 * here (the paper: 100 pairwise, 200 pointwise); cutting by tokens is the scorer's. The instruction
 * and the query are never cut.
 */
import { RankscopeError } from '../errors.ts';
import type { Prompt, PromptLimits, PromptPart, Truncation } from '../inference/scorer.ts';
import { passageText, type TitleStyle } from '../passage-text.ts';
import type { Passage, Query } from '../types.ts';
import type { PromptTemplate, TemplateKind } from './template.ts';

export { passageText };

/** A prompt together with what cutting by words took from its passages. */
export interface RenderedPrompt extends Prompt {
  /** Only slots that were cut; `kept` and `total` count UTF-16 units of passageText(passage, titles). */
  readonly cuts: readonly Truncation[];
}

/** A passage made ready for a slot: done once a run, however many prompts it stands in. */
export interface PreparedPassage {
  /** The text that goes into the slot: a prefix of passageText(passage, titles). */
  readonly text: string;
  /** UTF-16 units of the whole passageText(passage, titles). */
  readonly total: number;
}

/** Slots of passages, in the order in which `renderPrompt` takes the passages. */
export function passageSlots(kind: TemplateKind): readonly string[] {
  return kind === 'pairwise' ? ['passage_a', 'passage_b'] : ['passage'];
}

/**
 * The first `limit` words of a text, as a prefix of it. Words are runs of characters without white
 * space (as the published code splits); text in a script without spaces is one long word, which
 * the scorer's token limit then cuts.
 */
export function cutWords(text: string, limit: number): string {
  const words = /\S+/g;
  let end = 0;
  for (let count = 0; count < limit; count++) {
    if (!words.test(text)) return text;
    end = words.lastIndex;
  }
  // White space after the last word is not a loss: report nothing as cut then.
  return words.test(text) ? text.slice(0, end) : text;
}

/** The smaller of the template's and the user's word limit; undefined when neither is set. */
export function wordLimit(template: PromptTemplate, limits?: Partial<PromptLimits>): number | undefined {
  const both = [template.maxPassageWords, limits?.maxPassageWords].filter((value) => value !== undefined);
  return both.length === 0 ? undefined : Math.min(...both);
}

export function preparePassage(
  passage: Pick<Passage, 'title' | 'text'>,
  maxWords: number | undefined,
  titles?: TitleStyle,
): PreparedPassage {
  const full = passageText(passage, titles);
  return { text: maxWords === undefined ? full : cutWords(full, maxWords), total: full.length };
}

/**
 * The prompt for one passage (pointwise) or an ordered pair (pairwise: first as A, second as B).
 * `limits.maxPassageWords` can only lower the template's own.
 */
export function renderPrompt(
  template: PromptTemplate,
  query: Pick<Query, 'text'>,
  passages: readonly Pick<Passage, 'title' | 'text'>[],
  limits?: Partial<PromptLimits>,
): RenderedPrompt {
  const maxWords = wordLimit(template, limits);
  return renderPrepared(
    template,
    query,
    passages.map((passage) => preparePassage(passage, maxWords, template.titles)),
  );
}

/** `renderPrompt` over passages that are already cut. */
export function renderPrepared(
  template: PromptTemplate,
  query: Pick<Query, 'text'>,
  passages: readonly PreparedPassage[],
): RenderedPrompt {
  const slots = passageSlots(template.kind);
  if (passages.length !== slots.length) {
    throw new RankscopeError(
      'internal',
      `Template “${template.id}” is ${template.kind} and takes ${slots.length} passage(s), not ${passages.length}.`,
    );
  }
  const cuts: Truncation[] = [];
  const parts: PromptPart[] = piecesOf(template).map((piece) => {
    if (piece.slot === undefined) return { text: piece.text };
    if (piece.slot === 'query') return { text: query.text, slot: 'query' };
    const passage = passages[slots.indexOf(piece.slot)];
    if (!passage) throw new RankscopeError('internal', `Template “${template.id}” has an unknown slot.`);
    if (passage.text.length < passage.total) {
      cuts.push({ slot: piece.slot, kept: passage.text.length, total: passage.total });
    }
    return { text: passage.text, slot: piece.slot, cut: true };
  });
  return { parts, decoderPrefix: template.decoderPrefix, labels: template.labels, cuts };
}

/** The whole text of a prompt, as the model reads it (before any cut by tokens). */
export function promptText(prompt: Pick<Prompt, 'parts'>): string {
  return prompt.parts.map((part) => part.text).join('');
}

/**
 * Cuts by words and the scorer's cuts by tokens as one report in units of the original text. The
 * scorer saw the text already cut by words, so its `total` is our `kept`.
 */
export function mergeCuts(byWords: readonly Truncation[], byTokens: readonly Truncation[]): Truncation[] {
  if (byWords.length === 0 && byTokens.length === 0) return [];
  const merged = new Map(byWords.map((cut) => [cut.slot, cut]));
  for (const { slot, kept, total } of byTokens) {
    if (kept < total) merged.set(slot, { slot, kept, total: merged.get(slot)?.total ?? total });
  }
  return [...merged.values()].sort((a, b) => (a.slot < b.slot ? -1 : 1));
}

const known = new WeakMap<PromptTemplate, ReturnType<typeof splitTemplate>>();

/** `splitTemplate`, once per template: the same strings each time, so that look-ups hash them once. */
function piecesOf(template: PromptTemplate): ReturnType<typeof splitTemplate> {
  let pieces = known.get(template);
  if (!pieces) {
    pieces = splitTemplate(template.text);
    known.set(template, pieces);
  }
  return pieces;
}

/** Fixed wording and slots of a template's text, in order. `{name}` is a slot, any other brace is text. */
export function splitTemplate(text: string): readonly { readonly text: string; readonly slot?: string }[] {
  const pieces: { text: string; slot?: string }[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: match[0], slot: match[1]! });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
