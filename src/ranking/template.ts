/**
 * Prompt templates: editable wording with slots, versioned so that cached answers and exports can
 * name exactly what was asked. A union by kind: what a model is shown at once, and how its answer is read.
 */

import { RankscopeError } from '../errors.ts';
import type { TitleStyle } from '../passage-text.ts';

interface TemplateBase {
  /** Stable id, e.g. `paper-prp`; an edited template gets `custom-…`. */
  readonly id: string;
  readonly version: number;
  /** Name for people. */
  readonly name: string;
  /**
   * Wording with slots; which ones a kind has is in `template-slots.ts`.
   * @example `Query: {query} Passage A: {passage_a} Passage B: {passage_b} Which is more relevant?`
   */
  readonly text: string;
  /**
   * What the decoder has already said, e.g. `passage`; '' for none.
   * @example `'passage'` with the labels A and B: the paper's answer is “passage A” or “passage B”
   */
  readonly decoderPrefix: string;
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

interface Labelled extends TemplateBase {
  /**
   * Pairwise: the words for A and B. Pointwise: the positive word first, then (if any) the negative. Setwise: one a
   * passage, in the order shown; there can be no more passages at once than these.
   * @example `['A', 'B']`; `['Yes', 'No']`; `['Yes']`, whose logit alone is the score
   */
  readonly labels: readonly string[];
}

/** One passage, answered by the logits of its labels. */
export interface PointwiseTemplate extends Labelled {
  readonly kind: 'pointwise';
}

/** An ordered pair of passages, answered by the logits of two labels. */
export interface PairwiseTemplate extends Labelled {
  readonly kind: 'pairwise';
}

/**
 * Query and passage as they are, read together by a classification head (a cross-encoder). There is no wording to choose;
 * the labels are the head's, the relevant one first.
 */
export interface RelevanceTemplate extends Labelled {
  readonly kind: 'relevance';
}

/** Of every template of this kind: how query and passage are shown to people; a model gets them as a pair of texts. */
export const PAIR_TEXT = '{query}\n\n{passage}';

export type LabelTemplate = PointwiseTemplate | PairwiseTemplate;

/** Any number of passages, one below the other where the wording has {passages}. */
interface ManyPassages extends TemplateBase {
  /**
   * How each passage is written: {passage}, with its {label} (setwise) or its {number}, from 1 (listwise).
   * @example `Passage {label}: "{passage}"`
   */
  readonly item: string;
  /** What stands between two passages. Absent: a blank line. */
  readonly separator?: string;
}

/** Two or more passages, of which the answer names the best by its label (Zhuang et al. 2024). */
export interface SetwiseTemplate extends Labelled, ManyPassages {
  readonly kind: 'setwise';
}

/** A window of numbered passages, whose answer is text that names them in order (RankGPT, Sun et al. 2023). */
export interface ListwiseTemplate extends ManyPassages {
  readonly kind: 'listwise';
  /** `'best'`: the number of the best one alone is asked for. Absent: all of them, best first. */
  readonly answer?: 'best';
}

/** What stands between two passages where a template does not say. */
export const DEFAULT_SEPARATOR = '\n\n';

/** One passage, and a text whose likelihood after it is the score (query generation: UPR, Sachan et al. 2022). */
export interface LikelihoodTemplate extends TemplateBase {
  readonly kind: 'likelihood';
  /**
   * The text that is judged; with {query}.
   * @example `'{query}'`
   */
  readonly target: string;
}

export type PromptTemplate =
  | PointwiseTemplate
  | PairwiseTemplate
  | SetwiseTemplate
  | ListwiseTemplate
  | LikelihoodTemplate
  | RelevanceTemplate;

export type TemplateKind = PromptTemplate['kind'];

export const TEMPLATE_KINDS = [
  'pointwise',
  'pairwise',
  'setwise',
  'listwise',
  'likelihood',
  'relevance',
] as const satisfies readonly TemplateKind[];

/** A template of a kind. */
export type TemplateOf<K extends TemplateKind> = Extract<PromptTemplate, { readonly kind: K }>;

/** The words whose logits are asked for; none where the answer is a text. */
export const labelsOf = (template: PromptTemplate): readonly string[] =>
  'labels' in template ? template.labels : [];

/** Labels that have to be words of the model: those of a classification head are only names. */
export const labelWordsOf = (template: PromptTemplate): readonly string[] =>
  template.kind === 'relevance' ? [] : labelsOf(template);

/** @throws RankscopeError 'internal' for a template of another kind: who chose it should have looked */
export function ofKind<K extends TemplateKind>(
  template: PromptTemplate,
  ...kinds: readonly K[]
): TemplateOf<K> {
  if ((kinds as readonly TemplateKind[]).includes(template.kind)) return template as TemplateOf<K>;
  throw new RankscopeError(
    'internal',
    `Template “${template.id}” is ${template.kind}, and a ${kinds.join(' or ')} one is needed here. This is a bug in Rankscope: please report it.`,
  );
}

/** Kinds whose prompts show one passage, which is scored alone. */
export const scoresAlone = (kind: TemplateKind): boolean =>
  kind === 'pointwise' || kind === 'likelihood' || kind === 'relevance';

/** Fewest and most passages that a prompt shows at once. */
export function passagesShown(template: PromptTemplate): { readonly least: number; readonly most: number } {
  switch (template.kind) {
    case 'pointwise':
    case 'likelihood':
    case 'relevance':
      return { least: 1, most: 1 };
    case 'pairwise':
      return { least: 2, most: 2 };
    case 'setwise':
      return { least: 2, most: template.labels.length };
    case 'listwise':
      return { least: 1, most: Number.POSITIVE_INFINITY };
  }
}
