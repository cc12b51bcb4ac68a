/** Where to read on, by title: each paper is the source of what a lesson shows. */

export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  /** What one finds there. */
  readonly gives: string;
}

export const PAPERS: readonly Paper[] = [
  {
    title: 'Introduction to Information Retrieval',
    authors: 'Manning, Raghavan and Schütze',
    year: 2008,
    gives: 'The textbook to begin with: indexes, weights, evaluation.',
  },
  {
    title: 'The Probabilistic Relevance Framework: BM25 and Beyond',
    authors: 'Robertson and Zaragoza',
    year: 2009,
    gives: 'Where the formula of lesson 1 comes from.',
  },
  {
    title: 'Pretrained Transformers for Text Ranking: BERT and Beyond',
    authors: 'Lin, Nogueira and Yates',
    year: 2021,
    gives: 'The whole field of rerankers, as a book.',
  },
  {
    title: 'Document Ranking with a Pretrained Sequence-to-Sequence Model',
    authors: 'Nogueira, Jiang, Pradeep and Lin',
    year: 2020,
    gives: 'monoT5: relevance read off the logits of an answer, as in lesson 2.',
  },
  {
    title: 'Improving Passage Retrieval with Zero-Shot Question Generation',
    authors: 'Sachan and others',
    year: 2022,
    gives: 'Query likelihood: how probable the query is, given the passage (lesson 2).',
  },
  {
    title: 'Large Language Models are Effective Text Rankers with Pairwise Ranking Prompting',
    authors: 'Qin and others',
    year: 2023,
    gives: 'PRP, with all pairs, heapsort and sliding window (lessons 3 to 5).',
  },
  {
    title: 'Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons',
    authors: 'Bradley and Terry',
    year: 1952,
    gives: 'The strengths of lesson 4.',
  },
  {
    title: 'Instruction Distillation Makes Large Language Models Efficient Zero-shot Rankers',
    authors: 'Sun and others',
    year: 2023,
    gives: 'The paper that the Playground follows: teacher, student and Eq. 2 to 5 (lesson 6).',
  },
  {
    title: 'Learning to Rank using Gradient Descent',
    authors: 'Burges and others',
    year: 2005,
    gives: 'RankNet, the loss of lesson 6.',
  },
  {
    title: 'Is ChatGPT Good at Search? Investigating Large Language Models as Re-Ranking Agents',
    authors: 'Sun and others',
    year: 2023,
    gives: 'Listwise ranking: a window of passages put in order in one answer.',
  },
  {
    title:
      'A Setwise Approach for Effective and Highly Efficient Zero-shot Ranking with Large Language Models',
    authors: 'Zhuang and others',
    year: 2024,
    gives: 'The best of several passages in one call.',
  },
  {
    title: 'Cumulated gain-based evaluation of IR techniques',
    authors: 'Järvelin and Kekäläinen',
    year: 2002,
    gives: 'DCG and nDCG (lesson 7).',
  },
  {
    title: 'A Comparison of Statistical Significance Tests for Information Retrieval Evaluation',
    authors: 'Smucker, Allan and Carterette',
    year: 2007,
    gives: 'When a difference between two systems means something (lesson 7).',
  },
  {
    title: 'BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models',
    authors: 'Thakur and others',
    year: 2021,
    gives: 'Eighteen collections to try all of this on.',
  },
];
