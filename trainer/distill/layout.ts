/** Where a distillation keeps what: results at the top of the folder, its own records in work/. */
import { join } from 'node:path';

export const STAGES = ['candidates', 'label', 'train', 'evaluate', 'export'] as const;
export type StageName = (typeof STAGES)[number];

export interface Layout {
  readonly output: string;
  /** The resolved recipe with digests. */
  readonly recipe: string;
  readonly candidates: string;
  readonly labels: string;
  /** The label file of a shard, counted from 1. */
  shard(index: number, of: number): string;
  /** The trained checkpoint in fp32, and its log and states: what `export` reads. */
  readonly train: string;
  /** What is known of the training. */
  readonly trained: string;
  readonly evaluation: string;
  readonly student: string;
  /** Queries that are distilled, and those held out with their judgments. */
  readonly trainingQueries: string;
  readonly heldOutQueries: string;
  readonly heldOutQrels: string;
  /** The student as it is evaluated: its final files with a card that has no results yet. */
  readonly evaluated: string;
  /** What that was made from. */
  readonly evaluatedOf: string;
  /** Differences between the rows of the table. */
  readonly differences: string;
  readonly card: string;
  record(stage: StageName): string;
}

export function layoutOf(output: string): Layout {
  const at = (...path: string[]) => join(output, ...path);
  return {
    output,
    recipe: at('recipe.json'),
    candidates: at('candidates.jsonl'),
    labels: at('labels.jsonl'),
    shard: (index, of) => (of === 1 ? at('labels.jsonl') : at(`labels-${index}of${of}.jsonl`)),
    train: at('train'),
    trained: at('work', 'trained.json'),
    evaluation: at('evaluation'),
    student: at('student'),
    trainingQueries: at('work', 'training-queries.jsonl'),
    heldOutQueries: at('work', 'held-out-queries.jsonl'),
    heldOutQrels: at('work', 'held-out-qrels.tsv'),
    evaluated: at('work', 'student'),
    evaluatedOf: at('work', 'student.json'),
    differences: at('work', 'differences.json'),
    card: at('work', 'card.json'),
    record: (stage) => at('work', `${stage}.json`),
  };
}
