/** What labelling is asked, tells while it goes, and says at the end. */

import type { SourceInfo } from '../../src/formats/label-line.ts';
import type { QueryList } from '../input/lists.ts';
import type { Shard } from '../input/shard.ts';
import type { Resources } from '../node/machine.ts';
import type { Estimate } from '../scoring/measure-calls.ts';
import type { Audit } from './audit.ts';
import type { LabelSource } from './source.ts';

export interface LabelRequest {
  readonly input: string;
  /** Absent: a dry run. */
  readonly output?: string;
  /** Only checks, measures and estimates what is left of `output`; writes nothing. */
  readonly dryRun?: boolean;
  /** Reads the first so many candidates of each query. */
  readonly k?: number;
  /** As BEIR does: without passages that have their query's own id. */
  readonly leaveOutIdenticalIds?: boolean;
  readonly shard?: Shard;
  /** The source, given all lists of the input, before a shard is taken. */
  source(lists: readonly QueryList[]): Promise<LabelSource>;
  /** InstructDistill's permutation file and training lists, written from the finished labels. */
  readonly permutationsOutput?: string;
  readonly listsOutput?: string;
  readonly signal?: AbortSignal;
}

export interface LabelEstimate extends Estimate {
  readonly unit: LabelSource['unit'];
  readonly queries: number;
  /** Bytes of the output that are still to be written. */
  readonly outputBytes: number;
  /** What the machine has. */
  readonly free: Resources;
}

export interface LabelListener {
  notice?(text: string): void;
  estimated?(estimate: LabelEstimate): void;
  progress?(done: number, total: number, unit: string, query: string): void;
}

/** `--json` prints it. Seconds are wall time of this run. */
export interface LabelSummary {
  readonly command: 'label';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly source: SourceInfo;
  readonly queries: { readonly total: number; readonly done: number; readonly resumed: number };
  readonly shard?: Shard;
  readonly seconds: number;
  readonly estimate?: LabelEstimate;
  /** When done: of the whole output. */
  readonly audit?: Audit;
  readonly output?: string;
  readonly auditOutput?: string;
}
