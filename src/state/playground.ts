/**
 * What the screen can ask for. Components import `playground` and the stores; `startPlayground`
 * (start.ts) is called once by the page and puts the orchestrator behind these calls.
 */

import type { Recording } from '../formats/recording/recording.ts';
import type { ScorerSlot } from '../workers/types.ts';
import type { ColumnId, ShorterRun } from './run/run.ts';

export interface Playground {
  /** BM25, then student, then teacher, one after the other. Replaces a running one. */
  rank(): void;
  /** Like rank, with student and teacher at the same time. */
  race(): void;
  /** Ends what is running; what has been ranked stays. */
  cancel(): void;
  /** Goes on with the columns that were cancelled or failed, without asking anything twice. */
  resume(column?: ColumnId): void;
  /** Has student and teacher rank the same candidates again without kept answers, so that their times are measured. */
  measureAgain(): void;
  /** Ranks all judged queries of the sample (query-set/), or resumes that; the columns are left alone. */
  rankAll(): void;
  cancelAll(): void;
  /** Starts the run that `needsConfirmation` holds back. */
  confirm(): void;
  /** Starts one of the shorter runs that were offered in its place. */
  rankShorter(settings: ShorterRun['settings']): void;
  dismissConfirmation(): void;
  dismissMessage(): void;
  /** Loads a model again after an error. */
  retryModel(slot: ScorerSlot): void;
  /** Reads and indexes the corpus again after an error. */
  retryCorpus(): void;
  /** One TREC run with a tag per method. Partial runs export what they have. */
  trecRun(): string;
  decisionsJson(): string;
  /** What the columns show, or the recording that stands there. */
  shared(): Recording;
}

let current: Playground | undefined;

export function installPlayground(real: Playground | undefined): void {
  current = real;
}

function real(): Playground {
  if (!current) throw new Error('The playground has not been started: call startPlayground() first.');
  return current;
}

export const playground: Playground = {
  rank: () => real().rank(),
  race: () => real().race(),
  cancel: () => real().cancel(),
  resume: (column) => real().resume(column),
  measureAgain: () => real().measureAgain(),
  rankAll: () => real().rankAll(),
  cancelAll: () => real().cancelAll(),
  confirm: () => real().confirm(),
  rankShorter: (settings) => real().rankShorter(settings),
  dismissConfirmation: () => real().dismissConfirmation(),
  dismissMessage: () => real().dismissMessage(),
  retryModel: (slot) => real().retryModel(slot),
  retryCorpus: () => real().retryCorpus(),
  trecRun: () => real().trecRun(),
  decisionsJson: () => real().decisionsJson(),
  shared: () => real().shared(),
};
