/** A passage as one text: what BM25 indexes and what models read. One rule for the whole house. */
import type { Passage } from './types.ts';

/**
 * How a title stands before the text: as its first sentence, or as the published code of Instruction Distillation
 * writes it, `Title: … Content: …`.
 */
export const TITLE_STYLES = ['sentence', 'labelled'] as const;
export type TitleStyle = (typeof TITLE_STYLES)[number];

/**
 * The text, with the title (if any) before it. The paper's passages have no titles.
 * Every index is in terms of this text; prompts, cuts and cache keys too, in the style of their template.
 */
export function passageText(
  passage: Pick<Passage, 'title' | 'text'>,
  titles: TitleStyle = 'sentence',
): string {
  const title = passage.title?.trim();
  if (!title) return passage.text;
  if (titles === 'labelled') return `Title: ${title} Content: ${passage.text}`.trimEnd();
  if (passage.text === '') return title;
  return /[.!?:…]$/u.test(title) ? `${title} ${passage.text}` : `${title}. ${passage.text}`;
}
