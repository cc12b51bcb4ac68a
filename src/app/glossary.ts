/** The words a beginner meets on the screen, each in one sentence. Shown by `Term` and listed in Help. */

export const glossary = {
  bm25: [
    'BM25',
    'BM25 scores a passage by the query words in it: rare words count more, each repetition counts less, and long passages are marked down.',
  ],
  pointwise: [
    'Pointwise',
    'A pointwise method scores each passage on its own, with the query: one call per passage.',
  ],
  rg: [
    'Relevance generation',
    'Relevance generation asks the model Yes or No about each passage and ranks by how strongly it leans to Yes.',
  ],
  prp: [
    'PRP',
    'Pairwise ranking prompting (PRP) asks a language model which of two passages is more relevant, and builds a ranking from the answers.',
  ],
  topk: [
    'Exact top k',
    'Exact top k asks only the calls that can still change the first k places: these are the same as with all pairs, in the same order; below them passages stand by what is known so far, an open call counting half.',
  ],
  sparse: [
    'Sparse comparisons',
    'Sparse comparisons ask a random sample of the pairs that connects all passages, and Bradley–Terry makes an order of the answers: many passages for the calls that all pairs of a few would take.',
  ],
  strength: [
    'Strength',
    'Strength is Bradley–Terry’s: the wins and losses of a passage, weighed by how strong its opponents were. It is in logits with mean 0: a passage that is 1 above another is expected to win 73 % of their comparisons.',
  ],
  setwise: [
    'Setwise',
    'Setwise ranking shows a language model several passages at once, A, B, C …, and reads from the logits of these letters which one is the best; a sort decides which passages are shown together.',
  ],
  listwise: [
    'Listwise',
    'Listwise ranking has a language model write the order of a window of passages, “[2] > [1] > [3]”; the window slides from the bottom of the list to the top. Answers that leave passages out or repeat them are repaired.',
  ],
  reciprocal: [
    '1 / rank',
    'A listwise answer has places and no scores: the first passage gets 1, the second 1/2, the third 1/3.',
  ],
  rerank: [
    'Rerank service',
    'A rerank service gets the query and all passages in one request and gives each a score; its model and wording are its own.',
  ],
  relevance: [
    'Relevance',
    'The score that a rerank service gave: the higher, the more relevant, on a scale of its own.',
  ],
  logit: [
    'Logit',
    'A logit is the model’s raw score for an answer word, before it becomes a probability: the higher, the surer the model is.',
  ],
  yesNo: [
    'Yes − No',
    'The logit of Yes minus the logit of No: above 0 the model leans to Yes, below 0 to No.',
  ],
  monot5: [
    'monoT5',
    'monoT5 is a T5 trained to say true or false of one passage; its score is how probable true is of the two.',
  ],
  logTrue: [
    'log p(true)',
    'The logarithm of the probability of true against false: 0 is certain, −0.69 is undecided, lower is false.',
  ],
  qlm: [
    'Query likelihood',
    'Query likelihood asks how probable it is that a question about the passage would be this query: the passage is read, and the query’s own words are scored.',
  ],
  meanLogP: [
    'Mean log p',
    'The mean logarithm of the probability of each word piece of the query: 0 is certain, and the lower, the less the passage leads to the query.',
  ],
  crossEncoder: [
    'Cross-encoder',
    'A cross-encoder is a small model that reads query and passage together and was trained to say how relevant one is to the other: one call per passage, and no prompt.',
  ],
  relevanceLogit: [
    'Relevance logit',
    'What a cross-encoder says of query and passage, before it becomes a probability: the higher, the more relevant. Where it has two labels, the logit of the relevant one minus the other’s.',
  ],
  rrf: [
    'Reciprocal rank fusion',
    'Reciprocal rank fusion adds 1 / (60 + place) of two rankings: what both put high comes first, whatever their scores are.',
  ],
  fusedScore: [
    'Fused score',
    'The scores of the method and of BM25, each with mean 0 and deviation 1 over the candidates, and weighted: λ for the method, 1 − λ for BM25.',
  ],
  wins: [
    'Wins',
    'How many comparisons a passage won: every pair is compared in both orders, so n passages can win up to 2(n − 1) each; a tie counts half.',
  ],
  points: [
    'Points',
    'Heapsort and the sliding window find an order, not a score: of n passages the first gets n points and the last gets 1.',
  ],
  ndcg: [
    'nDCG',
    'nDCG compares a ranking with the best possible one: 1 is the best order of the graded passages, and mistakes near the top cost the most.',
  ],
  judged: [
    'Judged',
    'A passage is judged when somebody has graded it for this query; nDCG treats the others as not relevant.',
  ],
  gain: [
    'Gain',
    'The gain is what a grade is worth in nDCG: linear gain counts the grade itself, exponential gain counts 2^grade − 1.',
  ],
  tau: [
    'τ (Kendall’s tau)',
    'Kendall’s τ says how far two rankings agree, ties counted as ties (τ-b): 1 is the same order, 0 is no relation, −1 is the reverse.',
  ],
  wasm: ['WASM', 'WASM (WebAssembly) runs the model on the processor, inside the browser.'],
  webgpu: ['WebGPU', 'WebGPU runs the model on the graphics card, inside the browser.'],
  int8: [
    'int8',
    'The model’s weights and activations are 8-bit whole numbers: smaller and faster than 32-bit ones, and slightly less exact.',
  ],
  q8: [
    'q8',
    'The model’s weights are stored as 8-bit numbers in small blocks and calculated with as 32-bit ones.',
  ],
  q4: [
    'q4',
    'The model’s weights are stored as 4-bit numbers in small blocks: an eighth of the size, and less exact.',
  ],
  fp32: [
    'fp32',
    'The model’s weights are 32-bit floating-point numbers, as it was trained: exact, and the largest.',
  ],
} as const satisfies Readonly<Record<string, readonly [term: string, sentence: string]>>;

export type TermId = keyof typeof glossary;

export const isTerm = (id: string): id is TermId => Object.hasOwn(glossary, id);
