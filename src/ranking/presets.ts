/**
 * The wordings of the Instruction Distillation paper (appendix A.1 and A.2; the published code where
 * it differs) and of monoT5, as starting points that people edit. Blank lines are part of the wording.
 * Where the paper's slot is {movie}, ours is {passage}: a movie's description is the passage.
 */
import type { LabelTemplate, PromptTemplate, TemplateOf } from './template.ts';

/** The published code keeps this many words of a passage. */
const KEPT_WORDS = { pointwise: 200, pairwise: 100 } as const;

type Wording = Pick<LabelTemplate, 'id' | 'name' | 'text' | 'labels'> & {
  readonly decoderPrefix?: string;
  /** Where in the paper. */
  readonly place: string;
};

function ofPaper<K extends LabelTemplate['kind']>(
  kind: K,
  { id, name, text, decoderPrefix = '', labels, place }: Wording,
): TemplateOf<K> {
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
  } as LabelTemplate as TemplateOf<K>;
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
export const MONO_T5: TemplateOf<'pointwise'> = {
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

/** Setwise (Zhuang et al. 2024): which of several passages is the best; as their code asks FLAN-T5. */
export const SETWISE: TemplateOf<'setwise'> = {
  id: 'setwise',
  version: 1,
  name: 'Setwise (A, B, C …)',
  kind: 'setwise',
  text: `Given a query "{query}", which of the following passages is the most relevant one to the query?

{passages}

Output only the passage label of the most relevant passage:`,
  item: 'Passage {label}: "{passage}"',
  decoderPrefix: 'Passage',
  labels: [...'ABCDEFGHIJKLMNOPQRSTUVW'],
  // Their code cuts to 128 tokens.
  maxPassageWords: KEPT_WORDS.pairwise,
  source: 'Zhuang et al. 2024, A Setwise Approach for Zero-shot Ranking with Large Language Models',
};

/** RankGPT's instruction as one text, for models that complete it rather than chat. */
export const RANK_GPT: TemplateOf<'listwise'> = {
  id: 'rankgpt',
  version: 1,
  name: 'Listwise (RankGPT)',
  kind: 'listwise',
  text: `This is RankGPT, an intelligent assistant that can rank passages based on their relevancy to the query.

The following are {count} passages, each indicated by number identifier []. I can rank them based on their relevance to query: {query}

{passages}

The search query is: {query}
I will rank the {count} passages above based on their relevance to the search query. The passages will be listed in descending order using identifiers, and the most relevant passages should be listed first, and the output format should be [] > [] > etc, e.g., [1] > [2] > etc.

The ranking results of the {count} passages (only identifiers) is:`,
  item: '[{number}] {passage}',
  decoderPrefix: '',
  maxPassageWords: 300,
  source: 'Sun et al. 2023, Is ChatGPT Good at Search? (RankGPT), published code',
};

/** Conversational recommendation, listwise (paper A.2): the number of the best one alone is asked for. */
export const CONVERSATION_LISTWISE: TemplateOf<'listwise'> = {
  id: 'paper-conversation-list',
  version: 1,
  name: 'Recommendation (listwise)',
  kind: 'listwise',
  text: `Question: Given the conversation history between the recommender and the user:

{query}

Based on the user's preference, which of the following movies is the most suitable for the user?

{passages}

Answer the question with the number of the movie. The answer will include one and only one number. Give the answer after Answer: .`,
  item: '[{number}]: {passage}',
  answer: 'best',
  decoderPrefix: '',
  maxPassageWords: KEPT_WORDS.pairwise,
  source: 'Instruction Distillation, appendix A.2',
};

/** Query generation (UPR): how likely the query is after the passage. */
export const QUERY_GENERATION: TemplateOf<'likelihood'> = {
  id: 'upr',
  version: 1,
  name: 'Query generation (UPR)',
  kind: 'likelihood',
  text: 'Passage: {passage}. Please write a question based on this passage.',
  target: '{query}',
  decoderPrefix: '',
  maxPassageWords: KEPT_WORDS.pointwise,
  source: 'Sachan et al. 2022, Improving Passage Retrieval with Zero-Shot Question Generation',
};

export const PRESETS: readonly PromptTemplate[] = [
  PRP,
  RELEVANCE,
  STUDENT,
  MONO_T5,
  CONVERSATION_POINTWISE,
  CONVERSATION_PAIRWISE,
  SETWISE,
  RANK_GPT,
  CONVERSATION_LISTWISE,
  QUERY_GENERATION,
];
