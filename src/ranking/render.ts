/**
 * From a template, a query and passages to the prompt a scorer reads. Passages are cut by words
 * here (the paper: 100 pairwise, 200 pointwise); cutting by tokens is the scorer's. The instruction
 * and the query are never cut.
 */
import { RankscopeError } from '../errors.ts';
import type { Prompt, PromptLimits, PromptPart, Truncation } from '../inference/scorer.ts';
import { passageText, type TitleStyle } from '../passage-text.ts';
import type { Passage, Query } from '../types.ts';
import {
  DEFAULT_SEPARATOR,
  labelsOf,
  type PromptTemplate,
  passagesShown,
  type TemplateOf,
} from './template.ts';

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
 * The prompt for one passage (pointwise, likelihood), an ordered pair (pairwise: first as A, second as B) or several in
 * the order in which they are shown (setwise, listwise). `limits.maxPassageWords` can only lower the template's own.
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

/**
 * `renderPrompt` over passages that are already cut. Slots of passages are `passage`, `passage_a` and `passage_b`, or
 * `passage_1`, `passage_2` … in prompts with many.
 * @throws RankscopeError 'internal' for more or fewer passages than the template shows
 */
export function renderPrepared(
  template: PromptTemplate,
  query: Pick<Query, 'text'>,
  passages: readonly PreparedPassage[],
): RenderedPrompt {
  checkCount(template, passages.length);
  const cuts: Truncation[] = [];
  const filled = (slot: string, { text, total }: PreparedPassage): PromptPart => {
    if (text.length < total) cuts.push({ slot, kept: text.length, total });
    return { text, slot, cut: true };
  };
  const { wording, item } = piecesOf(template);
  const parts = wording.flatMap(({ text, slot }): PromptPart[] => {
    switch (slot) {
      case undefined:
        return [{ text }];
      case 'query':
        return [{ text: query.text, slot }];
      case 'count':
        return [{ text: String(passages.length) }];
      case 'passages':
        return listed(template as TemplateOf<'setwise' | 'listwise'>, item, passages, filled);
      default:
        return [filled(slot, passages[slot === 'passage_b' ? 1 : 0]!)];
    }
  });
  const labels = template.kind === 'setwise' ? template.labels.slice(0, passages.length) : labelsOf(template);
  return { parts, decoderPrefix: template.decoderPrefix, labels, cuts };
}

/** Passages one below the other, each with its label or number. */
function listed(
  template: TemplateOf<'setwise' | 'listwise'>,
  item: Pieces,
  passages: readonly PreparedPassage[],
  filled: (slot: string, passage: PreparedPassage) => PromptPart,
): PromptPart[] {
  const { separator = DEFAULT_SEPARATOR } = template;
  return passages.flatMap((passage, i): PromptPart[] => [
    ...(i > 0 && separator !== '' ? [{ text: separator }] : []),
    ...item.map(({ text, slot }): PromptPart => {
      if (slot === undefined) return { text };
      if (slot === 'passage') return filled(`passage_${i + 1}`, passage);
      return { text: template.kind === 'setwise' ? template.labels[i]! : String(i + 1) };
    }),
  ]);
}

function checkCount(template: PromptTemplate, count: number): void {
  const { least, most } = passagesShown(template);
  if (count >= least && count <= most) return;
  const takes = least === most ? `${least}` : `${least} to ${Number.isFinite(most) ? most : 'any number of'}`;
  throw new RankscopeError(
    'internal',
    `Template “${template.id}” is ${template.kind} and takes ${takes} passage(s), not ${count}.`,
  );
}

/** The text whose likelihood a template asks for, e.g. the query. */
export const targetText = ({ target }: TemplateOf<'likelihood'>, query: Pick<Query, 'text'>): string =>
  splitTemplate(target)
    .map(({ text, slot }) => (slot === 'query' ? query.text : text))
    .join('');

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

type Pieces = ReturnType<typeof splitTemplate>;

const known = new WeakMap<PromptTemplate, { readonly wording: Pieces; readonly item: Pieces }>();

/** `splitTemplate`, once per template: the same strings each time, so that look-ups hash them once. */
function piecesOf(template: PromptTemplate) {
  let pieces = known.get(template);
  if (!pieces) {
    const item = 'item' in template ? splitTemplate(template.item) : [];
    pieces = { wording: splitTemplate(template.text), item };
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
