import type { OptionValues } from '../cli/args.ts';
import { BM25_OPTIONS } from './bm25-options.ts';

export const EVALUATE_OPTIONS = {
  run: { type: 'string', multiple: true },
  qrels: { type: 'string' },
  level: { type: 'string' },
  depth: { type: 'string' },
  'only-retrieved': { type: 'boolean', default: false },
  data: { type: 'string', multiple: true },
  candidates: { type: 'string', multiple: true },
  checkpoint: { type: 'string', multiple: true },
  methods: { type: 'string' },
  untrained: { type: 'boolean', default: false },
  k: { type: 'string' },
  output: { type: 'string' },
  split: { type: 'string' },
  limit: { type: 'string' },
  ...BM25_OPTIONS,
  'skip-faulty': { type: 'boolean', default: false },
  'cut-queries': { type: 'boolean', default: false },
  'keep-identical-ids': { type: 'boolean', default: false },
  'leave-out-identical-ids': { type: 'boolean', default: false },
  passes: { type: 'string' },
  'true-probabilities': { type: 'boolean', default: false },
  dtype: { type: 'string' },
  threads: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  metrics: { type: 'string' },
  compare: { type: 'string' },
  baseline: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export type EvaluateValues = OptionValues<typeof EVALUATE_OPTIONS>;

/** Options of the other door: given here they would be passed over, and people would not know. */
export function strangers(values: EvaluateValues, names: readonly (keyof EvaluateValues)[]): string[] {
  return names
    .filter((name) => values[name] !== undefined && values[name] !== false)
    .map((name) => `--${name}`);
}
