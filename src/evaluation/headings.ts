/** Names of measures as people know them. */

const NAMES: Readonly<Record<string, string>> = {
  ndcg: 'nDCG',
  recip_rank: 'MRR',
  map: 'MAP',
  accuracy: 'Acc',
  precision: 'P',
  recall: 'Recall',
  success: 'Success',
};

/** `ndcg@10` → `nDCG@10`. */
export function heading(measure: string): string {
  const [base = '', ...rest] = measure.split('@');
  return [NAMES[base] ?? base, ...rest].join('@');
}
