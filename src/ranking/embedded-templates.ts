/**
 * The wordings the embedded models are trained on: the paper's questions, shortened (every word costs
 * time at this size), with the query *between* the passages of a pair, because a from-scratch model
 * of this size tells A from B by whether the query lies to its right or left
 * (Instruction Distillation, appendix A.1 has the query first).
 * "Passage A:", "Query:" … end in single tokens of the vocabulary, see `markerPieces`.
 */
import { STUDENT } from './presets.ts';
import type { TemplateOf } from './template.ts';

const source = "Rankscope's embedded models, after Instruction Distillation, appendix A.1";

/** The teacher's question: pairwise ranking prompting. */
export const embeddedPairwise: TemplateOf<'pairwise'> = {
  id: 'embedded-prp',
  version: 1,
  name: 'Pairwise, short',
  kind: 'pairwise',
  text: 'Which passage is more relevant to the query? Passage A: {passage_a} Query: {query} Passage B: {passage_b}',
  decoderPrefix: 'passage',
  labels: ['A', 'B'],
  source,
};

/** Relevance generation with the same base. */
export const embeddedRelevance: TemplateOf<'pointwise'> = {
  id: 'embedded-relevance',
  version: 1,
  name: 'Relevance (Yes / No), short',
  kind: 'pointwise',
  text: 'Is the passage relevant to the query? Passage: {passage} Query: {query} Answer Yes or No:',
  decoderPrefix: '',
  labels: ['Yes', 'No'],
  source,
};

/**
 * The distilled student: the paper's own student prompt, word for word (18 tokens around its slots).
 * The base never sees it: under this prompt it ranks below random order, and its distance to the student
 * is not a measure of what distillation gave. That is the base under its own question (embeddedRelevance).
 */
export const embeddedStudent: TemplateOf<'pointwise'> = STUDENT;

export const embeddedTemplates = [embeddedPairwise, embeddedRelevance, embeddedStudent] as const;

/** Pieces added to the vocabulary: words of the prompts that mark where a slot begins. */
export const markerPieces = ['▁a:', '▁b:', '▁passage:', '▁query:', '▁question:'] as const;

/** Words that must be one piece each: labels, decoder prefix and the instructions' own words. */
export const promptWords = [
  'a',
  'b',
  'yes',
  'no',
  'passage',
  'query',
  'question',
  'answer',
  'relevant',
  'which',
  'more',
  'is',
  'does',
  'to',
  'the',
  'or',
] as const;
