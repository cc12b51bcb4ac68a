/**
 * The wordings of the Instruction Distillation paper (appendix A.1 and A.2; the published code where
 * it differs) and of monoT5, as starting points that people edit. Blank lines are part of the wording.
 * Where the paper's slot is {movie}, ours is {passage}: a movie's description is the passage.
 */
import type { PromptTemplate } from './template.ts';

/** The published code keeps this many words of a passage. */
const KEPT_WORDS = { pointwise: 200, pairwise: 100 } as const;

type Wording = Pick<PromptTemplate, 'id' | 'name' | 'text' | 'labels'> & {
  readonly decoderPrefix?: string;
  /** Where in the paper. */
  readonly place: string;
};

function ofPaper(
  kind: PromptTemplate['kind'],
  { id, name, text, decoderPrefix = '', labels, place }: Wording,
): PromptTemplate {
  const source = `Instruction Distillation, ${place}`;
  return {
    id,
    version: 1,
    name,
    kind,
    text,
    decoderPrefix,
    labels,
    maxPassageWords: KEPT_WORDS[kind],
    source,
  };
}

/** Pairwise ranking prompting (paper A.1 and code): the teacher. */
export const PRP = ofPaper('pairwise', {
  id: 'paper-prp',
  name: 'Pairwise (PRP)',
  text: `Question: Given a query "{query}", which of the following two passages is more relevant to the query?

passage A: {passage_a}

passage B: {passage_b}

Output the identifier of the more relevant passage. The answer must be passage A or passage B.
Answer:`,
  decoderPrefix: 'passage',
  labels: ['A', 'B'],
  place: 'appendix A.1 and published code',
});

/** Relevance generation (paper A.1, after HELM): the baseline without a teacher. */
export const RELEVANCE = ofPaper('pointwise', {
  id: 'paper-relevance',
  name: 'Relevance (Yes / No)',
  text: `Question: Given a query "{query}", Is the following passage relevant to the query?

Passage : {passage}

If it is relevant answer Yes, else answer No.

Answer:`,
  labels: ['Yes', 'No'],
  place: 'appendix A.1',
});

/** The distilled student (published code): one label, its logit is the score. */
export const STUDENT = ofPaper('pointwise', {
  id: 'paper-student',
  name: 'Student (Yes)',
  text: `Predict whether the given passage answer the question.

Question: {query}

Passage: {passage}

Does the passage answer the question?`,
  labels: ['Yes'],
  place: 'published code',
});

/** monoT5's wording; its own code cuts by tokens only. */
export const MONO_T5: PromptTemplate = {
  id: 'monot5',
  version: 1,
  name: 'monoT5 (true / false)',
  kind: 'pointwise',
  text: 'Query: {query} Document: {passage} Relevant:',
  decoderPrefix: '',
  labels: ['true', 'false'],
  source: 'Nogueira et al. 2020, Document Ranking with a Pretrained Sequence-to-Sequence Model',
};

/** Conversational recommendation, pointwise (paper A.2); the query is the dialogue so far. */
export const CONVERSATION_POINTWISE = ofPaper('pointwise', {
  id: 'paper-conversation',
  name: 'Recommendation (Y / N)',
  text: `Question: Given the conversation history between the recommender and the user:

{query}

Based on the user's preference, is the following movie suitable to the user?

Movie: {passage}

The answer must be Y or N. Give the answer after Answer: .`,
  labels: ['Y', 'N'],
  place: 'appendix A.2',
});

/** Conversational recommendation, pairwise (paper A.2). */
export const CONVERSATION_PAIRWISE = ofPaper('pairwise', {
  id: 'paper-conversation-pairs',
  name: 'Recommendation (pairwise)',
  text: `Question: Given the conversation history between the recommender and the user:

{query}

Based on the user's preference, which of the following two movies is more suitable to the user?

Movie A: {passage_a}

Movie B: {passage_b}

The answer must be A or B. Give the answer after the Answer: .`,
  labels: ['A', 'B'],
  place: 'appendix A.2',
});

export const PRESETS: readonly PromptTemplate[] = [
  PRP,
  RELEVANCE,
  STUDENT,
  MONO_T5,
  CONVERSATION_POINTWISE,
  CONVERSATION_PAIRWISE,
];
