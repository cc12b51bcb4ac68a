/** Ways to ask the same of a passage. The model was taught the first. */
import { embeddedRelevance } from '../../../ranking/embedded-templates.ts';
import { RELEVANCE } from '../../../ranking/presets.ts';
import { ofKind, type PointwiseTemplate } from '../../../ranking/template.ts';
import { editTemplate, templateProblems } from '../../../ranking/templates.ts';

export const TAUGHT: PointwiseTemplate = embeddedRelevance;

export const WORDINGS = [
  { value: 'paper', label: 'The paper’s question', text: RELEVANCE.text },
  {
    value: 'first',
    label: 'The query first',
    text: 'Is the passage relevant to the query? Query: {query} Passage: {passage} Answer Yes or No:',
  },
  {
    value: 'opposite',
    label: 'The opposite question',
    text: 'Is the passage not relevant to the query? Passage: {passage} Query: {query} Answer Yes or No:',
  },
] as const;

export type WordingName = (typeof WORDINGS)[number]['value'] | 'own';

/** The wording as a template with the same two labels. */
export const templateWith = (text: string): PointwiseTemplate =>
  ofKind(editTemplate(TAUGHT, { text }), 'pointwise');

/** What is missing in a wording, in sentences. */
export const problemsOf = (text: string): readonly string[] => templateProblems(templateWith(text));
