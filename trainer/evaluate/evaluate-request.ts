/** What an evaluation of methods is asked, tells while it goes, and says at the end. */

import type { BaselineId } from '../../src/evaluation/baselines/baselines.ts';
import type { PoolOptions } from '../../src/evaluation/baselines/popular-pool.ts';
import type { Difference } from '../../src/evaluation/compare-rows.ts';
import type { Dtype, ScorerInfo } from '../../src/inference/scorer.ts';
import type { Fusion } from '../../src/ranking/fusion.ts';
import type { MethodId } from '../../src/ranking/methods/registry.ts';
import type { RemoteEstimate } from '../../src/ranking/remote-estimate.ts';
import type { GivenChoices } from '../../src/ranking/schedules/choices.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import type { Bm25Params } from '../../src/retrieval/types.ts';
import type { SourceRequest } from '../input/source.ts';
import type { Resources } from '../node/machine.ts';
import type { RemoteRequest } from '../scoring/asked-model.ts';
import type { PassageEdit } from '../scoring/choose-template.ts';

/** What a row ranks by: a model's method, the first stage, or an order that asks no model. */
export type RowMethod = MethodId | 'bm25' | BaselineId;

/** A method as asked for: `bm25`, `random`, `rg`, or `rg@TEMPLATE` for another wording. */
export interface MethodSpec {
  readonly id: RowMethod;
  /** The name it was asked for by, an id of before a renaming perhaps: its row and its files have it too. Absent: the id. */
  readonly asked?: string;
  /** A template's id or a file. */
  readonly template?: string;
  /** What differs from that template in the writing of passages. */
  readonly passages?: PassageEdit;
  /** Folder of the one checkpoint that is asked so; absent: all. */
  readonly only?: string;
  /** The row's name in tables; absent: made of checkpoint and method. */
  readonly name?: string;
}

/** What differs for one set of `data`, in the same order; absent fields are as for all sets. */
export interface SetOptions extends Pick<SourceRequest, 'queries' | 'qrels' | 'run' | 'split' | 'limit'> {
  /** For tables and files. */
  readonly name?: string;
}

/** With the choices of the methods' schedules. */
export interface EvaluateRequest extends GivenChoices {
  /** BEIR folders; corpus files where `sets` has their queries and judgments. */
  readonly data: readonly string[];
  readonly sets?: readonly SetOptions[];
  /** Lists of candidates, one file a folder, instead of BM25 over its corpus. */
  readonly candidates?: readonly string[];
  /** What is added to what BM25 finds, and which queries are left out; absent: nothing. */
  readonly pool?: PoolOptions;
  readonly checkpoints: readonly string[];
  /** A service that is asked as well. */
  readonly remote?: RemoteRequest;
  readonly methods: readonly MethodSpec[];
  /** Candidates of a query that are re-ranked. */
  readonly k: number;
  readonly split?: string;
  readonly limit?: number;
  readonly output: string;
  readonly dtype?: Dtype;
  readonly threads?: number;
  readonly trueProbabilities?: boolean;
  /** Also pairs of checkpoint and method whose kind of prompt the checkpoint never saw. */
  readonly untrained?: boolean;
  readonly skipFaulty?: boolean;
  /** Passages with their query's own id stay among its candidates: see input/identical-ids.ts. */
  readonly keepIdenticalIds?: boolean;
  /** Queries that leave a model no room for passages are cut for it instead of refused. */
  readonly cutQueries?: boolean;
  readonly bm25: Bm25Params;
  /** How every row of a model is fused with the first stage, in rows of their own. */
  readonly fuse?: readonly Fusion['by'][];
  /** λ of interpolation: the re-ranker's share. */
  readonly fuseWeight?: number;
  /** Judgments of each folder on which λ is chosen instead, row by row. */
  readonly tune?: string;
  /** Of the random order, and of shuffled candidates. */
  readonly seed?: number;
  /**
   * Also every method that sorts by comparisons with the candidates in a random order: what falls back to the order it
   * began with then falls back to chance.
   */
  readonly shuffled?: boolean;
  /** File with how often passages are mentioned; absent: one beside the corpus. */
  readonly popularity?: string;
  readonly measures: readonly string[];
  readonly compared: string;
  /** Name of a row; absent: BM25 where it is asked for, else the first. */
  readonly baseline?: string;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Work that is still to be done for one row of one set, from a measured probe. */
export interface RowEstimate {
  readonly set: string;
  readonly row: string;
  readonly calls: number;
  readonly upperBound: boolean;
  readonly queries: number;
  readonly seconds: number;
  readonly callsPerSecond: number;
  /** Of a service: nothing is measured before it is asked. */
  readonly remote?: RemoteEstimate & { readonly service: string };
}

/** All rows together. Memory is the most of the process so far, each model and its measured prompts included. */
export interface EvaluateEstimate extends Resources {
  readonly rows: readonly RowEstimate[];
  readonly calls: number;
  readonly upperBound: boolean;
  readonly seconds: number;
  /** What the machine has. */
  readonly free: Resources;
}

export interface EvaluateListener {
  notice?(text: string): void;
  /** Before the work where that is long, and always in a dry run. */
  estimated?(estimate: EvaluateEstimate): void;
  progress?(done: number, total: number, what: string): void;
}

/** One row of results.json: a method with a checkpoint on a set. */
export interface ResultRow {
  readonly set: string;
  /** As in the table and in --baseline. */
  readonly name: string;
  readonly method: RowMethod;
  /** Fused with the first stage; of interpolation with the judgments that λ was chosen on, if it was. */
  readonly fusion?: Fusion & { readonly tunedOn?: string };
  /** The candidates were put into a random order first, drawn with this seed. */
  readonly shuffled?: { readonly seed: number };
  /** Of the random order: what it was drawn with, and its Acc@1 on average over all orders. */
  readonly random?: { readonly seed: number; readonly expectedAccuracy: number };
  readonly checkpoint: (ScorerIdentity & { readonly folder?: string }) | null;
  readonly template: PromptTemplate | null;
  readonly trainedTemplate?: boolean;
  /** Judged queries averaged over. */
  readonly queries: number;
  readonly measures: Readonly<Record<string, number>>;
  /** Query → values in the order of the measures. */
  readonly perQuery: Readonly<Record<string, readonly number[]>>;
  readonly callsPerQuery?: number;
  /** Wall seconds, warm, of the queries that have candidates. */
  readonly secondsPerQuery?: number;
  readonly tokensPerCall?: number;
  /** Passages cut to fit, as a share of all candidates. */
  readonly cutShare?: number;
  /** Queries that were cut to leave room for passages; absent: none. */
  readonly cutQueries?: number;
  /** Mean Kendall τ to the row named. */
  readonly tau?: { readonly to: string; readonly value: number };
  readonly difference?: Difference;
  /** TREC run, relative to the output folder. */
  readonly run: string;
}

/** Of a service its host, and not what would say how it computes. */
export type ScorerIdentity = Pick<ScorerInfo, 'name' | 'digest'> &
  Partial<Pick<ScorerInfo, 'dtype' | 'device' | 'threads' | 'runtime' | 'service'>>;
