/** Numbers of the paper, as it prints them (Table 1: re-ranking BM25's first 100 on TREC DL 2019 and 2020). */

export interface PaperRow {
  readonly method: string;
  readonly model: string;
  readonly secondsPerQuery: string;
  /** nDCG@10, times 100. */
  readonly dl19: string;
  readonly dl20: string;
}

export const PAPER =
  'Sun et al.: Instruction Distillation Makes Large Language Models Efficient Zero-shot Rankers (2023)';

const row = (
  method: string,
  model: string,
  secondsPerQuery: string,
  dl19: string,
  dl20: string,
): PaperRow => ({
  method,
  model,
  secondsPerQuery,
  dl19,
  dl20,
});
const [RG, PRP, ID] = ['Relevance generation', 'PRP, all pairs', 'Instruction distillation'] as const;

export const PAPER_ROWS: readonly PaperRow[] = [
  row(RG, 'Base', '0.12', '47.43', '48.32'),
  row(PRP, 'Base', '21.51', '51.45', '48.36'),
  row(ID, 'Base', '0.12', '57.30', '53.09'),
  row(RG, 'Large', '1.10', '48.41', '46.67'),
  row(PRP, 'Large', '49.19', '66.58', '61.51'),
  row(ID, 'Large', '1.10', '69.81', '62.80'),
  row(RG, 'XL', '1.30', '52.85', '49.07'),
  row(PRP, 'XL', '112.12', '70.58', '67.21'),
  row(ID, 'XL', '1.30', '71.92', '69.29'),
];
