/**
 * Prompt templates: editable wording with slots, versioned so that cached answers and exports can
 * name exactly what was asked.
 */

import type { TitleStyle } from '../passage-text.ts';

export type TemplateKind = 'pointwise' | 'pairwise';

export interface PromptTemplate {
  /** Stable id, e.g. `paper-prp`; an edited template gets `custom-…`. */
  readonly id: string;
  readonly version: number;
  /** Name for people. */
  readonly name: string;
  readonly kind: TemplateKind;
  /**
   * Wording with slots: {query} and {passage} (pointwise) or {passage_a} and {passage_b} (pairwise).
   * @example `Query: {query} Passage A: {passage_a} Passage B: {passage_b} Which is more relevant?`
   */
  readonly text: string;
  /**
   * What the decoder has already said, e.g. `passage`; '' for none.
   * @example `'passage'` with the labels A and B: the paper's answer is “passage A” or “passage B”
   */
  readonly decoderPrefix: string;
  /**
   * Pairwise: the words for A and B. Pointwise: the positive word first, then (if any) the negative.
   * @example `['A', 'B']`; `['Yes', 'No']`; `['Yes']`, whose logit alone is the score
   */
  readonly labels: readonly string[];
  /**
   * Passages are cut to this many words before anything else; absent = only the token limit cuts.
   * @example `100`, the paper's for pairs
   */
  readonly maxPassageWords?: number;
  /**
   * How a passage's title is written before its text; absent: as its first sentence.
   * @example `'labelled'` writes “Title: … Content: …”
   */
  readonly titles?: TitleStyle;
  /** Where the wording comes from, for people. */
  readonly source: string;
}
