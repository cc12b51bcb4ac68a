/** What is asked of a run, what it tells while it goes, and what it says at the end. */
import type { Dtype, ScorerInfo } from '../../src/inference/scorer.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import type { RemoteEstimate } from '../../src/ranking/remote-estimate.ts';
import type { GivenChoices } from '../../src/ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import type { Resources } from '../node/machine.ts';
import type { RemoteRequest, RemoteUse } from '../scoring/asked-model.ts';
import type { Estimate, Plan } from '../scoring/measure-calls.ts';
import type { RankFormat } from './write-results.ts';

/** With the choices of the method's schedule. */
export interface RankRequest extends GivenChoices {
  /** Folder; absent where a service is asked. */
  readonly checkpoint?: string;
  /** A service instead of a checkpoint. */
  readonly remote?: RemoteRequest;
  readonly method: MethodId;
  readonly input: string;
  /** Absent: a dry run. */
  readonly output?: string;
  /** Only checks, measures and estimates what is left of `output`; writes nothing. */
  readonly dryRun?: boolean;
  readonly format: RankFormat;
  /** One JSON value a line; absent: where there are several queries. */
  readonly lines?: boolean;
  readonly dtype?: Dtype;
  readonly threads?: number;
  /** Candidates of a query that are read; absent: all. */
  readonly k?: number;
  /** As BEIR does: without passages that have their query's own id. */
  readonly leaveOutIdenticalIds?: boolean;
  /** Queries that leave no room for passages are cut instead of refused. */
  readonly cutQueries?: boolean;
  readonly trueProbabilities?: boolean;
  /** A template's id or a file. */
  readonly template?: string;
  /** Also a checkpoint that was never trained on the method's kind of prompt. */
  readonly untrained?: boolean;
  readonly signal?: AbortSignal;
}

/** What is left of a run: work, and bytes of the output and of what is kept while it grows. */
export interface RankEstimate extends Estimate, Resources {
  /** What the machine has. */
  readonly free: Resources;
}

export interface RankListener {
  /** Before a service is asked, and in a dry run. */
  estimatedRemote?(estimate: RemoteEstimate, service: string): void;
  /** Before long work, and always in a dry run. */
  estimated?(estimate: RankEstimate): void;
  notice?(text: string): void;
  progress?(done: number, planned: number, query: string): void;
}

/** `--json` prints it. Seconds are wall time. */
export interface RankSummary {
  readonly command: 'rank';
  readonly state: 'done' | 'cancelled' | 'dry-run';
  readonly method: MethodId;
  readonly template: PromptTemplate;
  /** Whether the checkpoint was trained on this wording; of a service nothing is known. */
  readonly trainedTemplate?: boolean;
  readonly checkpoint: ScorerInfo;
  readonly queries: { readonly total: number; readonly done: number; readonly resumed: number };
  readonly calls: Plan & { readonly asked: number; readonly cached: number };
  readonly tokens: number;
  readonly seconds: { readonly load: number; readonly compile: number; readonly rank: number };
  /** Passages that were cut to fit, counted once a query. */
  readonly cutPassages: number;
  /** Queries that were cut to leave room for passages. */
  readonly cutQueries: number;
  readonly estimate?: RankEstimate;
  readonly remoteEstimate?: RemoteEstimate;
  /** What this run asked of a service. */
  readonly remote?: RemoteUse;
  readonly output?: string;
  readonly format: RankFormat;
  /** What speaks against the rankings being an answer at all; absent where nothing does. */
  readonly doubts?: readonly string[];
}
