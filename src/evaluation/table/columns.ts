/** The columns that a table of an evaluation can have: measures, agreement, costs. */
import { heading } from '../headings.ts';

/** How a value is written: shares as .943, τ and differences with a sign, counts, seconds, operations. */
export type ValueStyle = 'share' | 'signed' | 'count' | 'seconds' | 'operations' | 'rate';

export interface ColumnSpec {
  readonly id: string;
  readonly heading: string;
  readonly group: 'measures' | 'agreement' | 'cost';
  readonly style: ValueStyle;
  /** Which value is the best one; none: a value says nothing of better and worse. */
  readonly best: 'high' | 'low' | null;
  /** In a sentence, for people who do not know it. */
  readonly help: string;
}

const measure = (id: string, help: string): ColumnSpec => ({
  id,
  heading: heading(id),
  group: 'measures',
  style: 'share',
  best: 'high',
  help,
});

/** Measures of trec_eval, by the names of src/evaluation/metric-names.ts. */
export const MEASURES = [
  measure('ndcg@1', 'Normalised discounted cumulative gain of the first place, gain = grade.'),
  measure('ndcg@5', 'Normalised discounted cumulative gain of the first 5 places, gain = grade.'),
  measure('ndcg@10', 'Normalised discounted cumulative gain of the first 10 places, gain = grade.'),
  measure('recip_rank@10', '1 / rank of the first relevant passage among the first 10.'),
  measure('map', 'Mean average precision over all places.'),
  measure('recall@10', 'Relevant passages among the first 10, as a share of all that are relevant.'),
  measure('recall', 'Relevant passages among the candidates, as a share of all that are relevant.'),
  measure('precision@10', 'Share of the first 10 that is relevant.'),
  measure('accuracy@1', 'Share of queries whose first passage is relevant.'),
] as const;

export const MEASURE_IDS: readonly string[] = MEASURES.map(({ id }) => id);

const cost = (
  id: string,
  head: string,
  style: ValueStyle,
  help: string,
  best: ColumnSpec['best'] = 'low',
): ColumnSpec => ({ id, heading: head, group: 'cost', style, best, help });

const agreement = (id: string, head: string, style: ValueStyle, help: string): ColumnSpec => ({
  id,
  heading: head,
  group: 'agreement',
  style,
  best: null,
  help,
});

export const COLUMNS: readonly ColumnSpec[] = [
  ...MEASURES,
  agreement(
    'unjudged@10',
    'Unjudged@10',
    'share',
    'Share of the first 10 that nobody has judged: unknown, not bad.',
  ),
  agreement('tau', 'τ', 'signed', 'Kendall’s τ to the order of the chosen row: 1 the same, −1 the reverse.'),
  agreement(
    'rbo',
    'RBO',
    'share',
    'Rank-biased overlap with the chosen row (p = 0.9): the first places count most.',
  ),
  cost('calls', 'Calls', 'count', 'Answers of the model a query, made now or kept from earlier.'),
  cost('tokens', 'Tokens', 'count', 'Input tokens a query, padding not counted.'),
  cost(
    'padded',
    'Padded tokens',
    'count',
    'Input positions a query, the padding of batches included; of queries without kept answers.',
  ),
  cost('median', 'Median time', 'seconds', 'Median of the seconds a query, warm.'),
  cost('p95', 'p95 time', 'seconds', '95th percentile of the seconds a query, warm.'),
  cost(
    'flops',
    'FLOPs',
    'operations',
    'Estimated floating-point operations a query, from the model’s size and the tokens.',
  ),
  cost('rpp', 'RPP', 'rate', 'nDCG@10 per petaFLOP: a cheap poor ranker has a high one.', null),
  cost('qpp', 'QPP', 'rate', 'Queries per petaFLOP.', null),
];

export const columnNamed = (id: string): ColumnSpec | undefined => COLUMNS.find((column) => column.id === id);

/** What is shown until people choose: readable on a screen of 1440 pixels. */
export const DEFAULT_COLUMNS: readonly string[] = [
  'ndcg@1',
  'ndcg@5',
  'ndcg@10',
  'recip_rank@10',
  'map',
  'accuracy@1',
  'unjudged@10',
  'tau',
  'calls',
  'tokens',
  'median',
  'p95',
];
