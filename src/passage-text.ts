/** A passage as one text: what BM25 indexes and what models read. One rule for the whole house. */
import type { Passage } from './types.ts';

/**
 * The text, with the title (if any) as its first sentence. The paper's passages have no titles.
 * Every index, prompt, cut and cache key is in terms of this text.
 */
export function passageText(passage: Pick<Passage, 'title' | 'text'>): string {
  const title = passage.title?.trim();
  if (!title) return passage.text;
  if (passage.text === '') return title;
  return /[.!?:…]$/u.test(title) ? `${title} ${passage.text}` : `${title}. ${passage.text}`;
}
